/** A net file behind search's `Evaluator`: run by ONNX Runtime on this thread, or in threads of its own. */
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { evaluateAll } from '#engine/search/evaluator.ts';
import type { EvaluationBatch, Evaluator } from '#engine/search/evaluator.ts';
import { FEATURE_SETS } from './features/feature-set.ts';
import { loadNet } from './file.ts';
import type { NetFile } from './file.ts';
import { BatchBuffer, allocateBatch } from './inference/batch-buffer.ts';
import { BufferedBatch } from './inference/buffered-batch.ts';
import type { BufferSource } from './inference/buffered-batch.ts';
import { openInferenceService } from './inference/inference-service.ts';
import type { InferenceService } from './inference/inference-service.ts';
import { openSession } from './inference/session.ts';
import type { SessionOptions } from './inference/session.ts';
import { connectEvaluator } from './inference/shared-evaluator.ts';

const DEFAULT_MAX_BATCH = 32;

export type NetEvaluator = Evaluator & { readonly net: NetFile; close(): Promise<void> };
export type EvaluatorOptions = SessionOptions & { readonly maxBatch?: number };
export type OpenResult = { ok: true; evaluator: NetEvaluator } | { ok: false; message: string };

/**
 * Opens a net file on this thread, which every evaluation then blocks, and evaluates a position. The refusal names the
 * file and what is wrong with it.
 */
export async function openEvaluator(path: string, options: EvaluatorOptions = {}): Promise<OpenResult> {
  const loaded = loadNet(path);
  if (!loaded.ok) return loaded;
  let evaluator: NetEvaluator;
  try {
    evaluator = await makeEvaluator(loaded.net, options);
  } catch (error) {
    return { ok: false, message: refusal(path, options, (error as Error).message) };
  }
  const problem = await trial(evaluator);
  if (problem === null) return { ok: true, evaluator };
  await evaluator.close();
  return { ok: false, message: refusal(path, options, problem) };
}

export type OpenServiceResult = { ok: true; service: InferenceService } | { ok: false; message: string };

/**
 * Opens a net file in `sessions` threads that evaluate for `clients` other threads, and evaluates a position. Refusals
 * as those of `openEvaluator`.
 */
export async function openSharedEvaluator(
  path: string,
  options: EvaluatorOptions & { readonly sessions: number; readonly clients: number },
): Promise<OpenServiceResult> {
  const loaded = loadNet(path);
  if (!loaded.ok) return loaded;
  const opened = await openInferenceService(path, loaded.net, { maxBatch: DEFAULT_MAX_BATCH, ...options });
  if (!opened.ok) return { ok: false, message: refusal(path, options, opened.message) };
  const problem = await trial(connectEvaluator(opened.service.connection(0)));
  if (problem === null) return opened;
  await opened.service.close();
  return { ok: false, message: refusal(path, options, problem) };
}

/** @throws Error naming the first weight that is not the spec's. */
export async function makeEvaluator(net: NetFile, options: EvaluatorOptions = {}): Promise<NetEvaluator> {
  const { maxBatch = DEFAULT_MAX_BATCH } = options;
  const session = await openSession(net, options);
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

/** Weights that overflow are found out only by an evaluation. @returns what went wrong, or null. */
async function trial(evaluator: Evaluator): Promise<string | null> {
  const position = Position.start({ width: 9, height: 9, rules: RULE_PRESETS['tromp-taylor'] });
  try {
    await evaluateAll(evaluator, [{ position, symmetry: 0 }]);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

function refusal(path: string, { provider = 'cpu' }: SessionOptions, message: string): string {
  const why = message.split('\n')[0];
  // What the cpu can do and another cannot is not the net's fault.
  return provider === 'cpu'
    ? `${path}: it is no net to play with (${why})`
    : `${path}: ONNX Runtime cannot run it on ${provider} (${why}); tengen doctor says what runs here`;
}
