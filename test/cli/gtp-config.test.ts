/** KataGo's configuration of GTP. */
import { expect, test } from 'vitest';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { gtpConfig } from '#cli/gtp-config.ts';

const read = (settings: Record<string, string>) => gtpConfig(new Map(Object.entries(settings)));

test('the lag is told in seconds', () => {
  expect(read({ lagBuffer: '1.5' }).lagMs).toBe(1500);
});

test('settings that say nothing of it change nothing', () => {
  expect(read({ logDir: 'gtp_logs', maxVisits: '500' })).toEqual({});
});

test.each([
  [{ rules: 'japanese' }, RULE_PRESETS.japanese],
  [
    {
      koRule: 'SITUATIONAL',
      scoringRule: 'AREA',
      taxRule: 'NONE',
      multiStoneSuicideLegal: 'false',
      hasButton: 'false',
      whiteHandicapBonus: 'N-1',
    },
    RULE_PRESETS.aga,
  ],
])('rules have a name or are spelled out: %j', (settings, rules) => {
  expect(read(settings).rules).toEqual(rules);
});

test.each([
  [{ allowResignation: 'false', resignThreshold: '-0.9' }, 0],
  [{ allowResignation: 'true', resignThreshold: '-0.8' }, 0.1],
  [{ allowResignation: 'True' }, 0.05],
  [{ resignThreshold: '-0.9' }, undefined],
])('%j resigns below a win rate of %j', (settings, rate) => {
  const { resignBelow } = read(settings);
  if (rate === undefined) expect(resignBelow).toBeUndefined();
  else expect(resignBelow).toBeCloseTo(rate);
});

test.each([
  [{ ponderingEnabled: 'perhaps' }, 'The setting ponderingEnabled cannot be "perhaps".'],
  [{ resignThreshold: '0.5' }, 'The setting resignThreshold cannot be "0.5".'],
  [{ rules: 'tennis' }, /rules that nobody here knows: tennis\./],
  [{ hasButton: 'true' }, /rules that nobody here knows: \{"hasButton":true\}\./],
])('%j is refused', (settings, message) => {
  expect(() => read(settings)).toThrow(message);
});
