/** What is known of a net without making it, against the net itself. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { kataOf } from '#nets/architectures/kata.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { modelFromNet, weightsOf } from '#nets/convert.ts';
import { buildModel } from '#nets/model.ts';
import { resnetSpec } from '#nets/spec.ts';
import { weightShapes, weightsProblem } from '#nets/weight-shapes.ts';
import { randomNet } from './architectures/small-nets.ts';

test('the shapes told of a spec are those of its model', async () => {
  await useBackend('cpu');
  const heads = { kind: 'tengen', policyChannels: 5, valueChannels: 6, valueHidden: 7, reply: true } as const;
  const spec = { ...resnetSpec(3, 8), heads };
  const model = buildModel(spec, 1);
  const weights = await weightsOf(model);
  const made = new Map([...weights].map(([name, { shape }]) => [name, [...shape]]));
  expect(new Map([...weightShapes(spec)].map(([name, shape]) => [name, [...shape]]))).toEqual(made);
  expect(weightsProblem(spec, weights)).toBeNull();
  expect(weightsProblem(resnetSpec(3, 8), weights)).toBe(
    'weight policy/conv/kernel has the shape [1,1,8,5], not [1,1,8,8]',
  );
  model.dispose();
});

test.each([false, true])(
  "no weight of a trunk in KataGo's style is empty, however narrow it is",
  (nested) => {
    for (const channels of [1, 2, 3]) {
      const spec = { ...resnetSpec(1, 4), trunk: kataOf(channels, 3, nested) };
      for (const [name, shape] of weightShapes(spec)) expect(Math.min(...shape), name).toBeGreaterThan(0);
    }
  },
);

test("of a trunk in KataGo's style every third block pools, from the third on", () => {
  const spec = { ...resnetSpec(1, 4), trunk: kataOf(8, 7, false) };
  const pooling = [...weightShapes(spec).keys()].filter((name) => name.endsWith('/pooled/dense/kernel'));
  expect(pooling).toEqual(['trunk/block2/pooled/dense/kernel', 'trunk/block5/pooled/dense/kernel']);
});

test('a net file is refused by the same rule, before anything of its model is built', async () => {
  await useBackend('cpu');
  const spec = resnetSpec(1, 4);
  const { weights } = randomNet(spec);
  const extra = new Map(weights).set('trunk/other', { shape: [1], values: Float32Array.of(0) });
  const missing = new Map(weights);
  missing.delete('trunk/input/kernel');
  for (const [given, message] of [
    [extra, 'weight trunk/other is no part of the net'],
    [missing, 'weight trunk/input/kernel is missing'],
  ] as const) {
    expect(weightsProblem(spec, given)).toBe(message);
    const { kernels } = await tf.profile(() => {
      expect(modelFromNet({ spec, weights: given, provenance: {} })).toEqual({ ok: false, message });
    });
    expect(kernels).toEqual([]);
  }
});
