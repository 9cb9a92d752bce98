/** A match between two rated players, as it is asked for and as it is answered. */
import type { RulesName } from '#engine/go/rules.ts';
import type { Move } from '#engine/go/view.ts';
import type { MatchGame } from '../match.ts';
import type { LiveGame } from '../run/run-files.ts';
import type { SprtBounds } from './sprt.ts';

export type JudgePlayer =
  /** A net file, which searches with the visits of the request. */
  | { readonly kind: 'net'; readonly path: string }
  | { readonly kind: 'random' }
  | { readonly kind: 'playouts'; readonly playouts: number }
  | { readonly kind: 'gtp'; readonly command: string };

/** What its games depend on. */
export type JudgeSetting = {
  readonly first: JudgePlayer;
  readonly second: JudgePlayer;
  readonly size: number;
  readonly komi: number;
  readonly rules: RulesName;
  /** Root visits of nets; 1 plays by the policy alone. */
  readonly visits: number;
  readonly seed: number;
  /** Random moves before the players take over; games 2k and 2k + 1 share them. */
  readonly openingPlies: number;
};

/** Files of the nets that play. */
export function netsOf({ first, second }: Pick<JudgeSetting, 'first' | 'second'>): string[] {
  return [first, second].flatMap((player) => (player.kind === 'net' ? player.path : []));
}

export type JudgeRequest = JudgeSetting & {
  /** To be played, or at most where `sprt` is given. */
  readonly games: number;
  /** Ends the match as soon as the test is decided. */
  readonly sprt?: SprtBounds;
  readonly signal?: AbortSignal;
  /** Told of each game once, on the calling thread, in the order in which they end. */
  readonly onGame?: (game: JudgedGame) => void;
  /** Told every two seconds or so of the games in play. */
  readonly onLive?: (games: readonly LiveGame[]) => void;
  /** Told in a sentence of a thread that died, or an engine that failed. */
  readonly onAlarm?: (sentence: string) => void;
};

/** A finished game as plain data; the players alternate, Black first. */
export type JudgedGame = Pick<MatchGame, 'index' | 'firstIsBlack' | 'points' | 'result' | 'end'> & {
  readonly moves: readonly Move[];
};

export function judgedGame({ index, firstIsBlack, points, result, end, moves }: MatchGame): JudgedGame {
  return { index, firstIsBlack, points, result, end, moves: moves.map(({ move }) => move) };
}

/** Wins, losses and draws of the first player. */
export function tally(games: readonly JudgedGame[]): { wins: number; losses: number; draws: number } {
  const count = (points: number): number => games.filter((game) => game.points === points).length;
  return { wins: count(1), losses: count(0), draws: count(0.5) };
}
