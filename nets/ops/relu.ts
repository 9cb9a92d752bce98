/** The gradient of relu as one operation: tfjs makes it of three. */
import * as tf from '@tensorflow/tfjs-core';
// Registers tfjs's own gradients when it is loaded, which has to happen before ours replaces one.
import '@tensorflow/tfjs-layers';
import { defineComposition } from './composition.ts';

/** Inputs dy and x of one shape; output dy where x > 0, else 0. */
export const RELU_GRAD = 'TengenReluGrad';

defineComposition(RELU_GRAD, ({ dy, x }) => tf.mul(dy, tf.cast(tf.step(x), 'float32')));

tf.registerGradient({
  kernelName: 'Relu',
  inputsToSave: ['x'],
  gradFunc: (dy, [x]) => ({
    x: () => tf.engine().runKernel(RELU_GRAD, { dy: dy as tf.Tensor, x }) as tf.Tensor,
  }),
});

/** Linear in dy, and constant in x wherever it has a derivative. */
tf.registerGradient({
  kernelName: RELU_GRAD,
  inputsToSave: ['x'],
  gradFunc: (g, [x]) => ({
    dy: () => tf.engine().runKernel(RELU_GRAD, { dy: g as tf.Tensor, x }) as tf.Tensor,
    x: () => tf.zerosLike(x),
  }),
});
