/** The games that are learned from at a time, and the batches drawn from them. */
import { makeRng } from '#engine/go/random.ts';
import type { Rng } from '#engine/go/random.ts';
import { SYMMETRY_COUNT } from '#engine/go/symmetry.ts';
import type { Batch } from '#nets/batch.ts';
import type { FeatureSet } from '#nets/features/feature-set.ts';
import type { SelfPlayGame } from '#selfplay/shards/self-play-game.ts';
import { lastAtMost } from './bisect.ts';
import { makeBatch } from './example.ts';
import type { Example } from './example.ts';
import { stepSeed } from './sampler.ts';
import { drawSurprising } from './surprising-draw.ts';
import { windowGame } from './window-game.ts';
import type { WindowGame } from './window-game.ts';

export type WindowOptions = {
  /** Share of the search's value and score in those targets, and of the net's opinion in the ownership's; the rest is how the game ended. */
  readonly valueFromSearch: number;
};

export class ReplayWindow {
  private readonly features: FeatureSet;
  private readonly options: WindowOptions;
  /** Oldest first; games without positions are left out. */
  private games: WindowGame[] = [];
  /** [games]: positions before each. */
  private starts: number[] = [];
  private total = 0;

  constructor(features: FeatureSet, options: WindowOptions) {
    this.features = features;
    this.options = options;
  }

  get positions(): number {
    return this.total;
  }

  /** Adds games, which must have been played by the rules, as the newest. */
  add(games: readonly SelfPlayGame[]): void {
    for (const game of games) {
      if (game.positions.length === 0) continue;
      this.starts.push(this.total);
      this.games.push(windowGame(game, this.features, this.options.valueFromSearch));
      this.total += game.positions.length;
    }
  }

  /** Drops the oldest games as long as at least `positions` are left. */
  trim(positions: number): void {
    let dropped = 0;
    const leftAfter = (game: number): number => this.total - (this.starts[game + 1] ?? this.total);
    while (dropped < this.games.length && leftAfter(dropped) >= positions) dropped++;
    const before = this.starts[dropped] ?? this.total;
    this.games = this.games.slice(dropped);
    this.starts = this.starts.slice(dropped).map((start) => start - before);
    this.total -= before;
  }

  /**
   * The batch of a step of training, a function of seed, step and the games that are there; the caller disposes with
   * `disposeBatch`.
   * @throws internal where the window is empty.
   */
  batch(count: number, seed: number, step: number): Batch {
    if (this.total === 0) throw new Error('internal: a batch of an empty window');
    const rng = makeRng(stepSeed(seed, step));
    return makeBatch(Array.from({ length: count }, () => this.draw(rng)));
  }

  /** Position `index` of all, in the order of games and moves, as it was played. */
  at(index: number): Example {
    const which = lastAtMost(this.starts, index);
    return this.example(this.games[which], index - this.starts[which], 0);
  }

  /** Each game as often as it has positions, and within it those more often where the search surprised the net. */
  private draw(rng: Rng): Example {
    const at = rng.nextInt(this.total);
    const which = lastAtMost(this.starts, at);
    const game = this.games[which];
    const index = drawSurprising(at - this.starts[which], game.surprise, rng);
    return this.example(game, index, rng.nextInt(SYMMETRY_COUNT));
  }

  private example({ positions, packed }: WindowGame, index: number, symmetry: number): Example {
    return { ...positions[index], positions: packed, index, symmetry };
  }
}
