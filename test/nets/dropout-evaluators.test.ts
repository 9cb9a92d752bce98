/** Nets asked under dropout: other answers each time, about what the net says without. */
import * as tf from '@tensorflow/tfjs-core';
import { mean, sampleStandardDeviation, standardDeviation } from 'simple-statistics';
import { beforeAll, expect, test } from 'vitest';
import type { Position } from '#engine/go/position.ts';
import { evaluateAll } from '#engine/search/evaluator.ts';
import type { Evaluation, Evaluator } from '#engine/search/evaluator.ts';
import { legalPolicy } from '#engine/search/legal-policy.ts';
import { namedSpec } from '#nets/architectures/named.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { netFromModel } from '#nets/convert.ts';
import { dropoutEvaluators } from '#nets/dropout-evaluators.ts';
import { makeEvaluator } from '#nets/evaluator.ts';
import type { NetFile, WeightArray } from '#nets/file.ts';
import { buildModel } from '#nets/model.ts';
import { NetSpec } from '#nets/spec.ts';
import { randomPosition } from './random-positions.ts';

beforeAll(() => useBackend('wasm'));

const positions = [1, 2, 3].map((seed) => randomPosition(seed, 5 + seed, 6));

/** @param trunk fields that are different from those of the named net. */
async function netOf(name: string, trunk: object = {}): Promise<NetFile> {
  const named = namedSpec(name);
  if (!named.ok) throw new Error(named.message);
  const spec = NetSpec.parse({ ...named.spec, trunk: { ...named.spec.trunk, ...trunk } });
  const model = buildModel(spec, 1);
  const net = await netFromModel(model, spec, {});
  model.dispose();
  return net;
}

type Draws = { readonly asked?: readonly Position[]; readonly usual?: readonly Position[] };

async function drawsOf(
  net: NetFile,
  draws: number,
  { asked = positions, usual = [] }: Draws = {},
): Promise<Evaluation[][]> {
  const opened = await dropoutEvaluators(net, draws, usual);
  if (!opened.ok) throw new Error(opened.message);
  const evaluations: Evaluation[][] = [];
  for (const evaluator of opened.evaluators) {
    evaluations.push(await ask(evaluator, asked));
    await evaluator.close();
  }
  return evaluations;
}

const ask = (evaluator: Evaluator, asked: readonly Position[] = positions): Promise<Evaluation[]> =>
  evaluateAll(
    evaluator,
    asked.map((position, symmetry) => ({ position, symmetry })),
  );

test('a net without dropout says what it says in ONNX Runtime, on boards of several sizes at once', async () => {
  const net = await netOf('1x8');
  const evaluator = await makeEvaluator(net);
  const [[drawn], expected] = [await drawsOf(net, 1), await ask(evaluator)];
  await evaluator.close();
  drawn.forEach((evaluation, i) => {
    expect(evaluation.valueToPlay).toBeCloseTo(expected[i].valueToPlay, 4);
    expect(evaluation.scoreToPlay).toBeCloseTo(expected[i].scoreToPlay, 3);
    const policies = [evaluation, expected[i]].map(({ policyLogits }) =>
      legalPolicy(policyLogits, positions[i]),
    );
    policies[0].forEach((p, move) => expect(p).toBeCloseTo(policies[1][move], 4));
  });
});

test('draws differ, are the same each time, and leave nothing behind', async () => {
  const net = await netOf('alexnet:4', { dropout: 0.5 });
  const before = tf.memory().numTensors;
  const values = (draws: readonly Evaluation[][]): number[] => draws.map(([{ valueToPlay }]) => valueToPlay);
  const [some, again] = [values(await drawsOf(net, 2)), values(await drawsOf(net, 2))];
  expect(some[0]).not.toBe(some[1]);
  expect(again).toEqual(some);
  expect(tf.memory().numTensors).toBe(before);
});

test('no batch of a draw drops what another drops, of it or of another draw', async () => {
  const opened = await dropoutEvaluators(await netOf('alexnet:4', { dropout: 0.5 }), 3, []);
  if (!opened.ok) throw new Error(opened.message);
  const values = new Set<number>();
  for (const evaluator of opened.evaluators) {
    for (let batch = 0; batch < 3; batch++) {
      const [{ valueToPlay }] = await ask(evaluator, positions.slice(0, 1));
      values.add(valueToPlay);
    }
    await evaluator.close();
  }
  expect(values.size).toBe(3 * 3);
});

/**
 * A net whose score is linear in what is dropped: behind it there are no negative weights, and on boards of 18x18 no
 * negative part of the pool, so that its relus let everything pass.
 */
async function linearNet(): Promise<NetFile> {
  const net = await netOf('vgg-11:2', { dropout: 0.5, hidden: [8] });
  for (const layer of ['value/conv', 'value/hidden', 'value/score']) {
    const { values } = net.weights.get(`${layer}/kernel`) as WeightArray;
    values.forEach((weight, i) => (values[i] = Math.abs(weight)));
  }
  return net;
}

test('the mean of draws is what the net says without dropout: y = E_z f(x, z), exact where f is linear in z', async () => {
  const net = await linearNet();
  const large = [randomPosition(1, 18, 18)];
  const scores = (await drawsOf(net, 60, { asked: large })).map(([{ scoreToPlay }]) => scoreToPlay);
  const evaluator = await makeEvaluator(net);
  const [{ scoreToPlay: expected }] = await ask(evaluator, large);
  await evaluator.close();
  const bound = (4 * sampleStandardDeviation(scores)) / Math.sqrt(scores.length);
  expect(Math.abs(mean(scores) - expected)).toBeLessThan(bound);
  // So that neither a net that says nothing nor one whose dropout does not scale, or draws nothing, would pass.
  expect(bound).toBeLessThan(0.05 * Math.abs(expected));
  const farther = scores.filter((score) => Math.abs(score - expected) > bound);
  expect(farther.length).toBeGreaterThan(scores.length / 4);
});

test('however much is dropped, the norms behind it divide by what draws vary', async () => {
  const usual = Array.from({ length: 64 }, (_, seed) => randomPosition(seed + 1, 9, 9));
  const spread = async (dropout: number): Promise<number> => {
    const draws = await drawsOf(await netOf('alexnet:4', { dropout }), 20, { usual });
    return standardDeviation(
      draws.flatMap((evaluations) => evaluations.flatMap(({ policyLogits }) => [...policyLogits])),
    );
  };
  const ratio = (await spread(0.8)) / (await spread(1e-9));
  expect(ratio).toBeGreaterThan(0.5);
  expect(ratio).toBeLessThan(2);
});

test('a position alone in the last batch counts no more than the others', async () => {
  const usual = Array.from({ length: 65 }, (_, seed) => randomPosition(seed + 1, 9, 9));
  const net = await netOf('alexnet:4', { dropout: 1e-9 });
  const scores = async (order: readonly Position[]): Promise<number[]> =>
    (await drawsOf(net, 1, { usual: order }))[0].map(({ scoreToPlay }) => scoreToPlay);
  const [last, first] = [await scores(usual), await scores([...usual.slice(1), usual[0]])];
  const largest = Math.max(...last.map((score, i) => Math.abs(score - first[i])));
  expect(largest).toBeLessThan(0.05);
});
