/** Presets of rules. */
import { expect, test } from 'vitest';
import { BLACK, WHITE, opponent } from '#engine/go/color.ts';
import { RULE_PRESETS, makeRules } from '#engine/go/rules.ts';

test('the opponent of the opponent is the player', () => {
  expect(opponent(BLACK)).toBe(WHITE);
  expect(opponent(opponent(WHITE))).toBe(WHITE);
});

test('only the Japanese preset counts territory, and it taxes eyes in seki', () => {
  const territory = Object.entries(RULE_PRESETS).filter(([, rules]) => rules.scoring === 'territory');
  expect(territory.map(([name]) => name)).toEqual(['japanese']);
  expect(RULE_PRESETS.japanese.tax).toBe('seki');
});

test('overrides replace fields of a preset and leave the preset as it was', () => {
  expect(makeRules('chinese', { komi: 7 })).toEqual({ ...RULE_PRESETS.chinese, komi: 7 });
  expect(RULE_PRESETS.chinese.komi).toBe(7.5);
});
