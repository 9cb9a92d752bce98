/** What the new-game dialog may offer: rule names, their komi, and the level it starts with. */
import { RULE_PRESETS, type RulesName } from '../../../engine/go/rules.ts';
import { usualKomi } from '../../../engine/record/komi.ts';

export const RULES: readonly { name: RulesName; label: string }[] = [
  { name: 'chinese', label: 'Chinese (area)' },
  { name: 'japanese', label: 'Japanese (territory)' },
  { name: 'aga', label: 'AGA' },
  { name: 'new-zealand', label: 'New Zealand' },
  { name: 'tromp-taylor', label: 'Tromp-Taylor' },
];

/** The usual komi of board and rules, or half a point in handicap games, which only avoids a draw. */
export function offeredKomi(rules: RulesName, size: number, handicap: number): number {
  return handicap > 1 ? 0.5 : usualKomi(RULE_PRESETS[rules], size, size);
}

/** Whether the shipped net, which learned from 9x9 games, plays well on this size. */
export function isNearTrainedSize(size: number): boolean {
  return size >= 7 && size <= 13;
}

/** The level offered first: the one chosen last time, or else one in the middle. */
export function firstLevel(levels: readonly { id: string }[], preferred: string): string {
  if (levels.some(({ id }) => id === preferred)) return preferred;
  return levels[Math.floor(levels.length / 2)]?.id ?? '';
}
