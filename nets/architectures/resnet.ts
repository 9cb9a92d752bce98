/** The trunk that Tengen's own nets play with: pre-activation residual blocks (He et al. 2016b), told by two numbers. */
import { z } from 'zod';
import type { Layers, TrunkOutputs } from './layers.ts';
import { residualTrunk } from './residual.ts';

export const ResnetTrunk = z.strictObject({
  kind: z.literal('resnet'),
  /** Residual blocks of two 3x3 convolutions. */
  blocks: z.int().min(1).max(60),
  channels: z.int().min(4).max(512),
});
export type ResnetTrunk = z.infer<typeof ResnetTrunk>;

/** Conv 3x3 of the planes plus a dense map of the globals, blocks x + conv(relu(bn(conv(relu(bn x))))), bn and relu. */
export function resnetTrunk<X>(l: Layers<X>, { blocks, channels }: ResnetTrunk): TrunkOutputs<X> {
  return residualTrunk(l, {
    kind: 'residual',
    scale: 'board',
    stem: channels,
    stages: [{ blocks, channels }],
    groups: 1,
    form: 'pre-activation',
    shortcut: 'identity',
    norm: true,
    init: 'he',
    start: 'scaled',
  });
}
