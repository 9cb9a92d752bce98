/** How nets begin: what each initialiser makes of variances, layer after layer. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import type { Initialiser } from '#nets/architectures/layers.ts';
import { initialiser } from '#nets/layers/initialiser.ts';

beforeAll(() => useBackend('wasm'));

const DEPTH = 50;

/** Mean square of the initial weights of a layer. */
function meanSquare(kind: Initialiser, fanIn: number, fanOut: number): number {
  const weights = initialiser(kind, 1, { fanIn, fanOut }, 3).apply([fanIn, fanOut]);
  const [mean] = tf.mean(tf.square(weights)).dataSync();
  weights.dispose();
  return mean;
}

/**
 * Of independent weights w of mean 0 a sum over inputs x has the variance fanIn Var[w] E[x^2], whatever x is; half of it
 * passes a relu, all of it what is linear. The gradient on its way back is such a sum over fanOut (He et al. 2015, eq. 10
 * and 14; Glorot and Bengio 2010, eq. 10 and 11). With two million weights the factor of a layer is known to 0.1%.
 */
const FACTORS: Readonly<Record<string, () => number>> = {
  'He with relu': () => (1024 * meanSquare('he', 1024, 2048)) / 2,
  'LeCun without activation': () => 1024 * meanSquare('lecun', 1024, 2048),
  'Glorot between layers of one width': () => 1448 * meanSquare('glorot', 1448, 1448),
};

test.each(Object.keys(FACTORS))('%s keeps the variance of layers within 10%% over fifty of them', (name) => {
  const factor = FACTORS[name]();
  expect(Math.abs(factor ** DEPTH - 1)).toBeLessThan(0.1);
});

test('Glorot takes the mean of what both directions ask for', () => {
  const variance = meanSquare('glorot', 500, 1500);
  expect(500 * variance + 1500 * variance).toBeCloseTo(2, 1);
});

test('weights cut off at two deviations, as libraries cut them, would lose a quarter of it at each layer', () => {
  const cut = tf.truncatedNormal([1000, 1000], 0, 1, 'float32', 1);
  const [factor] = tf.mean(tf.square(cut)).dataSync();
  expect(factor).toBeCloseTo(0.774, 2);
  expect(factor ** DEPTH).toBeLessThan(1e-5);
});

test('of fifty layers of 256 relus as they begin, the mean factor is 1', () => {
  const fans = { fanIn: 256, fanOut: 256 };
  const factors: number[] = [];
  tf.tidy(() => {
    let x: tf.Tensor2D = tf.relu(tf.randomNormal([16, 256], 0, 1, 'float32', 1));
    let [before] = tf.mean(tf.square(x)).dataSync();
    for (let seed = 0; seed < DEPTH; seed++) {
      const weights = initialiser('he', 1, fans, seed).apply([256, 256]) as tf.Tensor2D;
      x = tf.relu(tf.matMul(x, weights));
      const [after] = tf.mean(tf.square(x)).dataSync();
      factors.push(after / before);
      before = after;
    }
  });
  const mean = factors.reduce((sum, factor) => sum + factor, 0) / DEPTH;
  // A factor has the variance 5 / 256, because E[relu(y)^4] = 6 E[relu(y)^2]^2 for normal y: three deviations of the mean.
  expect(Math.abs(mean - 1)).toBeLessThan(3 * Math.sqrt(5 / 256 / DEPTH));
});
