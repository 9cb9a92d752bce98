/** Evaluators as one: the mean of what they think, whoever asks and however many at once. */
import { expect, test } from 'vitest';
import { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import { ensembleEvaluator, meanEvaluation } from '#engine/search/ensemble.ts';
import { evaluateAll, immediateEvaluator } from '#engine/search/evaluator.ts';
import type { Evaluation } from '#engine/search/evaluator.ts';
import { hashEvaluator, played } from './helpers.ts';

const empty = Position.start({ width: 2, height: 2, rules: makeRules('chinese') });
const logits = (...probabilities: number[]): Float32Array => Float32Array.from(probabilities, Math.log);

function opinion(changes: Partial<Evaluation>): Evaluation {
  return {
    policyLogits: logits(0.2, 0.2, 0.2, 0.2, 0.2),
    valueToPlay: 0,
    scoreToPlay: 0,
    scoreStdev: 0,
    ownershipToPlay: Float32Array.of(0, 0, 0, 0),
    ...changes,
  };
}

test('probabilities, values, scores and owners are averaged, and two scores apart are a wide one', () => {
  const merged = meanEvaluation(
    [
      opinion({
        policyLogits: logits(0.6, 0.1, 0.1, 0.1, 0.1),
        valueToPlay: 0.5,
        scoreToPlay: 3,
        scoreStdev: 4,
      }),
      opinion({ scoreToPlay: -3, scoreStdev: 4, ownershipToPlay: Float32Array.of(1, 0, 0, -1) }),
    ],
    empty,
  );
  [0.4, 0.15, 0.15, 0.15, 0.15].forEach((p, move) =>
    expect(merged.policyLogits[move]).toBeCloseTo(Math.log(p), 5),
  );
  expect(merged).toMatchObject({ valueToPlay: 0.25, scoreToPlay: 0, scoreStdev: 5 });
  expect([...(merged.ownershipToPlay ?? [])]).toEqual([0.5, 0, 0, -0.5]);
});

test('only legal moves share the probability, so that what nets think of others moves nothing', () => {
  const position = played(empty, 0);
  const wild = opinion({ policyLogits: Float32Array.of(50, 0, 0, 0, 0) });
  const { policyLogits } = meanEvaluation([wild, opinion({})], position);
  for (const move of [1, 2, 3, 4]) expect(Math.exp(policyLogits[move])).toBeCloseTo(0.25, 5);
  expect(policyLogits[0]).toBeLessThan(-60);
});

test('what one has no opinion on, they have none on', () => {
  const merged = meanEvaluation([opinion({ scoreToPlay: NaN, ownershipToPlay: null }), opinion({})], empty);
  expect(merged).toMatchObject({ scoreToPlay: NaN, scoreStdev: NaN, ownershipToPlay: null });
});

test('an ensemble evaluates batches in order, each position as it was when it was added', async () => {
  const [first, second] = [hashEvaluator(3), immediateEvaluator(5, () => opinion({ valueToPlay: 0.4 }))];
  const ensemble = ensembleEvaluator([first, second]);
  expect(ensemble).toMatchObject({ maxBatch: 3, lanes: 1 });
  expect(ensembleEvaluator([first])).toBe(first);
  const requests = [0, 1, 2, 3].map((move) => ({ position: played(empty, move), symmetry: 0 }));
  const [alone, together] = [await evaluateAll(first, requests), await evaluateAll(ensemble, requests)];
  together.forEach(({ valueToPlay }, i) =>
    expect(valueToPlay).toBeCloseTo((alone[i].valueToPlay + 0.4) / 2, 9),
  );
  const batch = ensemble.newBatch();
  batch.add(empty, 0);
  expect(batch.size).toBe(1);
  await batch.evaluate();
  expect(batch.size).toBe(0);
});
