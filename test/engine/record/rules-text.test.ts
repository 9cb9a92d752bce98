/** Rules as text and back. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { formatKataRules, formatRules, parseRules, parseRulesWithKomi } from '#engine/record/rules-text.ts';

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
  expect(parseRules('ing')).toEqual(RULE_PRESETS['tromp-taylor']);
  expect(parseRules('house rules')).toBeNull();
});

test("KataGo's other names mean what KataGo means by them", () => {
  expect(parseRules('chinese-ogs')).toEqual({ ...RULE_PRESETS.chinese, ko: 'positional' });
  expect(parseRules('Chinese KGS')).toEqual({ ...RULE_PRESETS.chinese, ko: 'positional' });
  expect(parseRules('stone_scoring')).toMatchObject({ scoring: 'area', tax: 'all', ko: 'simple' });
  expect(parseRules('ancient-territory')).toMatchObject({ scoring: 'territory', tax: 'all', komi: 6.5 });
  expect(parseRules('koSIMPLEscoreAREAtaxNONEsui0whbNfpok1')).toEqual(RULE_PRESETS.chinese);
});

test("KataGo's JSON is read, and broken JSON is no rules", () => {
  const json =
    '{"hasButton":false,"ko":"SIMPLE","scoring":"TERRITORY","suicide":false,"tax":"SEKI","whiteHandicapBonus":"0"}';
  expect(parseRules(json)).toEqual(RULE_PRESETS.japanese);
  expect(parseRules(json.slice(0, 40))).toBeNull();
  expect(parseRules('{"ko":"SPIGHT"}')).toBeNull();
  expect(parseRules('{"suicide":1}')).toBeNull();
  expect(parseRules(json.replace('"hasButton":false', '"hasButton":true'))).toBeNull();
});

test("what KataGo's JSON leaves out is as in Tromp-Taylor, the tax as the scoring has it", () => {
  expect(parseRules('{}')).toEqual(RULE_PRESETS['tromp-taylor']);
  expect(parseRules('{"ko":"SIMPLE","friendlyPassOk":true}')).toMatchObject({ ko: 'simple', tax: 'none' });
  expect(parseRules('{"score":"TERRITORY"}')).toMatchObject({ scoring: 'territory', tax: 'seki', komi: 6.5 });
});

test('fields that nobody knows are no rules', () => {
  expect(parseRules('{"ko":"SIMPLE","kommi":5}')).toBeNull();
  expect(parseRules('{"friendlyPassOk":3}')).toBeNull();
});

test.each([
  ['{"komi":5.5}', 5.5],
  ['{"komi":-30}', -30],
  ['koPOSITIONALscoreAREAtaxNONEsui1komi-30.5', -30.5],
  ['koPOSITIONALscoreAREAtaxNONEsui1', 7.5],
])('%s is rules with a komi of %d, where a komi may be said', (text, komi) => {
  expect(parseRulesWithKomi(text)).toEqual({ ...RULE_PRESETS['tromp-taylor'], komi });
  if (text.includes('komi')) expect(parseRules(text)).toBeNull();
});

test('a komi that no query may have is none in rules either', () => {
  expect(['{"komi":0.3}', '{"komi":150.5}', '{"komi":"5"}'].map(parseRulesWithKomi)).toEqual([
    null,
    null,
    null,
  ]);
});
