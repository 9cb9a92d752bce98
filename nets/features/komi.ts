/** Komi as nets are told it. */
import { signFor } from '#engine/go/color.ts';
import { whiteBonus } from '#engine/go/scoring.ts';
import type { PositionView } from '#engine/go/view.ts';

/** Points of komi that are 1 in the globals, as in KataGo's features. */
export const KOMI_SCALE = 20;

/** A komi this many points larger than the board decides every game as any larger one does. KataGo's KOMI_CLIP_RADIUS. */
const KOMI_MARGIN = 20;

/** Points the rules give the side to move, handicap bonus included, clipped to what can still decide a game. */
export function ownKomi({ rules, handicap, board, toPlay }: PositionView): number {
  const limit = board.area + KOMI_MARGIN;
  return Math.max(-limit, Math.min(limit, -signFor(toPlay) * whiteBonus(rules, handicap)));
}
