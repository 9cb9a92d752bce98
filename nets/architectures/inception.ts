/** GoogLeNet's Inception modules (Szegedy et al. 2015, figure 2), naive or with 1x1 reductions. */
import { z } from 'zod';
import type { Layers, TrunkOutputs } from './layers.ts';
import { Channels, Scale, convRelu, entryRelu, times } from './parts.ts';
import type { NormOptions } from './parts.ts';

/** Filters of a module, as in the paper's table 1. */
const InceptionModule = z.strictObject({
  one: Channels,
  three: Channels,
  five: Channels,
  /** Of the 1x1 convolutions before those of 3x3 and 5x5 and behind the pool; null for the naive module, which has none. */
  reduce: z.strictObject({ three: Channels, five: Channels, pool: Channels }).nullable(),
});
type InceptionModule = z.infer<typeof InceptionModule>;

export const InceptionTrunk = z.strictObject({
  kind: z.literal('inception'),
  scale: Scale,
  /** Filters of the 3x3 convolution before the modules. */
  stem: Channels,
  modules: z.array(InceptionModule).min(1).max(18),
  /** Whether convolutions have a batch norm, as in Ioffe and Szegedy 2015, section 4.2; GoogLeNet's had not. */
  norm: z.boolean(),
});
export type InceptionTrunk = z.infer<typeof InceptionTrunk>;

/** Of GoogLeNet's nine modules: those after which maps are halved (3b and 4e) and auxiliary heads sit (4a and 4d; section 5). */
const HALVED = [2, 7];
const TAPPED = [3, 6];

export function inceptionTrunk<X>(l: Layers<X>, trunk: InceptionTrunk): TrunkOutputs<X> {
  const { scale, stem, modules, norm } = trunk;
  const place = (ninths: number): number => Math.round((ninths * modules.length) / 9);
  const [halved, tapped] = [HALVED.map(place), TAPPED.map(place)];
  const taps: X[] = [];
  let x = entryRelu(l, stem, 3, { norm });
  modules.forEach((filters, i) => {
    const name = `trunk/module${i}`;
    x = inceptionModule(l, name, x, filters, { norm });
    if (tapped.includes(i + 1)) taps.push(x);
    if (scale === 'image' && halved.includes(i + 1))
      x = l.window(`${name}/halve`, x, { kind: 'max', size: 3, stride: 2 });
  });
  return { top: x, taps };
}

/** Kernels of 1x1, 3x3 and 5x5 and a 3x3 pool side by side on the same map, concatenated. */
function inceptionModule<X>(
  l: Layers<X>,
  name: string,
  x: X,
  { one, three, five, reduce }: InceptionModule,
  options: NormOptions,
): X {
  const conv = (path: string, input: X, filters: number, size: number): X =>
    convRelu(l, `${name}/${path}`, input, filters, size, options);
  const reduced = (path: 'three' | 'five'): X =>
    reduce === null ? x : conv(`${path}/reduce`, x, reduce[path], 1);
  const pooled = l.window(`${name}/pool/max`, x, { kind: 'max', size: 3 });
  return l.concat(`${name}/concat`, [
    conv('one', x, one, 1),
    conv('three', reduced('three'), three, 3),
    conv('five', reduced('five'), five, 5),
    reduce === null ? pooled : conv('pool/project', pooled, reduce.pool, 1),
  ]);
}

/** Table 1 of the paper: filters of 1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5 and pool projection in modules 3a to 5b. */
const GOOGLENET: readonly (readonly number[])[] = [
  [64, 96, 128, 16, 32, 32],
  [128, 128, 192, 32, 96, 64],
  [192, 96, 208, 16, 48, 64],
  [160, 112, 224, 24, 64, 64],
  [128, 128, 256, 24, 64, 64],
  [112, 144, 288, 32, 64, 64],
  [256, 160, 320, 32, 128, 128],
  [256, 160, 320, 32, 128, 128],
  [384, 192, 384, 48, 128, 128],
];

/** GoogLeNet's modules at width 64; for boards nine like its first, of one width throughout. */
export function inceptionOf(scale: Scale, width: number, reduced: boolean): InceptionTrunk {
  const modules = GOOGLENET.map((row) => {
    const filters = (scale === 'image' ? row : GOOGLENET[0]).map((count) => times(width, count / 64));
    const [one, reduceThree, three, reduceFive, five, pool] = filters;
    return { one, three, five, reduce: reduced ? { three: reduceThree, five: reduceFive, pool } : null };
  });
  return { kind: 'inception', scale, stem: 3 * width, modules, norm: true };
}
