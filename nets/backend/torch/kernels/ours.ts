/** Kernels of our own operations, see nets/ops. */
import {
  BATCH_NORM,
  BATCH_NORM_GRAD,
  MOVING_STATISTICS,
  type MovingStatistics,
} from '../../../ops/batch-norm.ts';
import { MOMENTUM_STEP, type MomentumStep } from '../../../ops/momentum-step.ts';
import { RELU_GRAD } from '../../../ops/relu.ts';
import type { Handle } from '../addon.ts';
import { aten, atenMany } from '../aten.ts';
import { define } from '../kernel.ts';
import { channelsFirst, channelsLast } from './windows.ts';

const thresholdBackward = aten('threshold_backward');
const reluInPlace = aten('relu_');
const batchNorm = atenMany('native_batch_norm');
const batchNormBackward = atenMany('native_batch_norm_backward');

const foreachMul = atenMany('_foreach_mul.Scalar');
const foreachAdd = atenMany('_foreach_add.List');
const mulScalar = aten('mul.Scalar');
const addScalar = aten('add.Scalar');
const pow = aten('pow.Tensor_Scalar');
const lerp = aten('lerp.Scalar');

export function registerOurs(): void {
  define<MomentumStep>(MOMENTUM_STEP, (inputs, { count, rate, momentum, shrink }) => {
    const list = (letter: string): Handle[] =>
      Array.from({ length: count }, (_, i) => inputs[`${letter}${i}`]);
    const gradients = list('g');
    const velocities = foreachAdd(foreachMul(list('v'), momentum), gradients, 1);
    const moved = foreachAdd(list('w'), foreachAdd(gradients, velocities, momentum), -rate);
    const weights = moved.map((weight, i) => (shrink[i] === 1 ? weight : mulScalar(weight, shrink[i])));
    return [...weights, ...velocities];
  });
  define(RELU_GRAD, ({ dy, x }) => thresholdBackward(dy, x, 0));
  define<{ epsilon: number }>(BATCH_NORM, ({ x, gamma, beta }, { epsilon }) => {
    const [y, mean, inverse] = batchNorm(channelsFirst(x, 4), gamma, beta, null, null, true, 0, epsilon);
    return [channelsLast(reluInPlace(y), 4), mean, inverse];
  });
  define<MovingStatistics>(
    MOVING_STATISTICS,
    ({ movingMean, movingVariance, mean, inverse }, { epsilon, share, points }) => {
      const variance = addScalar(pow(inverse, -2), -epsilon);
      const unbiased = mulScalar(variance, points / Math.max(points - 1, 1));
      return [lerp(movingMean, mean, 1 - share), lerp(movingVariance, unbiased, 1 - share)];
    },
  );
  define<{ epsilon: number }>(BATCH_NORM_GRAD, ({ dy, x, y, gamma, mean, inverse }, { epsilon }) => {
    const [dx, dGamma, dBeta] = batchNormBackward(
      thresholdBackward(channelsFirst(dy, 4), channelsFirst(y, 4), 0),
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
  });
}
