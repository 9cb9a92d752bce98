/** Many games between two players: colours alternate, and each random opening is played once either way round. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BLACK } from '#engine/go/color.ts';
import { makeRng } from '#engine/go/random.ts';
import type { Rules } from '#engine/go/rules.ts';
import type { LiveGame } from './run/run-files.ts';
import { playGame } from './game.ts';
import type { PlayedGame } from './game.ts';
import type { Player } from './player.ts';

export type MatchOptions = {
  readonly games: number;
  readonly width: number;
  readonly height: number;
  readonly rules: Rules;
  readonly openingPlies: number;
  readonly seed: number;
  readonly moveLimit?: number;
  readonly budgetMs?: number;
  readonly signal?: AbortSignal;
  /** Told of each move, of which the last is the one just played. */
  readonly onMove?: (game: LiveGame) => void;
  readonly onGame?: (game: MatchGame) => void;
};

export type MatchGame = PlayedGame & {
  /** From 0. */
  readonly index: number;
  readonly firstIsBlack: boolean;
  /** Of the first player: 1, 0.5 or 0. */
  readonly points: number;
};

/** More than the games of a match, so that the games of two matches share no generator; a prime. */
const SEED_STRIDE = 1_000_003;

/** The two players of one table; a table plays one game at a time. */
export type Table = { readonly first: Player; readonly second: Player };

/**
 * Plays the games at as many tables as are given. What happens in a game depends on the seed and its number alone, not
 * on the table. Where a player fails or the signal aborts, the other tables stop too and it rejects; `onGame` has then
 * been told of every finished game.
 * @returns the games in order of their number.
 */
export async function playMatch(
  tables: readonly Table[],
  { games, ...options }: MatchOptions,
): Promise<MatchGame[]> {
  let next = 0;
  return playGames(tables, options, () => (next < games ? next++ : null));
}

/** The same for those games of a match whose numbers `next` gives, until it gives null. */
export async function playGames(
  tables: readonly Table[],
  options: Omit<MatchOptions, 'games'>,
  next: () => number | null,
): Promise<MatchGame[]> {
  const failure = new AbortController();
  const signal =
    options.signal === undefined ? failure.signal : AbortSignal.any([options.signal, failure.signal]);
  const finished: MatchGame[] = [];
  const playAt = async (table: Table): Promise<void> => {
    for (let index = next(); index !== null; index = next()) {
      const game = await playMatchGame(table, index, { ...options, signal });
      finished.push(game);
      options.onGame?.(game);
      // Players that only compute would never let a signal in.
      await nextTurn();
    }
  };
  await Promise.all(
    tables.map((table) =>
      playAt(table).catch((error: unknown) => {
        failure.abort(error);
        throw error;
      }),
    ),
  );
  return finished.sort((a, b) => a.index - b.index);
}

async function playMatchGame(
  { first, second }: Table,
  index: number,
  options: Omit<MatchOptions, 'games'>,
): Promise<MatchGame> {
  const firstIsBlack = index % 2 === 0;
  const [black, white] = firstIsBlack ? [first, second] : [second, first];
  const { width, height } = options;
  const setup = { black: [], white: [] };
  const seed = options.seed * SEED_STRIDE;
  const game = await playGame(black, white, {
    ...options,
    // Games 2k and 2k + 1 share their opening, and nothing else.
    openingRng: makeRng(seed + (index >> 1)),
    rng: makeRng(-1 - seed - index),
    gameId: `game-${index}`,
    onMove: (moves, winrateBlack) =>
      options.onMove?.({ index, width, height, setup, blackFirst: true, moves, winrateBlack }),
  });
  const points = game.winner === 0 ? 0.5 : (game.winner === BLACK) === firstIsBlack ? 1 : 0;
  return { ...game, index, firstIsBlack, points };
}
