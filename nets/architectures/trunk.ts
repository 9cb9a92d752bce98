/** Every trunk that a net may have, as data and as layers. */
import { z } from 'zod';
import { KataGoTrunk } from '../katago/spec.ts';
import { kataGoTrunk } from './katago.ts';
import type { Layers, TrunkOutputs } from './layers.ts';
import { ResnetTrunk, resnetTrunk } from './resnet.ts';

export const Trunk = z.discriminatedUnion('kind', [ResnetTrunk, KataGoTrunk]);
export type Trunk = z.infer<typeof Trunk>;

export function buildTrunk<X>(l: Layers<X>, trunk: Trunk): TrunkOutputs<X> {
  switch (trunk.kind) {
    case 'resnet':
      return resnetTrunk(l, trunk);
    case 'katago':
      return kataGoTrunk(l, trunk);
  }
}
