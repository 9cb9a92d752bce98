/** The options of a bench, whether it was started itself or by `tengen bench NAME`: read, and refused by their names. */
import { parseArgs } from 'node:util';
import type { ParseArgsOptionsConfig } from 'node:util';
import { BenchRefusal } from './refusal.ts';

type Values<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ args: string[]; options: Options & { json: { type: 'boolean' } } }>
>['values'];

/** These options and --json. @throws BenchRefusal for others, and for those that say nothing. */
export function benchOptions<const Options extends ParseArgsOptionsConfig>(
  options: Options,
): Values<Options> {
  const given = process.argv.slice(2);
  const args = given[0] === 'bench' ? given.slice(2) : given;
  let values: Values<Options>;
  try {
    ({ values } = parseArgs({ args, options: { ...options, json: { type: 'boolean' } } }));
  } catch (error) {
    throw refused((error as Error).message.replaceAll('\n', ' '));
  }
  const empty = Object.entries(values).find(([, value]) => value === '');
  if (empty !== undefined) throw refused(`--${empty[0]}: it says nothing; give a value, or leave it out`);
  return values;
}

const refused = (message: string): BenchRefusal => new BenchRefusal('usage', message);

/** @throws BenchRefusal for what is no such number. */
export function numberOption(
  name: string,
  text: string,
  { min, max, isWhole = true }: { readonly min: number; readonly max: number; readonly isWhole?: boolean },
): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isFinite(value) && value >= min && value <= max && (Number.isInteger(value) || !isWhole))
    return value;
  throw refused(`--${name}: give a ${isWhole ? 'whole ' : ''}number from ${min} to ${max}, not "${text}"`);
}

/** @throws BenchRefusal for what is none of these. */
export function choiceOption<Choice extends string>(
  name: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((each) => each === text);
  if (choice !== undefined) return choice;
  throw refused(`--${name}: give ${choices.join(' or ')}, not "${text}"`);
}

/** Blocks and channels of a residual net, as "4x32". @throws BenchRefusal for anything else. */
export function shapeOption(name: string, text: string): readonly [blocks: number, channels: number] {
  const [, blocks, channels] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  if (blocks === undefined) throw refused(`--${name}: give blocks and channels, such as 4x32, not "${text}"`);
  return [
    numberOption(name, blocks, { min: 1, max: 60 }),
    numberOption(name, channels, { min: 4, max: 512 }),
  ];
}
