/** The runs of a study: each net with each seed, as an ordinary supervised run. */
import { join } from 'node:path';
import { parseAddress, turned } from '#nets/address.ts';
import { checked } from '#nets/checked.ts';
import { merge } from '../config-tree.ts';
import type { Tree } from '../config-tree.ts';
import { SupervisedConfig } from '../config.ts';
import { gameSpec, imageSpec } from '../spec-of-config.ts';
import type { Study } from './study-file.ts';

export type PlannedRun = {
  readonly net: Study['nets'][number];
  readonly seed: number;
  readonly folder: string;
  readonly config: SupervisedConfig;
};

export type PlanOptions = {
  /** The folder of the study. */
  readonly out: string;
  /** What the study does not say, because it differs from machine to machine: where the data lie. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly commit: string | undefined;
};

export type Plan =
  | { readonly ok: true; readonly runs: readonly PlannedRun[] }
  | { readonly ok: false; readonly message: string };

/** Stands for images whose size is not known before they are read. */
const ANY_IMAGE = { height: 28, width: 28, channels: 1 };
const ANY_CLASSES = 10;

/** What is wrong with a net or with a way to use it, found out before anything is trained; or null. */
function netProblem(config: SupervisedConfig, playedAs: readonly string[]): string | null {
  const { data } = config;
  const named = data.kind === 'images' ? imageSpec(config, ANY_IMAGE, ANY_CLASSES) : gameSpec(config, data);
  if (!named.ok) return named.message;
  for (const way of playedAs) {
    const { dial } = parseAddress(`net#${way}`);
    const played = dial === null ? `there is no way to play as ${way}` : turned(named.spec.trunk, dial);
    if (typeof played === 'string') return played;
  }
  return null;
}

/** In the order in which they are trained: all nets with the first seed, then with the next. */
export function planRuns(study: Study, options: PlanOptions): Plan {
  const { out, data, commit } = options;
  const folderOf = (net: string, seed: number): string => join(out, `${net}-s${seed}`);
  const trained = (net: string | undefined, seed: number): string | undefined =>
    net === undefined ? undefined : join(folderOf(net, seed), 'net.safetensors');
  const runs: PlannedRun[] = [];
  for (const seed of study.seeds)
    for (const net of study.nets) {
      const [start, sampler] = [net.start, net.sampler].map((named) => trained(named, seed));
      const layers: Tree[] = [study.options, net.options, { data }, { start, data: { sampler } }];
      const config = checked(SupervisedConfig, layers.reduce(merge, { seed, commit }));
      if (!config.ok) return { ok: false, message: `net ${net.name}: ${config.message}` };
      // Seeds change no net.
      const problem = seed === study.seeds[0] ? netProblem(config.value, net.playedAs) : null;
      if (problem !== null) return { ok: false, message: `net ${net.name}: ${problem}` };
      runs.push({ net, seed, folder: folderOf(net.name, seed), config: config.value });
    }
  return { ok: true, runs };
}
