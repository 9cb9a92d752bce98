/** Kernels of our own operations, see nets/ops. */
import { BATCH_NORM, BATCH_NORM_GRAD, type BatchNorm } from '../../../ops/batch-norm.ts';
import { GLOBAL_POOL, GLOBAL_POOL_GRAD, type GlobalPool } from '../../../ops/global-pool.ts';
import {
  CROSS_ENTROPY,
  CROSS_ENTROPY_GRAD,
  ERROR,
  ERROR_GRAD,
  type ErrorAttributes,
} from '../../../ops/losses.ts';
import { RELU_GRAD } from '../../../ops/relu.ts';
import { aten } from '../aten.ts';
import { define } from '../kernel.ts';
import { maskedNorm, maskedNormGradient, norm, normGradient } from './batch-norm.ts';
import { globalPool, globalPoolGradient } from './global-pool.ts';
import { crossEntropy, crossEntropyGradient, error, errorGradient } from './losses.ts';
import { registerOptimizers } from './optimizers.ts';

const thresholdBackward = aten('threshold_backward');

export function registerOurs(): void {
  registerOptimizers();
  define(RELU_GRAD, ({ dy, x }) => thresholdBackward(dy, x, 0));
  define<BatchNorm>(BATCH_NORM, (inputs, attributes, { x }) =>
    inputs.mask === undefined ? norm(inputs, attributes) : maskedNorm(inputs, attributes, x.shape),
  );
  define<BatchNorm>(BATCH_NORM_GRAD, (inputs, attributes, { x }) =>
    inputs.mask === undefined
      ? normGradient(inputs, attributes)
      : maskedNormGradient(inputs, attributes, x.shape),
  );
  define<GlobalPool>(GLOBAL_POOL, (inputs, attributes, { x }) => globalPool(inputs, attributes, x.shape));
  define<GlobalPool>(GLOBAL_POOL_GRAD, (inputs, attributes, { x }) =>
    globalPoolGradient(inputs, attributes, x.shape),
  );
  define(CROSS_ENTROPY, (inputs, _, infos) => crossEntropy(inputs, infos));
  define(CROSS_ENTROPY_GRAD, (inputs, _, infos) => crossEntropyGradient(inputs, infos));
  define<ErrorAttributes>(ERROR, error);
  define<ErrorAttributes>(ERROR_GRAD, errorGradient);
}
