/** Every named architecture, narrow and shallow, with random weights. */
import { namedImageSpec, namedSpec } from '#nets/architectures/named.ts';
import type { NetFile } from '#nets/file.ts';
import { playedSpec } from '#nets/spec.ts';
import type { AnySpec, ImageSpec, NetSpec } from '#nets/spec.ts';
import { randomWeights } from '../katago/random-nets.ts';

export const SMALL_NETS: readonly string[] = [
  '2x8',
  'lenet-5:2',
  'alexnet:6',
  'vgg-11:4',
  'vgg-bn-11:4',
  'inception:8',
  'inception-naive:4',
  'plain-8:4',
  'resnet-8:4',
  'resnet-bn-after-add-8:4',
  'resnet-preact-8:4',
  'resnet-projection-8:4',
  'resnet-bottleneck-11:4',
  'resnext-11:8',
  'fractal-3:4',
  'densenet-10:4',
  'densenet-bc-10:4',
  'ode:4',
  'ode-adjoint:4',
  'ode-euler-3:4',
  'ode-rk4-2:4',
  'kata-3:8',
  'kata-nbt-3:8',
];

export function specOf(name: string): NetSpec {
  const named = namedSpec(name);
  if (!named.ok) throw new Error(named.message);
  return named.spec;
}

export function imageSpecOf(name: string): ImageSpec {
  const named = namedImageSpec(name, { height: 28, width: 28, channels: 1 }, 10);
  if (!named.ok) throw new Error(named.message);
  return named.spec;
}

/**
 * As it plays, with weights that leave no bias, shift or statistic at 0, and these so small and kernels so large (He et al.
 * 2015, eq. 10) that what is seen is not lost on the way through a deep net.
 */
export function randomNet<Spec extends AnySpec>(spec: Spec, seed = 1): NetFile<Spec> {
  const played = playedSpec(spec);
  const weights = randomWeights(played, seed);
  for (const [name, { shape, values }] of weights) {
    const isShift = /bias|beta|shift|mean$/.test(name);
    const gain = isShift ? 0.2 : shape.length > 1 ? Math.SQRT2 : 1;
    values.forEach((value, i) => (values[i] = gain * value));
  }
  return { spec: played, weights, provenance: {} };
}
