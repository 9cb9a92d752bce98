/** A pool of searches for tests: each waits until it is let go or stopped, and finds numbers that depend on the position alone. */
import { signFor } from '#engine/go/color.ts';
import type { AnalyseOptions } from '#selfplay/search-pool.ts';
import { positionOf, type SearchGame } from '#selfplay/search-game.ts';
import type { Analysis } from '#selfplay/search-task.ts';

/** The first three legal moves, of which the first is best; Black wins by 2.5 points with 60%. */
export function findings(game: SearchGame, visits: number): Analysis {
  const position = positionOf(game);
  const { area, stones } = position.board;
  const sign = signFor(position.toPlay);
  const legal = position.legalMoves();
  const policy = new Float32Array(area + 1);
  for (const move of legal) policy[move] = 1 / legal.length;
  const winrateBlack = 0.625;
  const moves = legal.slice(0, Math.min(3, visits - 1)).map((move, order) => ({
    order,
    move,
    visits: Math.max(1, Math.floor((visits - 1) / 2 ** (order + 1))),
    edgeVisits: Math.max(1, Math.floor((visits - 1) / 2 ** (order + 1))),
    prior: policy[move],
    winrateToPlay: (1 + sign * 0.25) / 2 - order / 64,
    lcbToPlay: (1 + sign * 0.25) / 2 - order / 64 - 0.125,
    scoreToPlay: sign * 2.5 - order,
    scoreStdev: 8,
    utilityToPlay: sign * 0.25 - order / 32,
    utilityLcbToPlay: sign * 0.25 - order / 32 - 0.25,
    weight: 1,
    pv: [move, area],
    pvVisits: [2, 1],
    ownershipBlack: Float32Array.from(stones, (stone) => [0, 1, -1][stone]),
  }));
  return {
    move: moves[0]?.move ?? area,
    moves,
    rootVisits: visits,
    isFull: false,
    winrateBlack,
    scoreBlack: 2.5,
    scoreStdev: 8,
    utilityBlack: 0.25,
    rawWinrateBlack: 0.5,
    rawScoreBlack: 1.5,
    rawScoreStdev: 9,
    policy,
    visits: new Int32Array(area + 1),
    winrateToPlay: new Float32Array(area + 1),
    pv: moves[0]?.pv ?? [],
    policyTarget: new Float32Array(0),
    ownershipBlack: Float32Array.from(stones, (stone) => [0, 1, -1][stone]),
  };
}

type Search = {
  readonly game: SearchGame;
  readonly options: AnalyseOptions;
  /** Ends it with all its visits, or so many. */
  finish(visits?: number, isFull?: boolean): void;
  report(visits: number): void;
  fail(message: string): void;
};

export class FakeAnalyser {
  /** The searches begun and not ended, in their order. */
  readonly open: Search[] = [];
  /** While true, searches end by themselves at once. */
  readonly instant: boolean;
  /** How often it was told to forget evaluations. */
  forgotten = 0;

  constructor(instant: boolean) {
    this.instant = instant;
  }

  forgetEvaluations(): void {
    this.forgotten++;
  }

  analyse(game: SearchGame, options: AnalyseOptions): Promise<Analysis> {
    return new Promise((resolve, reject) => {
      const end = (visits: number, isFull = false): void => {
        this.open.splice(this.open.indexOf(search), 1);
        resolve({ ...findings(game, visits), isFull });
      };
      const search: Search = {
        game,
        options,
        finish: (visits = options.visits, isFull) => end(visits, isFull),
        report: (visits) => options.onReport?.(findings(game, visits)),
        fail: (message) => {
          this.open.splice(this.open.indexOf(search), 1);
          reject(new Error(message));
        },
      };
      this.open.push(search);
      options.stop?.addEventListener('abort', () => end(2), { once: true });
      if (this.instant) search.finish();
    });
  }
}
