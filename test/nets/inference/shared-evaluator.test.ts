import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SYMMETRY_COUNT } from '#engine/go/symmetry.ts';
import { evaluateAll } from '#engine/search/evaluator.ts';
import { openEvaluator } from '#nets/evaluator.ts';
import type { NetEvaluator } from '#nets/evaluator.ts';
import { saveNet } from '#nets/file.ts';
import { openInferenceService } from '#nets/inference/inference-service.ts';
import type { InferenceService } from '#nets/inference/inference-service.ts';
import { connectEvaluator } from '#nets/inference/shared-evaluator.ts';
import { resnetSpec } from '#nets/spec.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { randomWeights } from '../katago/random-nets.ts';
import { randomPosition } from '../random-positions.ts';

/** Squares and rectangles, one after the other, so that batches mix them. */
const requests = Array.from({ length: 40 }, (_, i) => ({
  position: randomPosition(i, 5 + (i % 7), 5 + (i % 5)),
  symmetry: i % SYMMETRY_COUNT,
}));
let local: NetEvaluator;
let service: InferenceService;

beforeAll(async () => {
  const opened = await openEvaluator(defaultNetPath, { maxBatch: 16 });
  const shared = await openInferenceService(defaultNetPath, { sessions: 2, clients: 2, maxBatch: 16 });
  if (!opened.ok || !shared.ok) throw new Error('the shipped net does not open');
  local = opened.evaluator;
  service = shared.service;
});
afterAll(() => Promise.all([local.close(), service.close()]));

it('threads that share a net get the evaluations that a session of their own gives', async () => {
  const clients = [0, 1].map((index) => connectEvaluator(service.connection(index)));
  const expected = await evaluateAll(local, requests);
  // Batches of all clients and sizes are under way at once.
  const found = await Promise.all(
    clients.flatMap((client) => [
      evaluateAll(client, requests),
      evaluateAll(client, requests.toReversed()).then((evaluations) => evaluations.toReversed()),
    ]),
  );
  for (const evaluations of found)
    evaluations.forEach((evaluation, i) => {
      expect(evaluation.valueToPlay).toBeCloseTo(expected[i].valueToPlay, 4);
      expect(evaluation.scoreToPlay).toBeCloseTo(expected[i].scoreToPlay, 2);
      expect(evaluation.scoreStdev).toBeCloseTo(expected[i].scoreStdev, 2);
      evaluation.policyLogits.forEach((logit, move) =>
        expect(logit).toBeCloseTo(expected[i].policyLogits[move], 3),
      );
      evaluation.ownershipToPlay?.forEach((owner, point) =>
        expect(owner).toBeCloseTo(expected[i].ownershipToPlay?.[point] ?? NaN, 4),
      );
    });
  expect(service.busyMs()).toBeGreaterThan(0);
});

it('clients know no deviation of the score where the net tells none', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'tengen-')), 'own.safetensors');
  const spec = resnetSpec(1, 4);
  saveNet(path, { spec, weights: randomWeights(spec, 1), provenance: {} });
  const opened = await openInferenceService(path, { sessions: 1, clients: 1 });
  if (!opened.ok) throw new Error(opened.message);
  const client = connectEvaluator(opened.service.connection(0));
  for (const { scoreStdev } of await evaluateAll(client, requests.slice(0, 4))) expect(scoreStdev).toBeNaN();
  await opened.service.close();
});

it('a client may have one batch more under way than there are sessions, and no further one', async () => {
  const client = connectEvaluator(service.connection(0));
  expect(client.lanes).toBe(3);
  const batches = Array.from({ length: client.lanes }, () => client.newBatch());
  for (const batch of batches) batch.add(requests[0].position, 0);
  expect(() => client.newBatch().add(requests[0].position, 0)).toThrow('more than 3 batches');
  const all = await Promise.all(batches.map((batch) => batch.evaluate()));
  expect(all.map((evaluations) => evaluations.length)).toEqual([1, 1, 1]);
  const again = client.newBatch();
  expect(await again.evaluate()).toEqual([]);
});

it('a closed service finishes or fails what is under way, and fails what comes later', async () => {
  const opened = await openInferenceService(defaultNetPath, { sessions: 1, clients: 1 });
  if (!opened.ok) throw new Error(opened.message);
  const client = connectEvaluator(opened.service.connection(0));
  const [first, second] = [client.newBatch(), client.newBatch()];
  for (const batch of [first, second]) batch.add(requests[0].position, 0);
  const outcomes = Promise.allSettled([first.evaluate(), second.evaluate()]);
  await opened.service.close();
  for (const outcome of await outcomes)
    if (outcome.status === 'rejected') expect(String(outcome.reason)).toContain('closed');
    else expect(outcome.value).toHaveLength(1);
  const late = client.newBatch();
  late.add(requests[0].position, 0);
  await expect(late.evaluate()).rejects.toThrow('the evaluator is closed');
});

it('a net that cannot be opened is refused with its path before any thread starts', async () => {
  const opened = await openInferenceService('no/such.safetensors', { sessions: 1, clients: 1 });
  expect(opened).toEqual({
    ok: false,
    reason: 'bad-net',
    message: expect.stringContaining('no/such.safetensors'),
  });
});
