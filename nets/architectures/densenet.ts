/** DenseNet (Huang et al. 2017): every layer sees what all layers before it in its block have made. */
import { z } from 'zod';
import type { Layers, TrunkOutputs } from './layers.ts';
import { Channels, Scale, entry } from './parts.ts';

export const DensenetTrunk = z.strictObject({
  kind: z.literal('densenet'),
  scale: Scale,
  /** Filters of the first convolution. */
  stem: Channels,
  /** Channels that each layer adds: the growth rate k. */
  growth: Channels,
  /** Layers of each block. */
  blocks: z.array(z.int().min(1).max(64)).min(1).max(8),
  /** Whether a 1x1 convolution to 4 k channels comes before each of 3x3 (DenseNet-B). */
  bottleneck: z.boolean(),
  /** Share theta of the channels that a transition between blocks keeps; below 1 in DenseNet-C. */
  compression: z.number().gt(0).max(1),
});
export type DensenetTrunk = z.infer<typeof DensenetTrunk>;

/** Channels of a bottleneck to a growth rate of 1 (section 3, "Bottleneck layers"). */
const BOTTLENECK = 4;

/** x_l = H([x_0 ... x_(l-1)]) (eq. 2), H being conv(relu(bn x)). */
export function densenetTrunk<X>(l: Layers<X>, trunk: DensenetTrunk): TrunkOutputs<X> {
  const { scale, stem, growth, blocks, bottleneck, compression } = trunk;
  const h = (name: string, x: X, filters: number, size: number): X =>
    l.conv(`${name}/conv`, l.batchNorm(`${name}/bn`, x), filters, size);
  let x = entry(l, stem, 3);
  let channels = stem;
  blocks.forEach((layers, b) => {
    for (let i = 0; i < layers; i++) {
      const name = `trunk/block${b}/layer${i}`;
      const inner = bottleneck ? h(`${name}/reduce`, x, BOTTLENECK * growth, 1) : x;
      x = l.concat(`${name}/concat`, [x, h(name, inner, growth, 3)]);
    }
    channels += layers * growth;
    if (b === blocks.length - 1) return;
    channels = Math.max(1, Math.floor(compression * channels));
    const name = `trunk/transition${b}`;
    x = h(name, x, channels, 1);
    if (scale === 'image') x = l.window(`${name}/pool`, x, { kind: 'mean', size: 2, stride: 2 });
  });
  return { top: l.batchNorm('trunk/bn', x), taps: [] };
}

/** Three blocks in `depth` layers with weights: the paper's DenseNet, or DenseNet-BC with half of the channels kept. */
export function densenetOf(scale: Scale, growth: number, depth: number, bottleneck: boolean): DensenetTrunk {
  const layers = (depth - 4) / (bottleneck ? 6 : 3);
  return {
    kind: 'densenet',
    scale,
    stem: bottleneck ? 2 * growth : 16,
    growth,
    blocks: [layers, layers, layers],
    bottleneck,
    compression: bottleneck ? 0.5 : 1,
  };
}
