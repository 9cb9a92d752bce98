/** Means of losses over a batch, each with its closed gradient, as one operation. */
import * as tf from '@tensorflow/tfjs-core';
import { defineComposition, runKernel } from './composition.ts';

/** Inputs logits and target [B, A]; output a scalar. */
export const CROSS_ENTROPY = 'TengenCrossEntropy';
/** Inputs dy, a scalar, and logits and target [B, A]; output like logits. */
export const CROSS_ENTROPY_GRAD = 'TengenCrossEntropyGrad';

defineComposition(CROSS_ENTROPY, ({ logits, target }) =>
  tf.neg(tf.mean(tf.sum(tf.mul(target, tf.logSoftmax(logits)), 1))),
);
defineComposition(CROSS_ENTROPY_GRAD, ({ dy, logits, target }) => {
  const difference = tf.sub(tf.mul(tf.softmax(logits), tf.sum(target, 1, true)), target);
  return tf.mul(difference, tf.div(dy, logits.shape[0]));
});

tf.registerGradient({
  kernelName: CROSS_ENTROPY,
  inputsToSave: ['logits', 'target'],
  gradFunc: (dy, [logits, target]) => ({
    logits: () => runKernel(CROSS_ENTROPY_GRAD, { dy: dy as tf.Tensor, logits, target })[0],
  }),
});

/** -mean over rows of sum(target log softmax(logits)). @param target like logits, constant. */
export function crossEntropy(logits: tf.Tensor2D, target: tf.Tensor2D): tf.Scalar {
  return runKernel(CROSS_ENTROPY, { logits, target })[0] as tf.Scalar;
}

/** Inputs x and target [B, K], weight [B, K] or [B, 1]; attribute delta, or none; output a scalar. */
export const ERROR = 'TengenError';
/** Inputs dy, a scalar, and those of `ERROR`; output like x. */
export const ERROR_GRAD = 'TengenErrorGrad';

/** Beyond `delta` the error grows linearly (Huber 1964); null for squares everywhere. */
export type ErrorAttributes = { readonly delta: number | null };

/** What a mean is divided by, so that no weight at all gives 0. */
const total = (weight: tf.Tensor, like: tf.Tensor): tf.Tensor =>
  tf.maximum(tf.mul(tf.sum(weight), like.size / weight.size), 1);

defineComposition(ERROR, ({ x, target, weight }, attributes) => {
  const { delta } = attributes as ErrorAttributes;
  const difference = tf.sub(x, target);
  if (delta === null) return tf.div(tf.sum(tf.mul(tf.square(difference), weight)), total(weight, x));
  const size = tf.abs(difference);
  const small = tf.minimum(size, delta);
  const huber = tf.add(tf.mul(tf.square(small), 0.5), tf.mul(tf.sub(size, small), delta));
  return tf.div(tf.sum(tf.mul(huber, weight)), total(weight, x));
});
defineComposition(ERROR_GRAD, ({ dy, x, target, weight }, attributes) => {
  const { delta } = attributes as ErrorAttributes;
  const difference = tf.sub(x, target);
  const slope = delta === null ? tf.mul(difference, 2) : tf.clipByValue(difference, -delta, delta);
  return tf.mul(slope, tf.mul(weight, tf.div(dy, total(weight, x))));
});

tf.registerGradient({
  kernelName: ERROR,
  inputsToSave: ['x', 'target', 'weight'],
  gradFunc: (dy, [x, target, weight], attributes) => ({
    x: () => runKernel(ERROR_GRAD, { dy: dy as tf.Tensor, x, target, weight }, attributes)[0],
  }),
});

/** Mean, by weight, of (x - target)^2; 0 where nothing has weight. @param weight [B, K], or [B, 1] for whole rows. */
export function squaredError(x: tf.Tensor, target: tf.Tensor, weight: tf.Tensor): tf.Scalar {
  return runKernel(ERROR, { x, target, weight }, { delta: null })[0] as tf.Scalar;
}

/** Mean, by weight, of Huber's loss: half the square up to `delta`, beyond it linear. */
export function huberError(x: tf.Tensor, target: tf.Tensor, weight: tf.Tensor, delta: number): tf.Scalar {
  return runKernel(ERROR, { x, target, weight }, { delta })[0] as tf.Scalar;
}
