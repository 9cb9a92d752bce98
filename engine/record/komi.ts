/** The komi that a game begins with where nobody says another. */
import type { Rules } from '#engine/go/rules.ts';

/** 7 on 9x9, where it is fair whatever the rules; the rules' own elsewhere. */
export function usualKomi(rules: Rules, width: number, height: number): number {
  return width === 9 && height === 9 ? 7 : rules.komi;
}
