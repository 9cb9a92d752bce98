/** KataGo's configuration of a GTP engine in terms of ours, but for what the search is told. */
import { z } from 'zod';
import type { Rules } from '#engine/go/rules.ts';
import { parseRules } from '#engine/record/rules-text.ts';
import { CliError, EXIT } from './common.ts';

/** What settings say; undefined where they are silent. */
export type GtpConfig = {
  readonly rules: Rules | undefined;
  readonly ponder: boolean | undefined;
  readonly resignBelow: number | undefined;
  readonly lagMs: number | undefined;
};

const flag = z.stringbool({ truthy: ['true'], falsy: ['false'] });

/** Rules come by their name, or each by itself, as `katago genconfig` writes them. */
const GtpSettings = z.object({
  rules: z.string().optional(),
  koRule: z.string().optional(),
  scoringRule: z.string().optional(),
  taxRule: z.string().optional(),
  multiStoneSuicideLegal: flag.optional(),
  hasButton: flag.optional(),
  whiteHandicapBonus: z.string().optional(),
  ponderingEnabled: flag.optional(),
  /** Seconds until a move reaches the controller's clock. */
  lagBuffer: z.coerce.number().min(0).max(3600).optional(),
  allowResignation: flag.optional(),
  /** Of the mean outcome, from -1 to 1. */
  resignThreshold: z.coerce.number().min(-1).max(0).default(-0.9),
});

/** @throws CliError that names the setting which cannot be what it is. */
export function gtpConfig(settings: ReadonlyMap<string, string>): GtpConfig {
  const parsed = GtpSettings.safeParse(Object.fromEntries(settings));
  if (!parsed.success) throw impossibleSetting(String(parsed.error.issues[0].path[0]), settings);
  const { allowResignation, resignThreshold, ponderingEnabled, lagBuffer } = parsed.data;
  return {
    rules: rulesOf(parsed.data),
    ponder: ponderingEnabled,
    resignBelow:
      allowResignation === undefined ? undefined : allowResignation ? (1 + resignThreshold) / 2 : 0,
    lagMs: lagBuffer === undefined ? undefined : 1000 * lagBuffer,
  };
}

export function impossibleSetting(name: string, settings: ReadonlyMap<string, string>): CliError {
  return new CliError(EXIT.badInput, `The setting ${name} cannot be ${JSON.stringify(settings.get(name))}.`);
}

function rulesOf(settings: z.infer<typeof GtpSettings>): Rules | undefined {
  const { koRule: ko, scoringRule: scoring, taxRule: tax, multiStoneSuicideLegal: suicide } = settings;
  const { hasButton, whiteHandicapBonus } = settings;
  const spelled = JSON.stringify({ ko, scoring, tax, suicide, hasButton, whiteHandicapBonus });
  const { rules: text = spelled } = settings;
  if (text === '{}') return undefined;
  const rules = parseRules(text);
  if (rules === null)
    throw new CliError(EXIT.badInput, `The settings have rules that nobody here knows: ${text}.`);
  return rules;
}
