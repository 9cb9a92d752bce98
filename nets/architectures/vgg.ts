/** VGG's plain stacks of 3x3 convolutions (Simonyan and Zisserman 2015, table 1). */
import { z } from 'zod';
import type { Layers, TrunkOutputs } from './layers.ts';
import { Channels, Rate, Scale, convRelu, entryRelu, fullyConnected, halve, widths } from './parts.ts';

export const VggTrunk = z.strictObject({
  kind: z.literal('vgg'),
  scale: Scale,
  /** Convolutions up to each halving of the map, and their filters. */
  stages: z
    .array(z.strictObject({ convs: z.int().min(1).max(16), channels: Channels }))
    .min(1)
    .max(8),
  /** 4096 and 4096 in the paper. */
  hidden: z.array(Channels).max(3),
  /** Behind the hidden layers; 0.5 in the paper. */
  dropout: Rate,
  /** Whether every convolution has a batch norm, which the paper's do not. */
  norm: z.boolean(),
});
export type VggTrunk = z.infer<typeof VggTrunk>;

export function vggTrunk<X>(l: Layers<X>, trunk: VggTrunk): TrunkOutputs<X> {
  const { scale, stages, norm } = trunk;
  let x = entryRelu(l, stages[0].channels, 3, { norm });
  stages.forEach(({ convs, channels }, s) => {
    const name = `trunk/stage${s}`;
    for (let i = s === 0 ? 1 : 0; i < convs; i++)
      x = convRelu(l, `${name}/layer${i}`, x, channels, 3, { norm });
    x = halve(l, `${name}/pool`, x, scale);
  });
  return { top: fullyConnected(l, x, { ...trunk, activation: 'relu' }), taps: [] };
}

/** Convolutions of each stage in the paper's configurations A, B, D and E, by their layers with weights. */
export const VGG_STAGES: Readonly<Record<number, readonly number[]>> = {
  11: [1, 1, 2, 2, 2],
  13: [2, 2, 2, 2, 2],
  16: [2, 2, 3, 3, 3],
  19: [2, 2, 4, 4, 4],
};

/** The paper's at width 64; on boards 1x1 convolutions, which are small, stand for the fully connected layers, without dropout. */
export function vggOf(scale: Scale, width: number, depth: number, norm: boolean): VggTrunk {
  const channels = widths(scale, width, [1, 2, 4, 8, 8]);
  const hidden = scale === 'image' ? 64 * width : 2 * width;
  return {
    kind: 'vgg',
    scale,
    stages: VGG_STAGES[depth].map((convs, s) => ({ convs, channels: channels[s] })),
    hidden: [hidden, hidden],
    dropout: scale === 'image' ? 0.5 : 0,
    norm,
  };
}
