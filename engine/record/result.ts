/** Results of games as SGF writes them: "B+3.5", "W+R", "0". */
import { BLACK, type Color } from '#engine/go/color.ts';

export type GameResult = {
  /** 1 Black, -1 White, 0 draw. */
  readonly winner: -1 | 0 | 1;
  /** Black's lead in points; null where the game was not counted. */
  readonly marginBlack: number | null;
};

/** Reads an SGF `RE` value (`B+3.5`, `W+R`, `0`, `Draw`); `null` for none, `Void`, `?` and anything else. */
export function parseResult(text: string): GameResult | null {
  const clean = text.trim();
  if (/^(0|draw)$/i.test(clean)) return { winner: 0, marginBlack: 0 };
  const parts = /^([BW])\+(.*)$/i.exec(clean);
  if (!parts) return null;
  const winner = parts[1].toUpperCase() === 'B' ? 1 : -1;
  const isNumber = /^\d+(\.\d+)?$/.test(parts[2]);
  return { winner, marginBlack: isNumber ? winner * Number(parts[2]) : null };
}

/** The result of a counted game. @param scoreBlack points, komi included. */
export function formatScore(scoreBlack: number): string {
  if (scoreBlack === 0) return '0';
  return `${scoreBlack > 0 ? 'B' : 'W'}+${Math.abs(scoreBlack)}`;
}

/** The result of a game that was not counted: R by resignation, F by forfeit. */
export function formatWin(winner: Color, how: 'R' | 'F'): string {
  return `${winner === BLACK ? 'B' : 'W'}+${how}`;
}
