/** A batch norm as it is in play: one scale and one shift a channel. */
import type { AnyNetFile } from '../file.ts';
import { weightOf } from '../weight-of.ts';
import { BN_EPSILON } from '../architectures/layers.ts';

/** y = scale x + shift, one of each a channel. */
export type Affine = { readonly scale: Float32Array; readonly shift: Float32Array };

/** scale = gamma / sqrt(variance + epsilon), shift = beta - scale mean, with the moving statistics. */
export function foldedBatchNorm(net: Pick<AnyNetFile, 'weights'>, name: string): Affine {
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(
    (part) => weightOf(net, `${name}/${part}`).values,
  );
  const scale = gamma.map((g, c) => g / Math.sqrt(variance[c] + BN_EPSILON));
  return { scale, shift: beta.map((shift, c) => shift - mean[c] * scale[c]) };
}
