/** Rule sets as plain data, and the named presets people expect. */

export type Rules = {
  readonly ko: 'simple' | 'positional' | 'situational';
  /** Whether removing one's own stones by a move that captures nothing is legal. Of a single stone it leaves the board as it was, which positional superko forbids. */
  readonly suicide: boolean;
  readonly scoring: 'area' | 'territory';
  /** Points that do not count: 'seki' = eyes in seki, 'all' = also two points a living group (group tax). */
  readonly tax: 'none' | 'seki' | 'all';
  /** Points added to White. */
  readonly komi: number;
  /** Extra points to White in handicap games of n stones: none, n, or n - 1. */
  readonly handicapBonus: 'none' | 'n' | 'n-1';
};

/** The largest komi, in points for either side, that is taken for one; a record beyond it uses another unit. Our choice. */
export const MAX_KOMI_POINTS = 150;

export type RulesName = 'tromp-taylor' | 'chinese' | 'japanese' | 'aga' | 'new-zealand';

export const RULE_PRESETS: Readonly<Record<RulesName, Rules>> = {
  'tromp-taylor': {
    ko: 'positional',
    suicide: true,
    scoring: 'area',
    tax: 'none',
    komi: 7.5,
    handicapBonus: 'none',
  },
  chinese: { ko: 'simple', suicide: false, scoring: 'area', tax: 'none', komi: 7.5, handicapBonus: 'n' },
  japanese: {
    ko: 'simple',
    suicide: false,
    scoring: 'territory',
    tax: 'seki',
    komi: 6.5,
    handicapBonus: 'none',
  },
  aga: { ko: 'situational', suicide: false, scoring: 'area', tax: 'none', komi: 7.5, handicapBonus: 'n-1' },
  'new-zealand': {
    ko: 'situational',
    suicide: true,
    scoring: 'area',
    tax: 'none',
    komi: 7,
    handicapBonus: 'none',
  },
};

/** A preset with some fields replaced, for example `makeRules('chinese', { komi: 7 })`. */
export function makeRules(name: RulesName, overrides: Partial<Rules> = {}): Rules {
  return { ...RULE_PRESETS[name], ...overrides };
}

/** The preset that these rules are, whatever their komi; null where they are none. */
export function presetOf(rules: Rules): RulesName | null {
  const fields = ['ko', 'suicide', 'scoring', 'tax', 'handicapBonus'] as const;
  const names = Object.keys(RULE_PRESETS) as RulesName[];
  return names.find((name) => fields.every((field) => RULE_PRESETS[name][field] === rules[field])) ?? null;
}
