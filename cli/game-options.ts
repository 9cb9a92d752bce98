/** Options that every command about games spells the same way. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { MAX_KOMI_POINTS } from '#engine/go/rules.ts';
import type { Rules } from '#engine/go/rules.ts';
import { MAX_BOARD_SIDE, MIN_BOARD_SIDE, isBoardSide } from '#engine/go/size.ts';
import { usualKomi } from '#engine/record/komi.ts';
import { parseRules } from '#engine/record/rules-text.ts';
import { parsePlayer } from '#selfplay/player.ts';
import type { PlayerSpec } from '#selfplay/player.ts';
import { PROVIDERS, type Provider } from '#nets/providers.ts';
import { realNumber } from './common.ts';

export type BoardFlags = {
  readonly size: { readonly width: number; readonly height: number };
  readonly rules: Rules;
  readonly komi?: number;
  readonly provider: Provider;
};

/** "9" or "13x9". */
function parseSize(text: string): BoardFlags['size'] {
  const sides = /^(\d+)(?:x(\d+))?$/.exec(text);
  const width = Number(sides?.[1]);
  const height = Number(sides?.[2] ?? sides?.[1]);
  if (!isBoardSide(width) || !isBoardSide(height))
    throw new InvalidArgumentError(
      `Give the lines of the board, ${MIN_BOARD_SIDE} to ${MAX_BOARD_SIDE}, for example 9 or 13x9.`,
    );
  return { width, height };
}

function parseRulesOption(text: string): Rules {
  const rules = parseRules(text);
  if (rules === null)
    throw new InvalidArgumentError('Rules are tromp-taylor, chinese, japanese, aga or new-zealand.');
  return rules;
}

/** A commander argument parser for players. */
export function parsePlayerOption(text: string): PlayerSpec {
  const parsed = parsePlayer(text);
  if (!parsed.ok) throw new InvalidArgumentError(parsed.message);
  return parsed.spec;
}

/** What nets are evaluated with while playing. */
export function providerOption(): Option {
  return new Option('--provider <name>', 'what nets are evaluated with').choices(PROVIDERS).default('cpu');
}

/** Adds --size, --rules, --komi and --provider. */
export function addBoardOptions(command: Command): Command {
  return command
    .addOption(providerOption())
    .addOption(
      new Option('--size <n>', 'lines of the board, 9 or 13x9')
        .argParser(parseSize)
        .default({ width: 9, height: 9 }, '9'),
    )
    .addOption(
      new Option('--rules <name>', 'tromp-taylor, chinese, japanese, aga or new-zealand')
        .argParser(parseRulesOption)
        .default(parseRulesOption('chinese'), 'chinese'),
    )
    .option(
      '--komi <points>',
      "points for White (default: 7 on 9x9, elsewhere the rules' own)",
      realNumber(-MAX_KOMI_POINTS, MAX_KOMI_POINTS),
    );
}

/** The rules with the komi asked for, or the usual one. */
export function rulesOf({ size, rules, komi }: BoardFlags): Rules {
  return { ...rules, komi: komi ?? usualKomi(rules, size.width, size.height) };
}
