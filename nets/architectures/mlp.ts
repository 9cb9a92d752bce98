/** Dense layers alone, for images of a fixed size: LeNet-300-100 (LeCun et al. 1998, section III.C) is hidden [300, 100]. */
import { z } from 'zod';
import type { Layers, TrunkOutputs } from './layers.ts';
import { Channels, initFor } from './parts.ts';

export const MlpTrunk = z.strictObject({
  kind: z.literal('mlp'),
  hidden: z.array(Channels).min(1).max(8),
  activation: z.enum(['relu', 'tanh']),
});
export type MlpTrunk = z.infer<typeof MlpTrunk>;

export function mlpTrunk<X>(l: Layers<X>, { hidden, activation }: MlpTrunk): TrunkOutputs<X> {
  const init = initFor(activation);
  const top = hidden.reduce(
    (x, units, i) => l.dense(`trunk/full${i}`, x, units, { activation, init }),
    l.flatten('trunk/flat', l.planes),
  );
  return { top, taps: [] };
}
