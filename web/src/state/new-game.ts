/** What the new-game dialog may offer: rule names, their komi, and how many handicap stones a board holds. */
import { RULE_PRESETS, type RulesName } from '../../../engine/go/rules.ts';

export const RULES: readonly { name: RulesName; label: string }[] = [
  { name: 'chinese', label: 'Chinese (area)' },
  { name: 'japanese', label: 'Japanese (territory)' },
  { name: 'aga', label: 'AGA' },
  { name: 'new-zealand', label: 'New Zealand' },
  { name: 'tromp-taylor', label: 'Tromp-Taylor' },
];

/** The komi of the rules, or half a point in handicap games, which only avoids a draw. */
export function usualKomi(rules: RulesName, handicap: number): number {
  return handicap > 1 ? 0.5 : RULE_PRESETS[rules].komi;
}

/** Fixed handicap stones on a square board, GTP 2 section 4.1.1: none below 7, four on even boards and 7, else nine. */
export function maxHandicap(size: number): number {
  if (size < 7) return 0;
  return size % 2 === 0 || size === 7 ? 4 : 9;
}
