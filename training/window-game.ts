/** A game of self-play as a replay window keeps it: positions packed, targets mixed. */
import { PositionCursor } from '#engine/go/cursor.ts';
import { opponent } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import type { PositionView } from '#engine/go/view.ts';
import type { FeatureSet } from '#nets/features/feature-set.ts';
import type { SearchedPosition, SelfPlayGame } from '#selfplay/shards/self-play-game.ts';
import type { Example } from './example.ts';
import { packPositions } from './packed-positions.ts';
import type { PackedPositions } from './packed-positions.ts';
import { surpriseOf } from './surprising-draw.ts';
import type { Surprise } from './surprising-draw.ts';

/** What an opinion of 1 is in `SearchedPosition.ownershipBlack`. */
const OPINION = 127;

export type WindowGame = {
  readonly packed: PackedPositions;
  readonly positions: readonly Target[];
  /** Of the search to the net. */
  readonly surprise: Surprise;
};

type Target = Omit<Example, 'positions' | 'index' | 'symmetry'>;

/** @param searchShare of the search's value in the targets of value and score, and of the net's opinion in that of ownership. */
export function windowGame(game: SelfPlayGame, features: FeatureSet, searchShare: number): WindowGame {
  const { positions } = game;
  return {
    packed: packPositions(features, game, positions.length, recordedPositions(game)),
    positions: positions.map((position) => targetOf(game, position, searchShare)),
    surprise: surpriseOf(positions.map(({ surprise }) => surprise)),
  };
}

/** The positions that were recorded, as one that moves. @throws internal where the moves are not legal. */
function* recordedPositions(game: SelfPlayGame): Generator<PositionView> {
  const { width, height, rules, setup, toPlay, moves } = game;
  const cursor = new PositionCursor(Position.start({ width, height, rules, setup, toPlay }));
  let ply = 0;
  for (const position of game.positions) {
    for (; ply < position.ply; ply++) {
      if (!cursor.isLegal(moves[ply]))
        throw new Error(
          `internal: move ${ply} of game ${game.index} of generation ${game.generation} is illegal`,
        );
      cursor.play(moves[ply]);
    }
    yield cursor;
  }
}

function targetOf(game: SelfPlayGame, position: SearchedPosition, share: number): Target {
  const { ply } = position;
  return {
    toPlay: (ply % 2 === 0 ? game.toPlay : opponent(game.toPlay)) as Color,
    policyMoves: position.policyMoves,
    policy: position.policy,
    reply: ply + 1 < game.moves.length ? game.moves[ply + 1] : null,
    valueBlack: (1 - share) * game.outcomeBlack + share * position.valueBlack,
    scoreBlack: mixed(game.scoreBlack, position.scoreBlack, share),
    ...ownershipOf(game.ownershipBlack, position.ownershipBlack, share),
  };
}

/** (1 - share) known + share searched; null where the game was not counted: an opinion alone would be learned from itself. */
function mixed(known: number | null, searched: number, share: number): number | null {
  return known === null || Number.isNaN(searched) || share === 0
    ? known
    : (1 - share) * known + share * searched;
}

/** The same of points; where the game was not counted the opinion alone, which has something to say of each of them. */
function ownershipOf(
  known: Int8Array | null,
  opinion: Int8Array | null,
  share: number,
): Pick<Target, 'ownershipBlack' | 'owned'> {
  if (opinion === null || share === 0) return { ownershipBlack: known, owned: 1 };
  const ownershipBlack =
    known === null
      ? opinion
      : opinion.map((owner, p) => Math.round((1 - share) * OPINION * known[p] + share * owner));
  return { ownershipBlack, owned: OPINION };
}
