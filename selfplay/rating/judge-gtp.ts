/** Judges with a GTP engine: this thread runs the engine, so that it ends with the process, and nets search in threads of their own. */
import type { Provider } from '#nets/providers.ts';
import { makeRules } from '#engine/go/rules.ts';
import { playMatch } from '../match.ts';
import { openPlayer } from '../open-player.ts';
import type { Player, PlayerSpec } from '../player.ts';
import { SearchPool } from '../search-pool.ts';
import { judgedGame } from './judge-request.ts';
import type { JudgePlayer, JudgeSetting, JudgedGame } from './judge-request.ts';

export type GtpMatchOptions = {
  readonly games: number;
  /** Games at once, each with an engine of its own. */
  readonly tables: number;
  readonly provider: Provider;
  readonly onGame: (game: JudgedGame) => void;
  readonly signal: AbortSignal;
};

/** Rejects with a readable sentence where a player cannot be had or fails, or with the signal's reason. */
export async function judgeOverGtp(setting: JudgeSetting, options: GtpMatchOptions): Promise<void> {
  const { first, second, size, komi, rules, visits, seed, openingPlies } = setting;
  const { games, tables, provider, onGame, signal } = options;
  const pool = new SearchPool({ threads: tables, provider });
  const players: Player[] = [];
  const open = async (player: JudgePlayer): Promise<Player> => {
    const opened = await openPlayer(specOf(player, visits), pool, {}, signal);
    if (!opened.ok) throw new Error(opened.message);
    players.push(opened.player);
    return opened.player;
  };
  try {
    const seats = [];
    for (let i = 0; i < tables; i++) seats.push({ first: await open(first), second: await open(second) });
    const match = { width: size, height: size, rules: makeRules(rules, { komi }), openingPlies, seed, games };
    await playMatch(seats, { ...match, signal, onGame: (game) => onGame(judgedGame(game)) });
  } finally {
    await Promise.all(players.map((player) => player.close()));
    await pool.close();
  }
}

function specOf(player: JudgePlayer, visits: number): PlayerSpec {
  if (player.kind === 'net') return { ...player, visits };
  return player.kind === 'playouts' ? { kind: 'playouts', visits: player.playouts } : player;
}
