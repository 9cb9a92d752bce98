/** AlexNet (Krizhevsky et al. 2012), each of its ingredients to be left out on its own. */
import { z } from 'zod';
import type { Layers, TrunkOutputs } from './layers.ts';
import { Channels, Rate, Scale, entry, fullyConnected, initFor, times } from './parts.ts';

export const AlexnetTrunk = z
  .strictObject({
    kind: z.literal('alexnet'),
    scale: Scale,
    /** The first convolution: 11 x 11 with stride 4 in the paper. */
    stem: z.strictObject({ size: z.int().min(1).max(11), stride: z.int().min(1).max(4) }),
    /** 96, 256, 384, 384 and 256 in the paper. */
    filters: z.tuple([Channels, Channels, Channels, Channels, Channels]),
    /** 4096 and 4096 in the paper. */
    hidden: z.array(Channels).max(3),
    /** 2 in the paper, one a GPU: the second, fourth and fifth convolution see the maps of their own GPU only. */
    groups: z.union([z.literal(1), z.literal(2)]),
    activation: z.enum(['relu', 'tanh']),
    /** Whether responses are normalised across neighbouring maps (section 3.3). */
    localNorm: z.boolean(),
    /** Whether pooled windows, of 3 x 3, overlap by one (section 3.4). */
    overlap: z.boolean(),
    /** Behind the hidden layers; 0.5 in the paper (section 4.2). */
    dropout: Rate,
  })
  .refine(({ scale, stem }) => scale === 'image' || stem.stride === 1, {
    path: ['stem', 'stride'],
    error: 'nets for boards keep all points: it has to be 1',
  })
  .refine(({ filters, groups }) => filters.every((count) => count % groups === 0), {
    path: ['filters'],
    error: 'each has to be a multiple of groups',
  });
export type AlexnetTrunk = z.infer<typeof AlexnetTrunk>;

/**
 * Section 3.3: k = 2, n = 5, alpha = 1e-4 and beta = 0.75 on pixels up to 255. On inputs up to 1, as all are here, that is
 * alpha 255^2; with 1e-4 all responses would be divided by 2^0.75.
 */
const LOCAL_NORM = { bias: 2, radius: 2, alpha: 1e-4 * 255 ** 2, beta: 0.75 } as const;

export function alexnetTrunk<X>(l: Layers<X>, trunk: AlexnetTrunk): TrunkOutputs<X> {
  const { scale, stem, filters, activation, localNorm, overlap } = trunk;
  const options = { bias: true, init: initFor(activation) };
  const act = (name: string, x: X): X => l.activate(`${name}/${activation}`, x, activation);
  const conv = (name: string, x: X, count: number, size: number, groups: number): X =>
    act(name, l.conv(`${name}/conv`, x, count, size, { ...options, groups }));
  const respond = (name: string, x: X): X => (localNorm ? l.localNorm(`${name}/norm`, x, LOCAL_NORM) : x);
  const pool = (name: string, x: X): X => {
    if (scale === 'board') return overlap ? l.window(`${name}/pool`, x, { kind: 'max', size: 3 }) : x;
    return l.window(`${name}/pool`, x, { kind: 'max', size: overlap ? 3 : 2, stride: 2, padding: 'valid' });
  };

  const padding = scale === 'image' ? 'valid' : 'same';
  const first = entry(l, filters[0], stem.size, { ...options, stride: stem.stride, padding });
  const one = pool('trunk/layer1', respond('trunk/layer1', act('trunk/layer1', first)));
  const second = conv('trunk/layer2', one, filters[1], 5, trunk.groups);
  const two = pool('trunk/layer2', respond('trunk/layer2', second));
  const three = conv('trunk/layer3', two, filters[2], 3, 1);
  const four = conv('trunk/layer4', three, filters[3], 3, trunk.groups);
  const five = pool('trunk/layer5', conv('trunk/layer5', four, filters[4], 3, trunk.groups));
  return { top: fullyConnected(l, five, trunk), taps: [], signed: activation !== 'relu' };
}

/** Filters in the paper's proportions, its own at width 96, on a first convolution for small images; on boards 1x1 convolutions, which are small, stand for the fully connected layers, without dropout. */
export function alexnetOf(scale: Scale, width: number): AlexnetTrunk {
  const hidden = scale === 'image' ? times(width, 4096 / 96) : 4 * width;
  const inner = 2 * times(width, 128 / 96);
  return {
    kind: 'alexnet',
    scale,
    stem: { size: 5, stride: 1 },
    filters: [width, inner, 4 * width, 4 * width, inner],
    hidden: [hidden, hidden],
    groups: 2,
    activation: 'relu',
    localNorm: true,
    overlap: true,
    dropout: scale === 'image' ? 0.5 : 0,
  };
}
