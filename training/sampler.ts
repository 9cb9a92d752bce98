/** Draws positions of game records as examples. */
import { makeRng } from '#engine/go/random.ts';
import type { Rng } from '#engine/go/random.ts';
import type { Color } from '#engine/go/color.ts';
import { augmented } from './augment/board-augment.ts';
import type { BoardAugment } from './augment/board-augment.ts';
import { lastAtMost } from './bisect.ts';
import type { GameSamples } from './dataset.ts';
import type { Example } from './example.ts';
import { drawSurprising } from './surprising-draw.ts';
import type { Surprise } from './surprising-draw.ts';

/** What the generator of a step's draws is seeded by: a mix of both numbers, so that neighbours share nothing. */
export function stepSeed(seed: number, step: number): number {
  return Math.imul(seed, 0x9e3779b1) ^ Math.imul(step + 1, 0x85ebca6b);
}

/** Position `ply` of a game, its move the policy to learn. */
export function exampleOf(game: GameSamples, ply: number, symmetry: number): Example {
  const { moves, toPlay, targets } = game;
  return {
    positions: game.positions,
    index: ply,
    symmetry,
    toPlay: toPlay[ply] as Color,
    policyMoves: [moves[ply]],
    policy: [1],
    reply: ply + 1 < moves.length ? moves[ply + 1] : null,
    valueBlack: targets.outcomeBlack,
    scoreBlack: targets.scoreBlack,
    ownershipBlack: targets.ownershipBlack,
    owned: 1,
  };
}

/** Of the positions of each game, to whoever looked at them. */
export type GameSurprise = ReadonlyMap<GameSamples, Surprise>;

/** Draws positions: all alike, or within each game those more often that surprise. */
export class Sampler {
  readonly positions: number;
  private readonly games: readonly GameSamples[];
  private readonly surprise: GameSurprise | undefined;
  private readonly starts: Float64Array;

  /** @param surprise of all the games; without it all positions are drawn alike. */
  constructor(games: readonly GameSamples[], surprise?: GameSurprise) {
    this.games = games;
    this.surprise = surprise;
    this.starts = new Float64Array(games.length);
    let positions = 0;
    games.forEach((game, i) => {
      this.starts[i] = positions;
      positions += game.moves.length;
    });
    this.positions = positions;
  }

  /** Position `index` of all, in the order of games and moves. */
  at(index: number): Example {
    const which = lastAtMost(this.starts, index);
    return exampleOf(this.games[which], index - this.starts[which], 0);
  }

  /** The samples of a training step: a function of seed and step alone, so that a resumed run draws the same. */
  draw(count: number, seed: number, step: number, augment: BoardAugment): Example[] {
    const rng = makeRng(stepSeed(seed, step));
    return Array.from({ length: count }, () => augmented(this.drawOne(rng), augment, rng));
  }

  /** Each game as often as it has positions. */
  private drawOne(rng: Rng): Example {
    const at = rng.nextInt(this.positions);
    const which = lastAtMost(this.starts, at);
    const game = this.games[which];
    const [drawnEvenly, surprise] = [at - this.starts[which], this.surprise?.get(game)];
    const ply = surprise === undefined ? drawnEvenly : drawSurprising(drawnEvenly, surprise, rng);
    return exampleOf(game, ply, 0);
  }
}
