/** Batch norm, with the relu that may follow, see nets/ops/batch-norm.ts: ATen's own where boards fill their buffer, else over the mask. */
import type { BatchNorm } from '../../../ops/batch-norm.ts';
import type { Handle } from '../addon.ts';
import { aten, atenMany } from '../aten.ts';
import type { Handles } from '../kernel.ts';
import { channelsFirst, channelsLast } from './windows.ts';

const batchNorm = atenMany('native_batch_norm');
const batchNormBackward = atenMany('native_batch_norm_backward');
const thresholdBackward = aten('threshold_backward');
const reluInPlace = aten('relu_');
const clone = aten('clone');
const reshape = aten('reshape');
const mm = aten('mm');
const sum = aten('sum');
const sub = aten('sub.Tensor');
const mul = aten('mul.Tensor');
const mulInPlace = aten('mul_.Tensor');
const div = aten('div.Tensor');
const neg = aten('neg');
const square = aten('square');
const rsqrt = aten('rsqrt');
const lerp = aten('lerp.Scalar');
const addScalar = aten('add.Scalar');
const clampMin = aten('clamp_min');
const addcmul = aten('addcmul');

export function norm(
  { x, gamma, beta, movingMean, movingVariance }: Handles,
  { epsilon, share, relu }: BatchNorm,
): Handle[] {
  // ATen moves the statistics in place.
  const moved = [clone(movingMean), clone(movingVariance)];
  const [y, mean, inverse] = batchNorm(
    channelsFirst(x, 4),
    gamma,
    beta,
    moved[0],
    moved[1],
    true,
    1 - share,
    epsilon,
  );
  return [channelsLast(relu ? reluInPlace(y) : y, 4), mean, inverse, ...moved];
}

export function normGradient(
  { dy, x, y, gamma, mean, inverse }: Handles,
  { epsilon, relu }: Pick<BatchNorm, 'epsilon' | 'relu'>,
): Handle[] {
  const [dx, dGamma, dBeta] = batchNormBackward(
    relu ? thresholdBackward(channelsFirst(dy, 4), channelsFirst(y, 4), 0) : channelsFirst(dy, 4),
    channelsFirst(x, 4),
    gamma,
    null,
    null,
    mean,
    inverse,
    true,
    epsilon,
    [true, true, true],
  );
  return [channelsLast(dx, 4), dGamma, dBeta];
}

const flatten = (map: Handle, channels: number): Handle => reshape(map, [-1, channels]);

/** @param shape [N, H, W, C] of x. */
export function maskedNorm(
  { x, gamma, beta, movingMean, movingVariance, mask }: Handles,
  { epsilon, share, relu }: BatchNorm,
  shape: readonly number[],
): Handle[] {
  const flat = flatten(x, shape[3]);
  const points = sum(mask);
  const row = div(reshape(mask, [1, -1]), points);
  const mean = mm(row, flat);
  const centred = sub(flat, mean);
  const variance = mm(row, square(centred));
  const inverse = rsqrt(addScalar(variance, epsilon));
  const normed = addcmul(beta, centred, mul(gamma, inverse));
  const y = relu ? reluInPlace(normed) : normed;
  const unbiased = mul(variance, div(points, clampMin(addScalar(points, -1), 1)));
  const vector = (one: Handle): Handle => reshape(one, [-1]);
  return [
    reshape(mulInPlace(y, reshape(mask, [-1, 1])), shape),
    vector(mean),
    vector(inverse),
    lerp(movingMean, vector(mean), 1 - share),
    lerp(movingVariance, vector(unbiased), 1 - share),
  ];
}

/** As the composition in nets/ops, with x counted from its mean. */
export function maskedNormGradient(
  { dy, x, y, gamma, mean, inverse, mask }: Handles,
  { relu }: Pick<BatchNorm, 'relu'>,
  shape: readonly number[],
): Handle[] {
  const channels = shape[3];
  const g = flatten(relu ? thresholdBackward(dy, y, 0) : mul(dy, mask), channels);
  const points = sum(mask);
  const row = div(reshape(mask, [1, -1]), points);
  const centred = sub(flatten(x, channels), mean);
  const meanDy = mm(row, g);
  const meanDyHat = mul(mm(row, mul(g, centred)), inverse);
  const a = mul(gamma, inverse);
  const b = neg(mul(mul(a, meanDyHat), inverse));
  const dx = addcmul(addcmul(neg(mul(a, meanDy)), g, a), centred, b);
  const total = (means: Handle): Handle => reshape(mul(means, points), [-1]);
  return [reshape(mulInPlace(dx, reshape(mask, [-1, 1])), shape), total(meanDyHat), total(meanDy)];
}
