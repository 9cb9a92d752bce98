/** Rules as text and back. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { formatKataRules, formatRules, parseRules } from '#engine/record/rules-text.ts';

test('all rules but their komi read back from their text', () => {
  const rules = fc.record({
    ko: fc.constantFrom('simple', 'positional', 'situational'),
    suicide: fc.boolean(),
    scoring: fc.constantFrom('area', 'territory'),
    tax: fc.constantFrom('none', 'seki', 'all'),
    handicapBonus: fc.constantFrom('none', 'n', 'n-1'),
    komi: fc.constant(0),
  } as const);
  fc.assert(
    fc.property(rules, (value) => {
      expect({ ...parseRules(formatRules(value)), komi: 0 }).toEqual(value);
      expect({ ...parseRules(formatKataRules(value)), komi: 0 }).toEqual(value);
    }),
  );
});

test('the usual names mean the presets', () => {
  expect(parseRules('Chinese')).toEqual(RULE_PRESETS.chinese);
  expect(parseRules('japanese')).toEqual(RULE_PRESETS.japanese);
  expect(parseRules('NZ')).toEqual(RULE_PRESETS['new-zealand']);
  expect(parseRules('New Zealand')).toEqual(RULE_PRESETS['new-zealand']);
  expect(parseRules('tromp-taylor')).toEqual(RULE_PRESETS['tromp-taylor']);
  expect(parseRules('Japanese rules')).toEqual(RULE_PRESETS.japanese);
  expect(parseRules('chinese-ogs')).toEqual(RULE_PRESETS.chinese);
  expect(parseRules('house rules')).toBeNull();
});

test("KataGo's JSON is read, and broken JSON is no rules", () => {
  const json =
    '{"hasButton":false,"ko":"SIMPLE","scoring":"TERRITORY","suicide":false,"tax":"SEKI","whiteHandicapBonus":"0"}';
  expect(parseRules(json)).toEqual(RULE_PRESETS.japanese);
  expect(parseRules(json.slice(0, 40))).toBeNull();
  expect(parseRules('{"ko":"SIMPLE"}')).toBeNull();
  expect(parseRules(json.replace('"hasButton":false', '"hasButton":true'))).toBeNull();
});
