/** GTP's three ways to place handicap stones on an empty board. */
import { handicapPoints, maxHandicap } from '#engine/go/handicap.ts';
import { GtpGame } from './gtp-game.ts';

export type Placed =
  | { readonly ok: true; readonly game: GtpGame; readonly stones: readonly number[] }
  | { readonly ok: false; readonly why: string };

/** Stones on the points that convention gives. @param fewerIsFine whether the most there are will do. */
export function placeByConvention(game: GtpGame, asked: number, fewerIsFine: boolean): Placed {
  if (!game.isEmpty) return { ok: false, why: 'board not empty' };
  const { width, height } = game.setup;
  const most = maxHandicap(width, height);
  const count = fewerIsFine ? Math.min(asked, most) : asked;
  if (count < 2 || count > most) return { ok: false, why: 'invalid number of stones' };
  return place(game, handicapPoints(count, width, height));
}

/** Stones where the controller wants them. @param moves as parsed, null where that was impossible. */
export function placeFreely(game: GtpGame, moves: readonly (number | null)[]): Placed {
  if (!game.isEmpty) return { ok: false, why: 'board not empty' };
  const area = game.setup.width * game.setup.height;
  const stones = [...new Set(moves)].filter((move) => move !== null && move < area) as number[];
  if (stones.length < 2 || stones.length !== moves.length || stones.length >= area)
    return { ok: false, why: 'bad vertex list' };
  return place(game, stones);
}

function place(game: GtpGame, stones: readonly number[]): Placed {
  return { ok: true, game: GtpGame.withHandicap(game.setup, stones), stones };
}
