/** The activations that tfjs fuses into matrix products and convolutions. */
import type { Handle } from '../addon.ts';
import { aten } from '../aten.ts';

const relu = aten('relu');
const clamp = aten('clamp');
const elu = aten('elu');
const leakyRelu = aten('leaky_relu');
const sigmoid = aten('sigmoid');
const where = aten('where.self');
const gt = aten('gt.Scalar');
const mul = aten('mul.Tensor');
const add = aten('add.Tensor');

export type Fused = { readonly activation?: string; readonly leakyreluAlpha?: number };

/** activation(x + bias). @param bias broadcast over all but the last axis. @param slope of `prelu`. */
export function finish(
  x: Handle,
  { activation = 'linear', leakyreluAlpha = 0.2 }: Fused,
  bias: Handle | undefined,
  slope: Handle | undefined,
): Handle {
  const sum = bias === undefined ? x : add(x, bias);
  switch (activation) {
    case 'linear':
      return sum;
    case 'relu':
      return relu(sum);
    case 'relu6':
      return clamp(sum, 0, 6);
    case 'elu':
      return elu(sum);
    case 'sigmoid':
      return sigmoid(sum);
    case 'leakyrelu':
      return leakyRelu(sum, leakyreluAlpha);
    case 'prelu':
      if (slope === undefined) throw new Error('internal: prelu without its slopes');
      return where(gt(sum, 0), sum, mul(sum, slope));
    default:
      throw new Error(`The torch backend knows no fused activation "${activation}".`);
  }
}
