/** The families that nets are named after. */
import { alexnetOf } from './alexnet.ts';
import { densenetOf } from './densenet.ts';
import { fractalOf } from './fractal.ts';
import { inceptionOf } from './inception.ts';
import { kataOf } from './kata.ts';
import { lenet5Of } from './lenet.ts';
import { odeOf } from './ode.ts';
import { times } from './parts.ts';
import type { Scale } from './parts.ts';
import { bottleneckOf, residualOf, resnextOf } from './residual.ts';
import type { Trunk } from './trunk.ts';
import { VGG_STAGES, vggOf } from './vgg.ts';

export type Family = {
  /** Which N there are in `NAME-N`; null where a name has none. */
  readonly depth: Depth | null;
  readonly targets: readonly Scale[];
  /** Of nets for images, the paper's. */
  readonly paperWidth: number;
  /** Least height and width of their images; smaller ones are padded. */
  readonly side: number;
  /** What widths must be multiples of. */
  readonly step: number;
  /** What they are multiples of where a name leaves them open. Default `step`. */
  readonly openStep?: number;
  readonly trunk: (scale: Scale, width: number, depth: number) => Trunk;
};

type Depth = { readonly example: number; readonly are: string; readonly has: (n: number) => boolean };

/** `each` layers with weights to each n, and `extra` beside them. */
const layers = (each: number, extra: number, example: number): Depth => ({
  example,
  are: `${each} n + ${extra}, to 200`,
  has: (n) => n > extra && n <= 200 && (n - extra) % each === 0,
});

const BOTH = { targets: ['board', 'image'], step: 1, side: 32 } as const;
const IMAGES = { depth: null, targets: ['image'], step: 1, side: 28 } as const;
const RESNET = { ...BOTH, depth: layers(6, 2, 20), paperWidth: 16 } as const;
const BOTTLENECK = { ...BOTH, depth: layers(9, 2, 29) } as const;
const VGG = {
  ...BOTH,
  depth: { example: 16, are: Object.keys(VGG_STAGES).join(', '), has: (n: number) => n in VGG_STAGES },
  paperWidth: 64,
} as const;
const KATA = {
  depth: { example: 6, are: '1 to 60', has: (n: number) => n >= 1 && n <= 60 },
  targets: ['board'],
  paperWidth: 0,
  side: 0,
} as const;
/** Whole vectors of 512 bits: without them ONNX Runtime takes twice as long for the same convolutions, of which these nets make many. */
const ODE = { ...BOTH, paperWidth: 64, side: 28, openStep: 16 } as const;
const STEPS = { example: 6, are: '1 to 64', has: (n: number) => n >= 1 && n <= 64 };
/** Our choice: a step or two for most boards. Chen et al. 2018 take 1e-3. */
const ADAPTIVE = { kind: 'dopri5', rtol: 1e-2, atol: 1e-2 } as const;

const families: Readonly<Record<string, Family>> = {
  'lenet-5': { ...BOTH, depth: null, paperWidth: 6, trunk: lenet5Of },
  'lenet-5-caffe': {
    ...IMAGES,
    paperWidth: 20,
    trunk: (_, width) => ({ kind: 'lenet-caffe', filters: [width, times(width, 2.5)], hidden: 25 * width }),
  },
  'lenet-300-100': {
    ...IMAGES,
    paperWidth: 300,
    trunk: (_, width) => ({ kind: 'mlp', hidden: [width, times(width, 1 / 3)], activation: 'relu' }),
  },
  alexnet: { ...BOTH, depth: null, paperWidth: 96, step: 2, trunk: alexnetOf },
  vgg: { ...VGG, trunk: (...size) => vggOf(...size, false) },
  'vgg-bn': { ...VGG, trunk: (...size) => vggOf(...size, true) },
  inception: {
    ...BOTH,
    depth: null,
    paperWidth: 64,
    trunk: (scale, width) => inceptionOf(scale, width, true),
  },
  'inception-naive': {
    ...BOTH,
    depth: null,
    paperWidth: 64,
    trunk: (scale, width) => inceptionOf(scale, width, false),
  },
  plain: { ...RESNET, trunk: (...size) => residualOf(...size, { form: 'plain' }) },
  resnet: { ...RESNET, trunk: residualOf },
  'resnet-bn-after-add': { ...RESNET, trunk: (...size) => residualOf(...size, { form: 'bn-after-add' }) },
  'resnet-preact': { ...RESNET, trunk: (...size) => residualOf(...size, { form: 'pre-activation' }) },
  'resnet-projection': { ...RESNET, trunk: (...size) => residualOf(...size, { shortcut: 'projection' }) },
  'resnet-bottleneck': {
    ...BOTTLENECK,
    paperWidth: 16,
    trunk: (scale, width, depth) => bottleneckOf(scale, width, depth, { stem: width, outer: 4, groups: 1 }),
  },
  resnext: {
    ...BOTTLENECK,
    paperWidth: 512,
    step: 8,
    trunk: resnextOf,
  },
  fractal: {
    ...BOTH,
    depth: { example: 4, are: '1 to 6', has: (n) => n >= 1 && n <= 6 },
    paperWidth: 64,
    trunk: fractalOf,
  },
  densenet: {
    ...BOTH,
    depth: layers(3, 4, 40),
    paperWidth: 12,
    trunk: (...size) => densenetOf(...size, false),
  },
  'densenet-bc': {
    ...BOTH,
    depth: layers(6, 4, 40),
    paperWidth: 12,
    trunk: (...size) => densenetOf(...size, true),
  },
  ode: { ...ODE, depth: null, trunk: (scale, width) => odeOf(scale, width, ADAPTIVE) },
  'ode-adjoint': {
    ...ODE,
    depth: null,
    trunk: (scale, width) => ({ ...odeOf(scale, width, ADAPTIVE), gradient: 'adjoint' }),
  },
  'ode-euler': {
    ...ODE,
    depth: STEPS,
    trunk: (scale, width, steps) => odeOf(scale, width, { kind: 'euler', steps }),
  },
  'ode-rk4': {
    ...ODE,
    depth: STEPS,
    trunk: (scale, width, steps) => odeOf(scale, width, { kind: 'rk4', steps }),
  },
  kata: { ...KATA, step: 4, trunk: (_, width, blocks) => kataOf(width, blocks, false) },
  'kata-nbt': { ...KATA, step: 8, trunk: (_, width, blocks) => kataOf(width, blocks, true) },
};

export const FAMILIES: ReadonlyMap<string, Family> = new Map(Object.entries(families));
