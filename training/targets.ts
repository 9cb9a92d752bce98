/** What a finished game teaches: its winner, and where the board itself proves it, who owns each point. */
import type { Position } from '#engine/go/position.ts';
import { scorePosition } from '#engine/go/scoring.ts';
import type { GameResult } from '#engine/record/result.ts';

/** Seen from Black; `null` = unknown, and the loss must ignore it. */
export type GameTargets = {
  /** 1 Black won, -1 White won, 0 draw. */
  readonly outcomeBlack: -1 | 0 | 1 | null;
  /** Points Black is ahead, komi included; only with ownership. */
  readonly scoreBlack: number | null;
  /** int8 [width * height]: 1 Black, -1 White, 0 nobody. */
  readonly ownershipBlack: Int8Array | null;
};

/**
 * Targets of a replayed game. Ownership and score are taken only where the game ended in two passes and counting the
 * final board as it stands gives exactly the recorded result: records that leave dead stones on the board fail that
 * test by themselves, so they need no list of exceptions.
 */
export function gameTargets(last: Position, result: GameResult | null): GameTargets {
  const outcomeBlack = result?.winner ?? null;
  if (result === null || result.marginBlack === null || !last.isOver)
    return { outcomeBlack, scoreBlack: null, ownershipBlack: null };
  const score = scorePosition(last);
  if (Math.abs(score.scoreBlack - result.marginBlack) > 1e-6)
    return { outcomeBlack, scoreBlack: null, ownershipBlack: null };
  return { outcomeBlack, scoreBlack: score.scoreBlack, ownershipBlack: Int8Array.from(score.ownership) };
}
