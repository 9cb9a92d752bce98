/** Rule sets as text: the names that SGF and GTP programs use, and KataGo's spelling for anything else. */
import { z } from 'zod';
import { MAX_KOMI_POINTS, RULE_PRESETS, presetOf, type Rules, type RulesName } from '#engine/go/rules.ts';

const NAMES: readonly (readonly [RulesName, string, RegExp])[] = [
  ['tromp-taylor', 'Tromp-Taylor', /^(tromp.?taylor|goe|ing)$/],
  ['chinese', 'Chinese', /^(chinese|cn|china|area)$/],
  ['japanese', 'Japanese', /^(japanese|jp|japan|korean|territory)$/],
  ['aga', 'AGA', /^(aga|bga|french)$/],
  ['new-zealand', 'NZ', /^(nz|new.?zealand)$/],
];

/** Names of rules that are no preset here, and what KataGo means by them in its one-word spelling. */
const KATAGO_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^chinese.?(ogs|kgs)$/, 'koPOSITIONALscoreAREAtaxNONEsui0whbN'],
  [/^(ancient.?area|stone.?scoring)$/, 'koSIMPLEscoreAREAtaxALLsui0'],
  [/^ancient.?territory$/, 'koSIMPLEscoreTERRITORYtaxALLsui0'],
];

const KATAGO =
  /^ko(SIMPLE|POSITIONAL|SITUATIONAL)score(AREA|TERRITORY)tax(NONE|SEKI|ALL)sui([01])(?:button0)?(?:whb(0|N|N-1))?(?:fpok[01])?(?:komi(-?\d+(?:\.\d+)?))?$/i;

/** KataGo's JSON of rules; what is left out is as in Tromp-Taylor. The button, half a point for the first pass, is not played here. */
const kataJson = z.strictObject({
  ko: z.string().default('POSITIONAL'),
  scoring: z.string().optional(),
  score: z.string().default('AREA'),
  tax: z.string().optional(),
  suicide: z.boolean().default(true),
  hasButton: z.literal(false).default(false),
  whiteHandicapBonus: z.string().default('0'),
  /** Accepted, and heeded by nothing: ends of games are judged in one way here. */
  friendlyPassOk: z.boolean().optional(),
  komi: z.number().optional(),
});

/** The rules of KataGo's JSON in its one-word spelling; other text as it is. */
function fromKataJson(text: string): string {
  if (!text.startsWith('{')) return text;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return text;
  }
  const parsed = kataJson.safeParse(json);
  if (!parsed.success) return text;
  const { ko, score, scoring = score, suicide, whiteHandicapBonus, komi } = parsed.data;
  const { tax = scoring === 'TERRITORY' ? 'SEKI' : 'NONE' } = parsed.data;
  return `ko${ko}score${scoring}tax${tax}sui${Number(suicide)}whb${whiteHandicapBonus}${komi === undefined ? '' : `komi${komi}`}`;
}

/**
 * Reads a rules name in any common spelling, KataGo's JSON, or "koPOSITIONALscoreAREAtaxNONEsui1" as KataGo writes it.
 * @returns the rules with their usual komi, or null for a name nobody here knows and for text that says a komi.
 */
export function parseRules(text: string): Rules | null {
  return parseSpelled(text, false);
}

/** The same for text that may say a komi: a field of the JSON, or at the end of the word as in "...sui1komi7.5". */
export function parseRulesWithKomi(text: string): Rules | null {
  return parseSpelled(text, true);
}

function parseSpelled(text: string, mayHaveKomi: boolean): Rules | null {
  const name = text
    .trim()
    .toLowerCase()
    .replace(/[ -]?rules?$/, '');
  const preset = NAMES.find(([, , pattern]) => pattern.test(name));
  if (preset !== undefined) return RULE_PRESETS[preset[0]];
  const word = KATAGO_NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? fromKataJson(text.trim());
  const parts = KATAGO.exec(word)?.map((part: string | undefined) => part?.toLowerCase());
  if (parts === undefined) return null;
  const usual = parts[2] === 'area' ? RULE_PRESETS.chinese.komi : RULE_PRESETS.japanese.komi;
  const komi = parts[6] === undefined ? usual : Number(parts[6]);
  if (parts[6] !== undefined && !(mayHaveKomi && isKomi(komi))) return null;
  return {
    ko: parts[1] as Rules['ko'],
    scoring: parts[2] as Rules['scoring'],
    tax: parts[3] as Rules['tax'],
    suicide: parts[4] === '1',
    handicapBonus: parts[5] === 'n' ? 'n' : parts[5] === 'n-1' ? 'n-1' : 'none',
    komi,
  };
}

/** Whether KataGo takes it from rules: whole or half points. */
function isKomi(komi: number): boolean {
  return Number.isInteger(2 * komi) && Math.abs(komi) <= MAX_KOMI_POINTS;
}

/** A text that `parseRules` reads back as the same rules, komi aside: a name where there is one. */
export function formatRules(rules: Rules): string {
  const preset = presetOf(rules);
  const named = NAMES.find(([name]) => name === preset);
  if (named !== undefined) return named[1];
  const bonus = rules.handicapBonus === 'none' ? '' : `whb${rules.handicapBonus.toUpperCase()}`;
  return `ko${rules.ko.toUpperCase()}score${rules.scoring.toUpperCase()}tax${rules.tax.toUpperCase()}sui${rules.suicide ? 1 : 0}${bonus}`;
}

/** KataGo's JSON of rules, which `parseRules` reads back as the same rules, komi aside. */
export function formatKataRules(rules: Rules): string {
  return JSON.stringify({
    ko: rules.ko.toUpperCase(),
    scoring: rules.scoring.toUpperCase(),
    tax: rules.tax.toUpperCase(),
    suicide: rules.suicide,
    hasButton: false,
    whiteHandicapBonus: { none: '0', n: 'N', 'n-1': 'N-1' }[rules.handicapBonus],
  });
}
