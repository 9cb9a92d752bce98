/** Komi as nets are told it. */
import type { Board } from '#engine/go/board.ts';
import { BLACK, EMPTY, WHITE, signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { whiteBonus } from '#engine/go/scoring.ts';
import type { PositionView } from '#engine/go/view.ts';

/** Points of komi that are 1 in the globals, as in KataGo's features. */
export const KOMI_SCALE = 20;

/** A komi this many points larger than the board decides every game as any larger one does. KataGo's KOMI_CLIP_RADIUS. */
const KOMI_MARGIN = 20;

/**
 * Points the rules give the side to move, handicap bonus included, clipped to what can still decide a game. Under territory
 * scoring the other side also gets a point for each stone that the side to move has played or been given more than it, as
 * area scoring would count them: KataGo's currentSelfKomi.
 */
export function ownKomi({ rules, handicap, board, toPlay }: PositionView): number {
  const limit = board.area + KOMI_MARGIN;
  const white = whiteBonus(rules, handicap) + (rules.scoring === 'territory' ? extraStones(board) : 0);
  return Math.max(-limit, Math.min(limit, -signFor(toPlay) * white));
}

/** By how many stones Black has put more on the board than White, those taken off it counted. */
function extraStones({ stones, captures }: Board): number {
  let extra = captures[WHITE] - captures[BLACK];
  for (const stone of stones) if (stone !== EMPTY) extra += signFor(stone as Color);
  return extra;
}
