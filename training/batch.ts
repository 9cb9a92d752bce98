/** Draws positions and lays them out as the tensors that training and measuring need. */
import * as tf from '@tensorflow/tfjs-core';
import { signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { makeRng } from '#engine/go/random.ts';
import { SYMMETRY_COUNT } from '#engine/go/symmetry.ts';
import { bufferOf, bufferPoints } from '#nets/features/layout.ts';
import type { Batch } from '#nets/batch.ts';
import { SCORE_SCALE } from '#nets/architectures/net.ts';
import type { GameSamples } from './dataset.ts';

/** One position of one game, seen under a symmetry. */
export type Sample = { readonly game: GameSamples; readonly ply: number; readonly symmetry: number };

/** Picks positions uniformly; knows how many positions each game has. */
export class Sampler {
  readonly positions: number;
  private readonly games: readonly GameSamples[];
  private readonly starts: Float64Array;

  constructor(games: readonly GameSamples[]) {
    this.games = games;
    this.starts = new Float64Array(games.length);
    let positions = 0;
    games.forEach((game, i) => {
      this.starts[i] = positions;
      positions += game.moves.length;
    });
    this.positions = positions;
  }

  /** Position `index` of all, in the order of games and moves. */
  at(index: number, symmetry: number): Sample {
    let [low, high] = [0, this.games.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= index) low = middle;
      else high = middle - 1;
    }
    return { game: this.games[low], ply: index - this.starts[low], symmetry };
  }

  /** The samples of a training step: a function of seed and step alone, so that a resumed run draws the same. */
  draw(count: number, seed: number, step: number): Sample[] {
    const rng = makeRng(Math.imul(seed, 0x9e3779b1) ^ Math.imul(step + 1, 0x85ebca6b));
    return Array.from({ length: count }, () =>
      this.at(rng.nextInt(this.positions), rng.nextInt(SYMMETRY_COUNT)),
    );
  }
}

/**
 * Tensors of a batch, padded to its largest board; the caller disposes with `disposeBatch`.
 * @param samples one or more, of the same features.
 */
export function makeBatch(samples: readonly Sample[]): Batch {
  const { features } = samples[0].game;
  const turned = samples.map(({ game: { width, height }, symmetry }) => ({ width, height, symmetry }));
  const { width, height } = bufferOf(turned);
  const [count, area, depth] = [samples.length, width * height, features.planes];
  const planes = new Float32Array(count * area * depth);
  const globals = new Float32Array(count * features.globals);
  const policy = new Float32Array(count * (area + 1));
  const ownership = new Float32Array(count * area);
  const mask = new Float32Array(count * area);
  const column = (): Float32Array => new Float32Array(count);
  const [value, valueKnown, score, areaKnown] = [column(), column(), column(), column()];
  samples.forEach(({ game, ply }, i) => {
    const own = game.width * game.height;
    const points = bufferPoints(turned[i], width);
    const sign = signFor(game.toPlay[ply] as Color);
    const { outcomeBlack, scoreBlack, ownershipBlack } = game.targets;
    for (let p = 0; p < own; p++) {
      const at = i * area + points[p];
      mask[at] = 1;
      if (ownershipBlack !== null) ownership[at] = sign * ownershipBlack[p];
      const bits = game.planes[ply * own + p];
      for (let c = 0; c < depth; c++) planes[at * depth + c] = (bits >> c) & 1;
      if (game.moves[ply] === p) policy[at + i] = 1;
    }
    if (game.moves[ply] === own) policy[i * (area + 1) + area] = 1;
    globals.set(
      game.globals.subarray(ply * features.globals, (ply + 1) * features.globals),
      i * features.globals,
    );
    value[i] = sign * (outcomeBlack ?? 0);
    valueKnown[i] = outcomeBlack === null ? 0 : 1;
    score[i] = (sign * (scoreBlack ?? 0)) / SCORE_SCALE;
    areaKnown[i] = ownershipBlack === null ? 0 : 1;
  });
  const asColumn = (values: Float32Array): tf.Tensor2D => tf.tensor2d(values, [count, 1]);
  return {
    fullBoards: samples.every(({ game }) => game.width * game.height === area),
    planes: tf.tensor4d(planes, [count, height, width, depth]),
    globals: tf.tensor2d(globals, [count, features.globals]),
    targets: {
      policy: tf.tensor2d(policy, [count, area + 1]),
      value: asColumn(value),
      valueKnown: asColumn(valueKnown),
      score: asColumn(score),
      areaKnown: asColumn(areaKnown),
      ownership: tf.tensor2d(ownership, [count, area]),
      mask: tf.tensor2d(mask, [count, area]),
    },
  };
}
