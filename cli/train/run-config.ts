/** Configs of runs from files and options, and refusals of what is wrong with them. */
import { InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import { checked } from '#nets/checked.ts';
import { ConfigPart, NO_FIELDS, covered, merge } from '#training/config-tree.ts';
import type { Tree } from '#training/config-tree.ts';
import { twiceProblem } from '#training/distinct.ts';
import { readConfigFile } from '#training/text-files.ts';
import { CliError, EXIT } from '../common.ts';

/** What the options ask for, over the part of a config in a file where one is named. @throws CliError with what is wrong with the file. */
export function readPart(path: string | undefined, options: Tree): Tree {
  if (path === undefined) return merge({}, options);
  const read = readConfigFile<Tree>(path, ConfigPart);
  if (read === null) throw new CliError(EXIT.badInput, `${path}: cannot be read (ENOENT)`);
  if (typeof read === 'string') throw new CliError(EXIT.badInput, read);
  const [lost] = covered(read, options);
  return lost === undefined ? merge(read, options) : refuseConfig(`field ${lost}: ${NO_FIELDS}`, path);
}

/** @param file that the tree is from in part. @throws CliError that names it, or the options where there is none, and the field that is wrong. */
export function checkConfig<Config>(schema: z.ZodType<Config>, tree: Tree, file?: string): Config {
  const config = checked(schema, tree);
  return config.ok ? config.value : refuseConfig(config.message, file);
}

/** @param message that names the field. @param file as of `checkConfig`. */
export function refuseConfig(message: string, file: string | undefined): never {
  throw file === undefined
    ? new CliError(EXIT.usage, `The options: ${message}`)
    : new CliError(EXIT.badInput, `${file}: ${message}`);
}

/** @throws CliError where there is such a difference. */
export function refuseDifference(run: string, field: string | null): void {
  if (field === null) return;
  const lengthens = field === 'steps';
  throw new CliError(
    EXIT.usage,
    `The run ${run} was started with another value of ${field}; leave it out to go on with that run, or choose a new --out${lengthens ? `, and --start ${run} to learn on from its net` : ''}.`,
  );
}

/** A commander argument parser for "shift=2,flip=0.5"; the config says which names and values there are. */
export function settings(text: string): Tree {
  const pairs = text.split(',').map((setting) => {
    const [, name, value] = /^(\w+)=(.+)$/.exec(setting.trim()) ?? [];
    const number = Number(value);
    if (name === undefined || (Number.isNaN(number) && value !== 'true' && value !== 'false'))
      throw new InvalidArgumentError('Give name=value, with commas between several.');
    return [name, Number.isNaN(number) ? value === 'true' : number] as const;
  });
  const problem = twiceProblem(pairs.map(([name]) => name));
  if (problem !== null) throw new InvalidArgumentError(`${problem}.`);
  return Object.fromEntries(pairs);
}
