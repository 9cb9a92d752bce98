/** Judges with a GTP engine: this thread runs the engine, so that it ends with the process, and nets search in threads of their own. */
import type { Provider } from '#nets/providers.ts';
import { makeRules } from '#engine/go/rules.ts';
import { playGames } from '../match.ts';
import type { MatchGame, MatchOptions, Table } from '../match.ts';
import { openPlayer } from '../open-player.ts';
import type { Player, PlayerSpec } from '../player.ts';
import { LiveGames } from '../run/live-games.ts';
import type { LiveGame } from '../run/run-files.ts';
import { SearchPool } from '../search-pool.ts';
import { judgedGame } from './judge-request.ts';
import type { JudgePlayer, JudgeSetting, JudgedGame } from './judge-request.ts';

export type GtpMatchOptions = {
  readonly games: number;
  /** Games at once, each with an engine of its own. */
  readonly tables: number;
  readonly provider: Provider;
  readonly onGame: (game: JudgedGame) => void;
  readonly onLive?: (games: readonly LiveGame[]) => void;
  /** Told in a sentence of an engine that failed and is started again. */
  readonly onAlarm?: (sentence: string) => void;
  readonly signal: AbortSignal;
};

/** Engines that may fail in a row without a game between them before it is taken for hopeless. Our choice. */
const MOST_FAILURES = 3;

/**
 * Where a player fails in the middle of a game, all engines are started anew, and games that were not finished are
 * played again. Rejects with a readable sentence where a player cannot be had or fails again and again, or with the
 * signal's reason.
 */
export async function judgeOverGtp(setting: JudgeSetting, options: GtpMatchOptions): Promise<void> {
  const { games, tables, provider, onGame, onLive, onAlarm, signal } = options;
  const left = new Set(Array.from({ length: games }, (_, index) => index));
  const live = new LiveGames(onLive ?? (() => undefined));
  const onMove = (game: LiveGame): void => live.update(game);
  let failures = 0;
  const hear = (game: MatchGame): void => {
    left.delete(game.index);
    live.remove(game.index);
    failures = 0;
    onGame(judgedGame(game));
  };
  const pool = new SearchPool({ threads: tables, provider });
  try {
    while (left.size > 0) {
      const seats = await takeSeats(setting, tables, pool, signal);
      try {
        await playAll(setting, seats, [...left], { signal, onMove, onGame: hear });
      } catch (error) {
        if (signal.aborted || ++failures === MOST_FAILURES) throw error;
        onAlarm?.(`${(error as Error).message} Its unfinished games are played again.`);
      } finally {
        await leave(seats);
      }
    }
  } finally {
    live.close();
    await pool.close();
  }
}

/** Rejects, with no engine left, where a player cannot be had. */
async function takeSeats(
  { first, second, visits }: JudgeSetting,
  tables: number,
  pool: SearchPool,
  signal: AbortSignal,
): Promise<Table[]> {
  const players: Player[] = [];
  const open = async (player: JudgePlayer): Promise<Player> => {
    const opened = await openPlayer(specOf(player, visits), pool, {}, signal);
    if (!opened.ok) throw new Error(opened.message);
    players.push(opened.player);
    return opened.player;
  };
  try {
    const seats: Table[] = [];
    while (seats.length < tables) seats.push({ first: await open(first), second: await open(second) });
    return seats;
  } catch (error) {
    await Promise.all(players.map((player) => player.close()));
    throw error;
  }
}

async function leave(seats: readonly Table[]): Promise<void> {
  await Promise.all(seats.flatMap(({ first, second }) => [first.close(), second.close()]));
}

async function playAll(
  { size, komi, rules, openingPlies, seed }: JudgeSetting,
  seats: readonly Table[],
  indices: number[],
  options: Pick<MatchOptions, 'onMove' | 'onGame'> & { readonly signal: AbortSignal },
): Promise<void> {
  const match = { width: size, height: size, rules: makeRules(rules, { komi }), openingPlies, seed };
  await playGames(seats, { ...match, ...options }, () => indices.shift() ?? null);
}

function specOf(player: JudgePlayer, visits: number): PlayerSpec {
  if (player.kind === 'net') return { ...player, visits };
  return player.kind === 'playouts' ? { kind: 'playouts', visits: player.playouts } : player;
}
