/** A net behind search's `Evaluator`, run by ONNX Runtime on this thread: call it from a worker. */
import type { EvaluationBatch, Evaluator } from '#engine/search/evaluator.ts';
import { FEATURE_SETS } from './features/feature-set.ts';
import { loadNet } from './file.ts';
import type { NetFile } from './file.ts';
import { BatchBuffer, MAX_BATCH, allocateBatch } from './inference/batch-buffer.ts';
import { BufferedBatch } from './inference/buffered-batch.ts';
import type { BufferSource } from './inference/buffered-batch.ts';
import { openSession } from './inference/session.ts';
import type { NetSession, SessionOptions } from './inference/session.ts';
import { netRefusal, tryEvaluator } from './inference/trial.ts';
import type { NetRefusal } from './inference/trial.ts';

export type NetEvaluator = Evaluator & { readonly net: NetFile; close(): Promise<void> };
export type EvaluatorOptions = SessionOptions & { readonly maxBatch?: number };
export type OpenResult = { ok: true; evaluator: NetEvaluator } | NetRefusal;

/**
 * Opens a net file on this thread, which every evaluation then blocks, and evaluates a position. The refusal names the
 * file and what is wrong with it.
 */
export async function openEvaluator(path: string, options: EvaluatorOptions = {}): Promise<OpenResult> {
  const { provider = 'cpu' } = options;
  const loaded = loadNet(path);
  if (!loaded.ok) return { ...loaded, reason: 'bad-net' };
  let evaluator: NetEvaluator;
  try {
    evaluator = await makeEvaluator(loaded.net, options);
  } catch (error) {
    return netRefusal(path, provider, (error as Error).message);
  }
  const problem = await tryEvaluator(evaluator);
  if (problem === null) return { ok: true, evaluator };
  await evaluator.close();
  return netRefusal(path, provider, problem);
}

/** @throws Error naming the first weight that is not the spec's. */
export async function makeEvaluator(net: NetFile, options: EvaluatorOptions = {}): Promise<NetEvaluator> {
  return sessionEvaluator(net, await openSession(net, options), options.maxBatch);
}

/** @param session of the net, closed with the evaluator. */
export function sessionEvaluator(net: NetFile, session: NetSession, maxBatch = MAX_BATCH): NetEvaluator {
  const features = FEATURE_SETS[net.spec.featureSet];
  const free: { buffer: BatchBuffer }[] = [];
  const source: BufferSource<{ buffer: BatchBuffer }> = {
    take: () => free.pop() ?? { buffer: new BatchBuffer(features, allocateBatch(features, maxBatch)) },
    giveBack: (place) => void free.push(place),
    run: ({ buffer }) => session.run(buffer.input()),
  };
  const newBatch = (): EvaluationBatch => new BufferedBatch(source);
  return { net, maxBatch, lanes: 1, newBatch, close: () => session.close() };
}
