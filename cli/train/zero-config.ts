/** From options, a preset, a file and what a run was started with to the config of a self-play run. */
import { z } from 'zod';
import { readConfigFile } from '#training/text-files.ts';
import { PRESET } from '#training/zero/presets.ts';
import type { PresetName } from '#training/zero/presets.ts';
import { ZeroConfig } from '#training/zero/config.ts';
import type { ZeroFolder } from '#training/zero/zero-folder.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { usualKomi } from '#engine/record/komi.ts';
import { CliError, EXIT } from '../common.ts';
import { currentCommit } from './common.ts';

export type ZeroFlags = {
  readonly preset?: PresetName;
  readonly config?: string;
  readonly size?: number;
  readonly blocks?: number;
  readonly channels?: number;
  readonly visits?: number;
  readonly generations?: number;
  readonly gamesPerGeneration?: number;
  readonly learningRate?: number;
  readonly start?: string;
  readonly teacher?: string;
  readonly seed?: number;
};

/** A tree of plain data. */
type Tree = { readonly [name: string]: unknown };

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `over` where it says something, `under` elsewhere. */
function merge(under: Tree, over: Tree): Tree {
  const merged: Record<string, unknown> = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const below = merged[name];
    const both = isTree(value) ? merge(isTree(below) ? below : {}, value) : value;
    if (both !== undefined && !(isTree(both) && Object.keys(both).length === 0)) merged[name] = both;
  }
  return merged;
}

/** Where the options go in the config. */
function treeOf(flags: ZeroFlags): Tree {
  const { size, blocks, channels, visits, learningRate } = flags;
  const boards =
    size === undefined
      ? undefined
      : [{ size, weight: 1, komi: usualKomi(RULE_PRESETS['tromp-taylor'], size, size) }];
  const { generations, gamesPerGeneration, start, teacher, seed } = flags;
  return {
    net: { blocks, channels },
    selfPlay: { boards, visits },
    learner: { learningRate },
    generations,
    gamesPerGeneration,
    start,
    teacher,
    seed,
  };
}

/** Any part of a config. */
const Part = z.looseObject({}, { error: 'give one JSON object' });

function readPart(path: string): Tree {
  const read = readConfigFile<Tree>(path, Part);
  if (read === null) throw new CliError(EXIT.badInput, `${path}: cannot be read (ENOENT)`);
  if (typeof read === 'string') throw new CliError(EXIT.badInput, read);
  return read;
}

function check(tree: Tree, where: string): ZeroConfig {
  const parsed = ZeroConfig.safeParse(tree);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  const field = path.length === 0 ? '' : `field ${path.join('.')}: `;
  throw new CliError(EXIT.badInput, `${where}: ${field}${message}`);
}

/** The first place where two configs differ, as "selfPlay.visits"; null where they do not. */
function difference(a: unknown, b: unknown): string | null {
  if (!isTree(a) || !isTree(b)) return JSON.stringify(a) === JSON.stringify(b) ? null : '';
  for (const name of Object.keys({ ...a, ...b })) {
    const below = difference(a[name], b[name]);
    if (below !== null) return below === '' ? name : `${name}.${below}`;
  }
  return null;
}

/**
 * The config of the run in `folder`, which options may not contradict except for how long it goes on, or of a new one:
 * the preset, changed by the file, changed by the options. What is wrong with the options is said at once.
 * @returns the config by the preset, which is asked for where the options name none.
 */
export function zeroConfig(folder: ZeroFolder, flags: ZeroFlags): (preset: PresetName) => ZeroConfig {
  const stored = folder.readConfig();
  if (typeof stored === 'string') throw new CliError(EXIT.badInput, stored);
  const asked = merge(flags.config === undefined ? {} : readPart(flags.config), treeOf(flags));
  const make = (preset: PresetName): ZeroConfig =>
    check(
      merge(merge(PRESET[preset].config, asked), { commit: currentCommit() }),
      flags.config ?? 'The options',
    );
  if (stored === null) {
    make('cpu-night');
    return make;
  }
  const config = check(merge(stored, asked), flags.config ?? 'The options');
  const field =
    flags.preset === undefined
      ? difference(stored, { ...config, generations: stored.generations })
      : 'preset';
  if (field !== null)
    throw new CliError(
      EXIT.usage,
      `The run ${folder.path} was started with another ${field}; leave it out to go on with that run, or choose a new --out.`,
    );
  return () => config;
}
