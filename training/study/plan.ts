/** The runs of a study: each net with each seed, as an ordinary supervised run. */
import { join } from 'node:path';
import { parseAddress, turned } from '#nets/address.ts';
import type { ChangedSpec } from '#nets/changed-spec.ts';
import { checked } from '#nets/checked.ts';
import { MAX_IMAGE_SIDE, isImageSpec } from '#nets/spec.ts';
import type { AnySpec } from '#nets/spec.ts';
import { weightShapes } from '#nets/weight-shapes.ts';
import { merge } from '../config-tree.ts';
import type { Tree } from '../config-tree.ts';
import { SupervisedConfig } from '../config.ts';
import { freezeProblem } from '../freeze.ts';
import { imageSpec, trainedGameSpec } from '../spec-of-config.ts';
import { plannedStartProblem } from '../start.ts';
import { quickVersion } from './study-file.ts';
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

/** Stands for images whose size is not known before they are read: the largest that a net may take, on which all windows lie that do on any. */
const ANY_IMAGE = { height: MAX_IMAGE_SIDE, width: MAX_IMAGE_SIDE, channels: 1 };
const ANY_CLASSES = 10;

/** The net that learns; of images as it is for those of `ANY_IMAGE`, unless the config spells out the size. */
function learnedSpec(config: SupervisedConfig): ChangedSpec<AnySpec> {
  const { data, net } = config;
  if (data.kind === 'images') {
    const image = typeof net === 'object' && isImageSpec(net) ? net.image : ANY_IMAGE;
    return imageSpec(config, image, data.classes?.length ?? ANY_CLASSES);
  }
  return trainedGameSpec(config, data);
}

type PlannedNet = PlannedRun['net'] & { readonly config: SupervisedConfig; readonly spec: AnySpec };

/** What is wrong with a net or with how it is trained and used, found out before anything is; or null. */
function netProblem(net: PlannedNet, before: ReadonlyMap<string, AnySpec>): string | null {
  const { spec, config, start, playedAs } = net;
  for (const way of playedAs) {
    const { dial } = parseAddress(`net#${way}`);
    const played = dial === null ? `there is no way to play as ${way}` : turned(spec.trunk, dial);
    if (typeof played === 'string') return played;
  }
  const frozen = freezeProblem(weightShapes(spec).keys(), config.learner.freeze);
  if (frozen !== null) return `field learner.freeze: it ${frozen}`;
  const begun = start && before.get(start);
  return begun && seeAlike(spec, begun) ? plannedStartProblem(spec, `field start: ${start}`, begun) : null;
}

/** Whether trunks may be compared before the size of images is known; one that spells it out and one that does not may not. */
function seeAlike(a: AnySpec, b: AnySpec): boolean {
  return JSON.stringify('image' in a && a.image) === JSON.stringify('image' in b && b.image);
}

/** In the order in which they are trained: all nets with the first seed, then with the next. The study has to be right with --quick too. */
export function planRuns(study: Study, options: PlanOptions): Plan {
  const [plan, quick] = [study, quickVersion(study)].map((version) => planVersion(version, options));
  return plan.ok && !quick.ok ? { ok: false, message: `with --quick, ${quick.message}` } : plan;
}

function planVersion(study: Study, options: PlanOptions): Plan {
  const { out, data, commit } = options;
  const folderOf = (net: string, seed: number): string => join(out, `${net}-s${seed}`);
  const trained = (net: string | undefined, seed: number): string | undefined =>
    net === undefined ? undefined : join(folderOf(net, seed), 'net.safetensors');
  const runs: PlannedRun[] = [];
  // Seeds change no net.
  const specs = new Map<string, AnySpec>();
  for (const seed of study.seeds)
    for (const net of study.nets) {
      const refuse = (message: string): Plan => ({ ok: false, message: `net ${net.name}: ${message}` });
      const [start, sampler] = [net.start, net.sampler].map((named) => trained(named, seed));
      const layers: Tree[] = [study.options, net.options, { data }, { start, data: { sampler } }];
      const config = checked(SupervisedConfig, layers.reduce(merge, { seed, commit }));
      if (!config.ok) return refuse(config.message);
      if (!specs.has(net.name)) {
        const learned = learnedSpec(config.value);
        if (!learned.ok) return refuse(learned.message);
        const problem = netProblem({ ...net, config: config.value, spec: learned.spec }, specs);
        if (problem !== null) return refuse(problem);
        specs.set(net.name, learned.spec);
      }
      runs.push({ net, seed, folder: folderOf(net.name, seed), config: config.value });
    }
  return { ok: true, runs };
}
