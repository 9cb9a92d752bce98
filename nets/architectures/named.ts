/** Nets by name: `resnet-20`, `resnet-20:16` for 16 channels, `4x32` for blocks x channels of Tengen's own. */
import { OWN_FEATURES } from '../features/feature-set.ts';
import type { FeatureSetName } from '../features/feature-set.ts';
import { layerCosts } from '../inspect/cost.ts';
import { playedSpec, resnetSpec } from '../spec.ts';
import type { ImageSpec, NetSpec } from '../spec.ts';
import { nearest } from './edit-distance.ts';
import { FAMILIES } from './families.ts';
import type { Family } from './families.ts';
import type { Scale } from './parts.ts';
import { Trunk, hasTaps } from './trunk.ts';

type Refusal = { readonly ok: false; readonly message: string };
export type NamedTrunk =
  | {
      readonly ok: true;
      readonly trunk: Trunk;
      /** Least height and width of images for it. */
      readonly side: number;
    }
  | Refusal;
export type NamedSpec<Spec> = { readonly ok: true; readonly spec: Spec } | Refusal;

const refuse = (message: string): Refusal => ({ ok: false, message });

/** Every name, with an example of its number where it has one. */
export const NET_NAMES: readonly string[] = [
  '4x32',
  ...[...FAMILIES].map(([key, family]) => exampleOf(key, family)),
];

function exampleOf(key: string, { depth }: Family): string {
  return depth === null ? key : `${key}-${depth.example}`;
}

/** What nets for boards come nearest to in parameters where a name leaves the width open, so that they compare. Our choice. */
const COMPARABLE_PARAMETERS = 300_000;

const MAX_WIDTH = 256;

/** Letters by which a name may differ from the one that was meant. Our choice. */
const MAX_SLIPS = 3;

/** Of which there are as many on boards of any size. */
const parametersOf = (spec: NetSpec): number =>
  layerCosts(playedSpec(spec), 9).reduce((sum, { parameters }) => sum + parameters, 0);

/** The same for all named nets, so that they differ in their trunks alone. */
const HEADS = { kind: 'tengen', policyChannels: 32, valueChannels: 32, valueHidden: 64 } as const;

/** Inception's taps have heads, as GoogLeNet's had. */
const auxiliaryOf = (trunk: Trunk): { auxiliary?: true } => (hasTaps(trunk) ? { auxiliary: true } : {});

const boardSpec = (trunk: Trunk, featureSet: FeatureSetName): NetSpec => ({
  featureSet,
  trunk,
  heads: { ...HEADS, ...auxiliaryOf(trunk) },
});

/** A name taken apart: `resnet-20:16` is depth 20 and width 16 of the family resnet. */
type Parsed = {
  readonly key: string;
  readonly family: Family;
  readonly depth: number;
  readonly width: number | null;
};

function parse(name: string): Parsed | Refusal {
  const [, whole, stem, number, suffix] = /^((.*?)(?:-(\d+))?)(?::(\d+))?$/.exec(name) ?? [];
  const [key, depth] = FAMILIES.has(whole) ? [whole, null] : [stem, Number(number)];
  const family = FAMILIES.get(key);
  if (family === undefined || (family.depth === null && depth !== null))
    return refuse(`there is no net ${name}; ${likeNames(stem)}`);
  if (family.depth !== null && (depth === null || !family.depth.has(depth)))
    return refuse(`net ${name} needs a number ${family.depth.are}, as in ${key}-${family.depth.example}`);
  return { key, family, depth: depth ?? 0, width: suffix === undefined ? null : Number(suffix) };
}

/** @param stem of the name, without its number and width. */
function likeNames(stem: string): string {
  const near = nearest(stem.toLowerCase(), [...FAMILIES.keys()], Math.min(MAX_SLIPS, stem.length / 2));
  const like = near.map((key) => exampleOf(key, FAMILIES.get(key) as Family));
  return like.length === 0 ? `there are ${NET_NAMES.join(', ')}` : `names like it are ${like.join(', ')}`;
}

/**
 * The trunk of this name; a refusal says in one sentence what is wrong with it. A width that the name leaves open is the
 * paper's for images, and for boards what makes 0.3 million parameters.
 */
export function namedTrunk(name: string, target: Scale): NamedTrunk {
  const own = /^(\d+)x(\d+)$/.exec(name);
  if (own !== null)
    return checked(name, { kind: 'resnet', blocks: Number(own[1]), channels: Number(own[2]) }, 1);
  const parsed = parse(name);
  if ('ok' in parsed) return parsed;
  const { key, family, depth } = parsed;
  if (!family.targets.includes(target)) return refuse(`net ${name} is not for ${target}s`);
  const make = (chosen: number): Trunk => family.trunk(target, chosen, depth);
  const chosen =
    parsed.width ??
    (target === 'image' ? family.paperWidth : comparable(make, family.openStep ?? family.step));
  if (chosen < 1 || chosen % family.step !== 0)
    return refuse(`the width of ${key} is ${widthsAre(family)}, not ${chosen}`);
  return checked(name, make(chosen), family.side);
}

const widthsAre = ({ step }: Family): string => (step === 1 ? 'at least 1' : `a multiple of ${step}`);

function checked(name: string, made: Trunk, side: number): NamedTrunk {
  const parsed = Trunk.safeParse(made);
  if (parsed.success) return { ok: true, trunk: parsed.data, side };
  return refuse(`net ${name} is beyond what is built, at ${parsed.error.issues[0].path.join('.')}`);
}

/** The width whose net for boards comes nearest to the number of parameters that all are compared at. */
function comparable(make: (width: number) => Trunk, step: number): number {
  const excess = (steps: number): number =>
    parametersOf(boardSpec(make(steps * step), OWN_FEATURES.name)) - COMPARABLE_PARAMETERS;
  // The least number of steps that exceeds it, which parameters grow with.
  let [low, high] = [1, Math.floor(MAX_WIDTH / step)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (excess(middle) < 0) low = middle + 1;
    else high = middle;
  }
  const steps = low > 1 && -excess(low - 1) < excess(low) ? low - 1 : low;
  return steps * step;
}

/** The net of this name that plays. */
export function namedSpec(name: string, featureSet: FeatureSetName = OWN_FEATURES.name): NamedSpec<NetSpec> {
  const named = namedTrunk(name, 'board');
  if (!named.ok) return named;
  const { trunk } = named;
  if (trunk.kind === 'resnet')
    return { ok: true, spec: resnetSpec(trunk.blocks, trunk.channels, featureSet) };
  return { ok: true, spec: boardSpec(trunk, featureSet) };
}

/** The net of this name that tells images apart; larger than `image` where they must be padded. */
export function namedImageSpec(
  name: string,
  image: ImageSpec['image'],
  classes: number,
): NamedSpec<ImageSpec> {
  const named = namedTrunk(name, 'image');
  if (!named.ok) return named;
  const { trunk, side } = named;
  const [height, width] = [image.height, image.width].map((given) => Math.max(given, side));
  const heads = { kind: 'classes', classes, ...auxiliaryOf(trunk) } as const;
  return { ok: true, spec: { image: { ...image, height, width }, trunk, heads } };
}
