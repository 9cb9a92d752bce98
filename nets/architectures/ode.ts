/** Trunks whose depth is a time: one small network as the slope of a differential equation (Chen et al. 2018). */
import { z } from 'zod';
import type { Layers, TrunkOutputs } from './layers.ts';
import { Scale, convRelu, entry, entryRelu } from './parts.ts';

/** In float32 there is nothing to be had below. */
const Tolerance = z.number().min(1e-7).max(1);

export const OdeTrunk = z.strictObject({
  kind: z.literal('ode'),
  scale: Scale,
  channels: z.int().min(1).max(512),
  solver: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.enum(['euler', 'rk4']), steps: z.int().min(1).max(64) }),
    z.strictObject({ kind: z.literal('dopri5'), rtol: Tolerance, atol: Tolerance }),
  ]),
  gradient: z.enum(['backprop', 'adjoint']),
});
export type OdeTrunk = z.infer<typeof OdeTrunk>;

/** The first convolution, moved by a differential equation; bn and relu. Images are halved twice before, as in the paper's net for MNIST. */
export function odeTrunk<X>(l: Layers<X>, { scale, channels, solver, gradient }: OdeTrunk): TrunkOutputs<X> {
  const start = scale === 'image' ? halvedTwice(l, channels) : entry(l, channels, 3);
  const moved = l.ode('trunk/ode', start, { solver, gradient });
  return { top: l.batchNorm('trunk/end', moved), taps: [] };
}

function halvedTwice<X>(l: Layers<X>, channels: number): X {
  const half = convRelu(l, 'trunk/half', entryRelu(l, channels, 3, { norm: true }), channels, 4, {
    norm: true,
    stride: 2,
  });
  return l.conv('trunk/quarter', half, channels, 4, { stride: 2 });
}

export function odeOf(scale: Scale, channels: number, solver: OdeTrunk['solver']): OdeTrunk {
  return { kind: 'ode', scale, channels, solver, gradient: 'backprop' };
}
