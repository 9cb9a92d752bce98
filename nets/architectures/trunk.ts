/** Every trunk that a net may have, as data and as layers. */
import { z } from 'zod';
import { KataGoTrunk } from '../katago/spec.ts';
import { AlexnetTrunk, alexnetTrunk } from './alexnet.ts';
import { DensenetTrunk, densenetTrunk } from './densenet.ts';
import { FractalTrunk, fractalTrunk } from './fractal.ts';
import { InceptionTrunk, inceptionTrunk } from './inception.ts';
import { KataTrunk, kataTrunk } from './kata.ts';
import { kataGoTrunk } from './katago.ts';
import type { Layers, TrunkOutputs } from './layers.ts';
import { CaffeLenetTrunk, Lenet5Trunk, caffeLenetTrunk, lenet5Trunk } from './lenet.ts';
import { MlpTrunk, mlpTrunk } from './mlp.ts';
import { OdeTrunk, odeTrunk } from './ode.ts';
import type { Scale } from './parts.ts';
import { ResidualTrunk, residualTrunk } from './residual.ts';
import { ResnetTrunk, resnetTrunk } from './resnet.ts';
import { VggTrunk, vggTrunk } from './vgg.ts';

export const Trunk = z.discriminatedUnion('kind', [
  ResnetTrunk,
  KataGoTrunk,
  KataTrunk,
  Lenet5Trunk,
  CaffeLenetTrunk,
  MlpTrunk,
  AlexnetTrunk,
  VggTrunk,
  InceptionTrunk,
  ResidualTrunk,
  FractalTrunk,
  DensenetTrunk,
  OdeTrunk,
]);
export type Trunk = z.infer<typeof Trunk>;

/** Whether it has maps on the way for auxiliary heads. */
export const hasTaps = ({ kind }: Trunk): boolean => kind === 'inception';

/** Whether nets for such targets may have this trunk. */
export function isTrunkFor(target: Scale, trunk: Trunk): boolean {
  switch (trunk.kind) {
    case 'katago':
    case 'kata':
      return target === 'board';
    case 'lenet-caffe':
    case 'mlp':
      return target === 'image';
    case 'resnet':
      return true;
    default:
      return trunk.scale === target;
  }
}

export function buildTrunk<X>(l: Layers<X>, trunk: Trunk): TrunkOutputs<X> {
  switch (trunk.kind) {
    case 'resnet':
      return resnetTrunk(l, trunk);
    case 'katago':
      return kataGoTrunk(l, trunk);
    case 'kata':
      return kataTrunk(l, trunk);
    case 'lenet-5':
      return lenet5Trunk(l, trunk);
    case 'lenet-caffe':
      return caffeLenetTrunk(l, trunk);
    case 'mlp':
      return mlpTrunk(l, trunk);
    case 'alexnet':
      return alexnetTrunk(l, trunk);
    case 'vgg':
      return vggTrunk(l, trunk);
    case 'inception':
      return inceptionTrunk(l, trunk);
    case 'residual':
      return residualTrunk(l, trunk);
    case 'fractal':
      return fractalTrunk(l, trunk);
    case 'densenet':
      return densenetTrunk(l, trunk);
    case 'ode':
      return odeTrunk(l, trunk);
  }
}
