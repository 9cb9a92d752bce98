/** Batches of evaluations: what was added when, and in which order it comes back. */
import { expect, test } from 'vitest';
import { PositionCursor } from '#engine/go/cursor.ts';
import { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import { evaluateAll } from '#engine/search/evaluator.ts';
import { hashEvaluator, played } from './helpers.ts';

const empty = Position.start({ width: 3, height: 3, rules: makeRules('chinese') });

test('a batch sees each position as it was when it was added, and is empty after its evaluation', async () => {
  const evaluator = hashEvaluator(4);
  const cursor = new PositionCursor(empty);
  const batch = evaluator.newBatch();
  for (const move of [0, 4, 8]) {
    cursor.play(move);
    batch.add(cursor, 0);
  }
  while (cursor.depth > 0) cursor.undo();
  expect(batch.size).toBe(3);
  const evaluations = await batch.evaluate();
  expect(batch.size).toBe(0);
  const positions = [played(empty, 0), played(empty, 0, 4), played(empty, 0, 4, 8)];
  const alone = await Promise.all(
    positions.map((position) => evaluateAll(evaluator, [{ position, symmetry: 0 }])),
  );
  expect(evaluations).toEqual(alone.flat());
});

test('more positions than a batch holds are evaluated in several, in order', async () => {
  const sizes: number[] = [];
  const evaluator = hashEvaluator(2, (size) => sizes.push(size));
  const requests = [0, 1, 2, 3, 4].map((move) => ({ position: played(empty, move), symmetry: 0 }));
  const evaluations = await evaluateAll(evaluator, requests);
  expect(sizes).toEqual([2, 2, 1]);
  for (const [i, request] of requests.entries())
    expect([evaluations[i]]).toEqual(await evaluateAll(hashEvaluator(1), [request]));
});
