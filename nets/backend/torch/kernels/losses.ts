/** Mean losses and their gradients, see nets/ops/losses.ts. */
import type { ErrorAttributes } from '../../../ops/losses.ts';
import type { Handle } from '../addon.ts';
import { aten } from '../aten.ts';
import type { Handles, Infos } from '../kernel.ts';

const logSoftmax = aten('_log_softmax');
const softmax = aten('_softmax');
const sum = aten('sum');
const sumRows = aten('sum.dim_IntList');
const sub = aten('sub.Tensor');
const mul = aten('mul.Tensor');
const div = aten('div.Tensor');
const mulScalar = aten('mul.Scalar');
const clamp = aten('clamp');
const clampMin = aten('clamp_min');
const square = aten('square');
const huber = aten('huber_loss');

/** of ATen's losses: none. */
const NO_REDUCTION = 0;

export function crossEntropy({ logits, target }: Handles, { logits: { shape } }: Infos): Handle {
  return mulScalar(sum(mul(target, logSoftmax(logits, 1, false))), -1 / shape[0]);
}

export function crossEntropyGradient({ dy, logits, target }: Handles, { logits: { shape } }: Infos): Handle {
  const difference = sub(mul(softmax(logits, 1, false), sumRows(target, [1], true)), target);
  return mul(difference, mulScalar(dy, 1 / shape[0]));
}

function total(weight: Handle, { x, weight: { shape } }: Infos): Handle {
  const size = (of: readonly number[]): number => of.reduce((product, side) => product * side, 1);
  return clampMin(mulScalar(sum(weight), size(x.shape) / size(shape)), 1);
}

export function error({ x, target, weight }: Handles, { delta }: ErrorAttributes, infos: Infos): Handle {
  const errors = delta === null ? square(sub(x, target)) : huber(x, target, NO_REDUCTION, delta);
  return div(sum(mul(errors, weight)), total(weight, infos));
}

export function errorGradient(
  { dy, x, target, weight }: Handles,
  { delta }: ErrorAttributes,
  infos: Infos,
): Handle {
  const difference = sub(x, target);
  const slope = delta === null ? mulScalar(difference, 2) : clamp(difference, -delta, delta);
  return mul(slope, mul(weight, div(dy, total(weight, infos))));
}
