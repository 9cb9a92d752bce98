/** Examples to draw anew, and what a net is shown of them. */
import { scorePosition } from '#engine/go/scoring.ts';
import type { Position } from '#engine/go/position.ts';
import { disposeBatch } from '#nets/batch.ts';
import { OWN_FEATURES } from '#nets/features/feature-set.ts';
import { buildDataset } from '#training/dataset.ts';
import type { GameSamples } from '#training/dataset.ts';
import { makeBatch } from '#training/example.ts';
import type { Example } from '#training/example.ts';
import { packPositions } from '#training/packed-positions.ts';
import { randomGame } from '../games.ts';

export function gameOf(...game: Parameters<typeof randomGame>): GameSamples {
  const records = [randomGame(...game)];
  return buildDataset([{ path: 'x', records }], { features: OWN_FEATURES, holdOut: 0, trainShare: 1 })
    .train[0];
}

/** All tensors of a batch of one example. */
export function shown(example: Example): number[][] {
  const batch = makeBatch([example]);
  const { planes, globals, targets } = batch;
  const values = [planes, globals, ...Object.values(targets)].map((tensor) => [...tensor.dataSync()]);
  disposeBatch(batch);
  return values;
}

/** An example of a position as it stands, whose owners are those of its area. */
export function exampleAt(position: Position, move: number): Example {
  const { board, rules, toPlay } = position;
  const { scoreBlack, ownership } = scorePosition(position);
  return {
    positions: packPositions(OWN_FEATURES, { width: board.width, height: board.height, rules }, 1, [
      position,
    ]),
    index: 0,
    symmetry: 0,
    toPlay,
    policyMoves: [move],
    policy: [1],
    reply: null,
    valueBlack: Math.sign(scoreBlack),
    scoreBlack,
    ownershipBlack: ownership,
    owned: 1,
  };
}
