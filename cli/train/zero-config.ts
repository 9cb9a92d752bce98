/** From options, a preset, a file and what a run was started with to the config of a self-play run. */
import { PRESET } from '#training/zero/presets.ts';
import type { PresetName } from '#training/zero/presets.ts';
import { ZeroConfig, isSpec } from '#training/zero/config.ts';
import type { ZeroFolder } from '#training/zero/zero-folder.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { usualKomi } from '#engine/record/komi.ts';
import { withPaths } from '#training/config-paths.ts';
import { difference, merge } from '#training/config-tree.ts';
import type { Tree } from '#training/config-tree.ts';
import { isImageSpec } from '#nets/spec.ts';
import type { NetSpec } from '#nets/spec.ts';
import { CliError, EXIT } from '../common.ts';
import { loadAnyState } from '../net/common.ts';
import { currentCommit } from './common.ts';
import { checkConfig, readPart, refuseDifference } from './run-config.ts';

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

export type ConfigOfRun = {
  /** What the run that is there began to compute with, where it says so. */
  readonly backend: string | undefined;
  /** The config by the preset, which is asked for where the options name none. @param backend that computes now. */
  readonly by: (preset: PresetName, backend: string) => ZeroConfig;
};

/**
 * The config of the run in `folder`, which options may not contradict except for how long it goes on, or of a new one:
 * the preset, changed by the file, changed by the options. What is wrong with the options is said at once.
 */
export function zeroConfig(folder: ZeroFolder, flags: ZeroFlags): ConfigOfRun {
  const stored = folder.readConfig();
  if (typeof stored === 'string') throw new CliError(EXIT.badInput, stored);
  const asked = withPaths(readPart(flags.config, treeOf(flags)), stored);
  const spelled = asked.net === undefined ? spelledNet(stored, asked.start) : undefined;
  const make = (preset: PresetName): ZeroConfig => {
    const { net, ...config } = PRESET[preset].config;
    const by = { ...config, net: under(spelled ?? net, asked.net) };
    return checkConfig(ZeroConfig, merge(merge(by, asked), { commit: currentCommit() }), flags.config);
  };
  if (stored === null) {
    make('cpu-night');
    return { backend: undefined, by: (preset, backend) => ({ ...make(preset), backend }) };
  }
  const wanted =
    flags.preset === undefined
      ? checkConfig(ZeroConfig, merge({ ...stored, net: under(stored.net, asked.net) }, asked), flags.config)
      : make(flags.preset);
  const { generations, commit, backend } = stored;
  refuseDifference(folder.path, difference(stored, { ...wanted, generations, commit, backend }));
  const config = {
    ...stored,
    generations: asked.generations === undefined ? generations : wanted.generations,
  };
  refuseShorter(folder, config);
  return { backend, by: (_, now) => ({ ...config, backend: backend ?? now }) };
}

/** What is under the net that is asked for: sizes fill up one another, a spec stands alone. */
const under = <Net>(net: Net, asked: unknown): Net | undefined =>
  asked !== undefined && (isSpec(net) || isSpec(asked)) ? undefined : net;

/** The spec that the run has stored, or that of the net it begins from; undefined where the preset says. @throws CliError where that net cannot be read. */
function spelledNet(stored: ZeroConfig | null, start: unknown): NetSpec | undefined {
  if (stored !== null) return isSpec(stored.net) ? stored.net : undefined;
  if (typeof start !== 'string') return undefined;
  const { spec } = loadAnyState(start);
  if (isImageSpec(spec))
    throw new CliError(EXIT.badInput, `${start}: this is a net for images, which plays no Go`);
  return spec;
}

/** @throws CliError where the run is past its last generation. */
function refuseShorter(folder: ZeroFolder, { generations }: ZeroConfig): void {
  const finished = folder.generations();
  if (typeof finished === 'string') throw new CliError(EXIT.badInput, finished);
  if (generations !== null && finished.length > generations)
    throw new CliError(
      EXIT.usage,
      `The run ${folder.path} has finished ${finished.length} generations already; give as many --generations or more.`,
    );
}
