/** Boards as pictures in tests: X black, O white, . empty; other letters mark empty points that the test names. */
import { BLACK } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import type { Rules } from '#engine/go/rules.ts';

export function positionOf(
  text: string,
  rules: Rules = RULE_PRESETS.chinese,
  toPlay: Color = BLACK,
): Position {
  const rows = rowsOf(text);
  const points = rows.join('').split('');
  const at = (letter: string): number[] => points.flatMap((c, p) => (c === letter ? [p] : []));
  const setup = { black: at('X'), white: at('O') };
  return Position.start({ width: rows[0].length, height: rows.length, rules, setup, toPlay });
}

/** The only point that holds `letter`. */
export function pointOf(text: string, letter: string): number {
  return rowsOf(text).join('').indexOf(letter);
}

function rowsOf(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .map((row) => row.replaceAll(' ', ''));
}
