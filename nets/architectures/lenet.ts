/** The LeNets: LeNet-5 of 1998 with its sparse C3, and the LeNet of Caffe, which papers on pruning measure. */
import { z } from 'zod';
import type { ConnectionTable, Layers, TrunkOutputs } from './layers.ts';
import { Channels, Scale, entry, times } from './parts.ts';

export const Lenet5Trunk = z
  .strictObject({
    kind: z.literal('lenet-5'),
    scale: Scale,
    /** Maps of C1, C3 and C5; 6, 16 and 120 in the paper. */
    maps: z.tuple([Channels, Channels, Channels]),
    /** Units of F6; 84 in the paper. */
    hidden: Channels,
    /** Whether each map of C3 sees only the maps of S2 that the paper's table I gives it. */
    sparse: z.boolean(),
  })
  .refine(({ maps: [c1, c3], sparse }) => !sparse || (c1 === 6 && c3 === C3_TABLE.length), {
    path: ['sparse'],
    error: 'table I is for maps of 6 and 16; it has to be false for others',
  });
export type Lenet5Trunk = z.infer<typeof Lenet5Trunk>;

/** LeCun et al. 1998, table I: for each map of C3 the maps of S2 that it sees. */
const C3_TABLE: ConnectionTable = [
  [0, 1, 2],
  [1, 2, 3],
  [2, 3, 4],
  [3, 4, 5],
  [0, 4, 5],
  [0, 1, 5],
  [0, 1, 2, 3],
  [1, 2, 3, 4],
  [2, 3, 4, 5],
  [0, 3, 4, 5],
  [0, 1, 4, 5],
  [0, 1, 2, 5],
  [0, 1, 3, 4],
  [1, 2, 4, 5],
  [0, 2, 3, 5],
  [0, 1, 2, 3, 4, 5],
];

const SQUASH = 'lecun-tanh';
const KERNEL = { init: 'lecun', bias: true } as const;

/**
 * LeCun et al. 1998, section II.B. Subsampling is coefficient * mean + bias, the mean of four where the paper has their
 * sum, so that coefficients are 4 times the paper's. The paper's output units are 84 inputs' distances to fixed codes;
 * here the head's dense layer is in their place.
 */
export function lenet5Trunk<X>(l: Layers<X>, trunk: Lenet5Trunk): TrunkOutputs<X> {
  const { scale, hidden, sparse } = trunk;
  const [c1, c3, c5] = trunk.maps;
  const padding = scale === 'image' ? 'valid' : 'same';
  const squash = (name: string, x: X): X => l.activate(`${name}/tanh`, x, SQUASH);
  const subsample = (name: string, x: X): X => {
    if (scale === 'board') return x;
    const mean = l.window(`${name}/mean`, x, { kind: 'mean', size: 2, stride: 2 });
    return squash(name, l.affine(`${name}/affine`, mean, 'identity'));
  };
  const s2 = subsample('trunk/s2', squash('trunk/c1', entry(l, c1, 5, { ...KERNEL, padding })));
  const table = sparse ? { table: C3_TABLE } : {};
  const s4 = subsample(
    'trunk/s4',
    squash('trunk/c3', l.conv('trunk/c3', s2, c3, 5, { ...KERNEL, padding, ...table })),
  );
  const top = squash('trunk/c5', l.conv('trunk/c5', s4, c5, 5, { ...KERNEL, padding }));
  const f6 =
    scale === 'image'
      ? l.dense('trunk/f6', l.flatten('trunk/flat', top), hidden, { init: 'lecun' })
      : l.conv('trunk/f6', top, hidden, 1, KERNEL);
  return { top: squash('trunk/f6', f6), taps: [], signed: true };
}

export const CaffeLenetTrunk = z.strictObject({
  kind: z.literal('lenet-caffe'),
  /** 20 and 50 in Caffe's. */
  filters: z.tuple([Channels, Channels]),
  /** 500 in Caffe's. */
  hidden: Channels,
});
export type CaffeLenetTrunk = z.infer<typeof CaffeLenetTrunk>;

/** Caffe's examples/mnist/lenet.prototxt: the largest of each four is all that is not linear in its convolutions. For images. */
export function caffeLenetTrunk<X>(l: Layers<X>, { filters, hidden }: CaffeLenetTrunk): TrunkOutputs<X> {
  const options = { init: 'glorot', bias: true, padding: 'valid' } as const;
  const pool = (name: string, x: X): X => l.window(name, x, { kind: 'max', size: 2, stride: 2 });
  const first = pool('trunk/pool1', entry(l, filters[0], 5, options));
  const second = pool('trunk/pool2', l.conv('trunk/conv2', first, filters[1], 5, options));
  const flat = l.flatten('trunk/flat', second);
  return { top: l.dense('trunk/full', flat, hidden, { activation: 'relu' }), taps: [] };
}

/** The paper's at width 6, for boards in its proportions. */
export function lenet5Of(scale: Scale, width: number): Lenet5Trunk {
  return {
    kind: 'lenet-5',
    scale,
    maps: [width, times(width, 16 / 6), 20 * width],
    hidden: 14 * width,
    sparse: width === 6,
  };
}
