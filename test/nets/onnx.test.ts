/** The exported net against the trained one, through ONNX Runtime. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import { mapPoint } from '#engine/go/symmetry.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { Position } from '#engine/go/position.ts';
import { evaluateAll } from '#engine/search/evaluator.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { netFromModel, modelFromNet } from '#nets/convert.ts';
import { makeEvaluator } from '#nets/evaluator.ts';
import { FEATURE_SET_NAMES, FEATURE_SETS } from '#nets/features/feature-set.ts';
import type { FeatureSetName } from '#nets/features/feature-set.ts';
import type { NetFile } from '#nets/file.ts';
import { SCORE_SCALE } from '#nets/architectures/net.ts';
import { buildModel } from '#nets/model.ts';
import { resnetSpec } from '#nets/spec.ts';
import { encode } from './features/encode.ts';
import { randomPosition } from './random-positions.ts';

/** Random weights everywhere, batch-norm statistics far from 0 and 1 included. */
async function randomNet(featureSet?: FeatureSetName): Promise<NetFile> {
  const spec = resnetSpec(2, 8, featureSet);
  const model = buildModel(spec, 5);
  const net = await netFromModel(model, spec, {});
  model.dispose();
  const rng = makeRng(11);
  for (const [name, { values }] of net.weights)
    if (/gamma|variance/.test(name)) values.forEach((_, i) => (values[i] = 0.5 + rng.nextFloat()));
    else if (/beta|mean|bias/.test(name)) values.forEach((_, i) => (values[i] = rng.nextFloat() - 0.5));
  return net;
}

beforeAll(() => useBackend('cpu'));

const TITLE =
  'ONNX Runtime gives what the tfjs model gives, within 1e-4, on positions of several sizes, seen as %s';

test.each(FEATURE_SET_NAMES)(
  TITLE,
  async (featureSet) => {
    const features = FEATURE_SETS[featureSet];
    const net = await randomNet(featureSet);
    const made = modelFromNet(net);
    if (!made.ok) throw new Error(made.message);
    const evaluator = await makeEvaluator(net);
    const sizes = [
      [9, 9],
      [13, 13],
      [7, 9],
      [19, 19],
    ];
    for (let i = 0; i < 50; i++) {
      const [width, height] = sizes[i % 10 === 9 ? 3 : i % 3];
      const rules = Object.values(RULE_PRESETS)[i % 5];
      const position = randomPosition(i, width, height, rules, 10 + (i % 40));
      const { planes, globals } = encode(features, position, 0, width, height);
      const inputs = [
        tf.tensor(planes, [1, height, width, features.planes], 'float32'),
        tf.tensor(globals, [1, features.globals]),
      ];
      const outputs = made.model.predict(inputs) as tf.Tensor[];
      const [policy, value, score, ownership] = outputs.map((t) => t.dataSync());
      const [evaluation] = await evaluateAll(evaluator, [{ position, symmetry: 0 }]);
      const expectClose = (a: ArrayLike<number>, b: ArrayLike<number>): void => {
        expect(a.length).toBe(b.length);
        for (let k = 0; k < a.length; k++) expect(Math.abs(a[k] - b[k]), `${i}:${k}`).toBeLessThan(1e-4);
      };
      expectClose(evaluation.policyLogits, policy);
      expectClose([evaluation.valueToPlay, evaluation.scoreToPlay / SCORE_SCALE], [value[0], score[0]]);
      expectClose(evaluation.ownershipToPlay ?? [], ownership);
      expect(evaluation.scoreStdev).toBeNaN();
      tf.dispose([inputs, outputs]);
    }
    await evaluator.close();
    made.model.dispose();
  },
  240_000,
);

test('evaluating under a symmetry is evaluating the turned position and turning the answer back', async () => {
  const evaluator = await makeEvaluator(await randomNet());
  const position = randomPosition(3, 7, 9);
  const stones = (color: number): number[] =>
    [...position.board.stones].flatMap((c, p) => (c === color ? [p] : []));
  const still = Position.start({
    width: 7,
    height: 9,
    rules: position.rules,
    setup: { black: stones(1), white: stones(2) },
    toPlay: position.toPlay,
  });
  for (let s = 0; s < 8; s++) {
    const map = (p: number): number => mapPoint(s, p, 7, 9);
    const turned = Position.start({
      width: s & 4 ? 9 : 7,
      height: s & 4 ? 7 : 9,
      rules: position.rules,
      setup: { black: stones(1).map(map), white: stones(2).map(map) },
      toPlay: position.toPlay,
    });
    // Both in one batch with another size, so that padding is exercised too.
    const [a, b] = await evaluateAll(evaluator, [
      { position: still, symmetry: s },
      { position: turned, symmetry: 0 },
      { position: randomPosition(1, 11, 10), symmetry: 3 },
    ]);
    expect(a.valueToPlay).toBeCloseTo(b.valueToPlay, 4);
    for (let p = 0; p < 63; p++) {
      expect(Math.abs(a.policyLogits[p] - b.policyLogits[map(p)])).toBeLessThan(1e-4);
      expect(Math.abs((a.ownershipToPlay?.[p] ?? NaN) - (b.ownershipToPlay?.[map(p)] ?? NaN))).toBeLessThan(
        1e-4,
      );
    }
  }
  await evaluator.close();
});
