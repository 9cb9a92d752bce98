/** Our own trunk: pre-activation residual blocks (He et al. 2016b). */
import { z } from 'zod';
import { globalsOf } from './layers.ts';
import type { Layers, TrunkOutputs } from './layers.ts';

export const ResnetTrunk = z.strictObject({
  kind: z.literal('resnet'),
  /** Residual blocks of two 3x3 convolutions. */
  blocks: z.int().min(1).max(60),
  channels: z.int().min(4).max(512),
});
export type ResnetTrunk = z.infer<typeof ResnetTrunk>;

/** Conv 3x3 of the planes plus a dense map of the globals, blocks x + conv(relu(bn(conv(relu(bn x))))), bn and relu. */
export function resnetTrunk<X>(l: Layers<X>, { blocks, channels }: ResnetTrunk): TrunkOutputs<X> {
  let trunk = l.addVector(
    'trunk/sum',
    l.conv('trunk/input', l.planes, channels, 3),
    l.dense('trunk/globals', globalsOf(l), channels),
  );
  // So that the sum over blocks does not grow with depth: L^(-1/2), Fixup's scale for branches of two layers (Zhang et al. 2019).
  const gain = 1 / Math.sqrt(blocks);
  for (let i = 0; i < blocks; i++) {
    const name = `trunk/block${i}`;
    const inner = l.conv(`${name}/conv1`, l.batchNorm(`${name}/bn1`, trunk), channels, 3);
    const outer = l.conv(`${name}/conv2`, l.batchNorm(`${name}/bn2`, inner), channels, 3, { gain });
    trunk = l.add(`${name}/sum`, trunk, outer);
  }
  return { top: l.batchNorm('trunk/bn', trunk), taps: [] };
}
