/** Judges on one thread: the games of a match at many tables at once, whose nets evaluate all of them together. */
import { makeRules } from '#engine/go/rules.ts';
import type { Evaluator } from '#engine/search/evaluator.ts';
import { NET_SEARCH, PLAYOUT_SEARCH } from '#engine/search/parameters.ts';
import { playoutEvaluator } from '#engine/search/playout-evaluator.ts';
import { Search } from '#engine/search/search.ts';
import { playGames } from '../match.ts';
import { randomPlayer } from '../open-player.ts';
import type { Player } from '../player.ts';
import type { LiveGame } from '../run/run-files.ts';
import { analysisOf } from '../search-task.ts';
import { judgedGame } from './judge-request.ts';
import type { JudgePlayer, JudgeSetting, JudgedGame } from './judge-request.ts';

export type TablesOptions = {
  readonly tables: number;
  /** The evaluator of a player that is a net. */
  readonly evaluatorOf: (path: string) => Evaluator;
  /** Number of the next game to play; null where none is left. */
  readonly next: () => number | null;
  readonly onMove: (game: LiveGame) => void;
  readonly onGame: (game: JudgedGame) => void;
  readonly signal: AbortSignal;
};

/** Plays until `next` gives no game. Rejects where a player fails, or with the signal's reason. */
export async function judgeAtTables(setting: JudgeSetting, options: TablesOptions): Promise<void> {
  const { first, second, size, komi, rules, visits, seed, openingPlies } = setting;
  const { tables, evaluatorOf, next, onMove, onGame, signal } = options;
  const seats = Array.from({ length: tables }, () => ({
    first: seat(first, visits, evaluatorOf),
    second: seat(second, visits, evaluatorOf),
  }));
  const match = { width: size, height: size, rules: makeRules(rules, { komi }), openingPlies, seed };
  await playGames(seats, { ...match, signal, onMove, onGame: (game) => onGame(judgedGame(game)) }, next);
}

/** A player for one table. */
function seat(player: JudgePlayer, visits: number, evaluatorOf: TablesOptions['evaluatorOf']): Player {
  if (player.kind === 'gtp') throw new Error('internal: a GTP engine at the table of a search thread');
  if (player.kind === 'net') {
    const evaluator = evaluatorOf(player.path);
    return searchPlayer(() => new Search(evaluator, NET_SEARCH), visits);
  }
  if (player.kind === 'playouts')
    return searchPlayer((seed) => new Search(playoutEvaluator({ seed }), PLAYOUT_SEARCH), player.playouts);
  return randomPlayer();
}

/** Searches on this thread, each game with a search of its own. */
function searchPlayer(begin: (seed: number) => Search, visits: number): Player {
  let kept: { readonly gameId: string | undefined; readonly search: Search } | null = null;
  return {
    name: 'search',
    genMove: async (position, { rng, gameId, signal }) => {
      const seed = rng.nextInt(2 ** 31);
      if (kept === null || kept.gameId !== gameId) kept = { gameId, search: begin(seed) };
      const shouldStop = (): boolean => signal?.aborted === true;
      const stats = analysisOf(await kept.search.search(position, { visits, shouldStop }, seed));
      return { move: stats.move, stats };
    },
    close: () => Promise.resolve(),
  };
}
