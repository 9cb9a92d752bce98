/** Global pooling and its gradient, see nets/ops/global-pool.ts. */
import { poolFactors, type GlobalPool } from '../../../ops/global-pool.ts';
import type { Handle } from '../addon.ts';
import { aten } from '../aten.ts';
import type { Handles } from '../kernel.ts';

const sum = aten('sum.dim_IntList');
const amax = aten('amax');
const cat = aten('cat');
const narrow = aten('narrow');
const reshape = aten('reshape');
const expand = aten('expand');
const contiguous = aten('contiguous');
const eq = aten('eq.Tensor');
const where = aten('where.self');
const mul = aten('mul.Tensor');
const div = aten('div.Tensor');
const add = aten('add.Tensor');
const mulScalar = aten('mul.Scalar');
const addScalar = aten('add.Scalar');
const sqrt = aten('sqrt');
const square = aten('square');

type Factors = {
  /** x / n, and x times the factor of the second and of the third part. */
  readonly mean: (x: Handle) => Handle;
  readonly second: (x: Handle) => Handle;
  readonly third: (x: Handle) => Handle;
};

/** @param shape [N, H, W, C] of x. */
function factors(mask: Handle | undefined, shape: readonly number[]): Factors {
  if (mask === undefined) {
    const n = shape[1] * shape[2];
    const { second, third } = poolFactors(n);
    return {
      mean: (x) => mulScalar(x, 1 / n),
      second: (x) => mulScalar(x, second),
      third: (x) => mulScalar(x, third),
    };
  }
  const n = sum(mask, [1, 2]);
  const d = mulScalar(addScalar(sqrt(n), -14), 0.1);
  return {
    mean: (x) => div(x, n),
    second: (x) => mul(x, d),
    third: (x) => mul(x, addScalar(square(d), -0.1)),
  };
}

export function globalPool({ x, mask }: Handles, { kind }: GlobalPool, shape: readonly number[]): Handle {
  const by = factors(mask, shape);
  const mean = by.mean(sum(x, [1, 2]));
  return cat([mean, by.second(mean), kind === 'policy' ? amax(x, [1, 2]) : by.third(mean)], 1);
}

export function globalPoolGradient(
  { dy, x, y, mask }: Handles,
  { kind }: GlobalPool,
  shape: readonly number[],
): Handle {
  const channels = shape[3];
  const by = factors(mask, shape);
  const part = (of: Handle, index: number): Handle => narrow(of, 1, index * channels, channels);
  const spread = (row: Handle): Handle => reshape(row, [shape[0], 1, 1, channels]);
  const toMean = add(part(dy, 0), by.second(part(dy, 1)));
  if (kind === 'value') return contiguous(expand(spread(by.mean(add(toMean, by.third(part(dy, 2))))), shape));
  const each = by.mean(toMean);
  const isLargest = eq(x, spread(part(y, 2)));
  const shared = div(part(dy, 2), sum(isLargest, [1, 2]));
  return where(isLargest, spread(add(each, shared)), spread(each));
}
