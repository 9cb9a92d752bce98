/** From options, a file and what a run was started with to the config of a supervised run. */
import { isImageSpec } from '#nets/spec.ts';
import { SupervisedConfig } from '#training/config.ts';
import type { RunFolder } from '#training/run-folder.ts';
import { withPaths } from '#training/config-paths.ts';
import { difference, isTree, merge } from '#training/config-tree.ts';
import type { Tree } from '#training/config-tree.ts';
import { CliError, EXIT } from '../common.ts';
import { loadAnyState } from '../net/common.ts';
import { currentCommit } from './common.ts';
import { checkConfig, readPart, refuseDifference } from './run-config.ts';

export type SupervisedFlags = {
  readonly config?: string;
  readonly games?: string[];
  readonly runs?: string[];
  readonly images?: string;
  readonly classes?: number[];
  readonly net?: string;
  readonly batch?: number;
  readonly steps?: number;
  readonly optimizer?: string;
  readonly learningRate?: number;
  readonly weightDecay?: number;
  readonly penalties?: Tree;
  readonly labelSmoothing?: number;
  readonly clipNorm?: number;
  readonly cycles?: number;
  readonly augment?: Tree;
  readonly sampler?: string;
  readonly holdOut?: number;
  readonly trainShare?: number;
  readonly bag?: number;
  readonly every?: number;
  readonly patience?: number;
  readonly monitor?: string;
  readonly start?: string;
  readonly freeze?: string[];
  readonly seed?: number;
};

/** Where the options go in the config. */
function treeOf(flags: SupervisedFlags): Tree {
  const { games, runs, images, classes, augment, sampler, cycles } = flags;
  const sources = { games, 'self-play': runs, images };
  const [kind, ...others] = Object.entries(sources).flatMap(([name, at]) => (at === undefined ? [] : [name]));
  if (others.length > 0)
    throw new CliError(EXIT.usage, 'Name one of --games, --runs and --images: a net learns one of them.');
  if (kind !== undefined) refuseForeign(kind, { classes, augment, sampler });
  const { optimizer, learningRate, weightDecay, penalties, labelSmoothing, clipNorm, freeze } = flags;
  const { net, batch, steps, holdOut, trainShare, bag, every, patience, monitor, start, seed } = flags;
  const schedule = cycles === undefined ? undefined : { kind: 'cyclic', cycles };
  return {
    data: { kind, files: games, runs, folder: images, classes, augment, sampler },
    net,
    batch,
    steps,
    learner: { optimizer, learningRate, weightDecay, penalties, labelSmoothing, clipNorm, schedule, freeze },
    holdOut,
    trainShare,
    bag,
    every,
    patience,
    monitor,
    start,
    seed,
  };
}

/** The options that only some data have, with the options that name these. */
const FOR = {
  classes: { images: '--images' },
  augment: { games: '--games', images: '--images' },
  sampler: { games: '--games' },
} as const;

/** @throws CliError where an option is given that data of this kind do not have. */
function refuseForeign(kind: string, given: Readonly<Record<keyof typeof FOR, unknown>>): void {
  for (const [name, data] of Object.entries(FOR))
    if (given[name as keyof typeof FOR] !== undefined && !(kind in data))
      throw new CliError(EXIT.usage, `--${name} goes with ${Object.values(data).join(' or ')} alone.`);
}

/** A run that begins from a net and names none has that net's architecture. @throws CliError where the net cannot be read. */
function likeStart(asked: Tree): Tree {
  const { net, start } = asked;
  if (net !== undefined || typeof start !== 'string') return asked;
  const { spec } = loadAnyState(start);
  const isOfImages = isImageSpec(spec) || (isTree(asked.data) && asked.data.kind === 'images');
  return merge({ net: spec, data: isOfImages ? {} : { featureSet: spec.featureSet } }, asked);
}

/** The stored config of an existing run, which options may not contradict, or that of a new one. */
export function supervisedConfig(folder: RunFolder, flags: SupervisedFlags): SupervisedConfig {
  const missing = folder.missingFile();
  if (missing !== null) throw new CliError(EXIT.badInput, missing);
  const stored = folder.readConfig();
  if (typeof stored === 'string') throw new CliError(EXIT.badInput, stored);
  const asked = withPaths(readPart(flags.config, treeOf(flags)), stored);
  if (stored !== null) {
    refuseDifference(folder.path, difference(stored, merge(stored, asked)));
    return stored;
  }
  if (asked.data === undefined)
    throw new CliError(
      EXIT.usage,
      'Name the game records with --games FILE..., runs of self-play with --runs RUN..., or the folder of images with --images FOLDER.',
    );
  return checkConfig(SupervisedConfig, merge(likeStart(asked), { commit: currentCommit() }), flags.config);
}
