/** A net behind search's `Evaluator`, run by ONNX Runtime on this thread: call it from a worker. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import type { Evaluation, EvaluationRequest, Evaluator } from '#engine/search/evaluator.ts';
import { bufferOf, bufferPoints } from './features/layout.ts';
import { TENGEN_V1, encodeTengenV1 } from './features/tengen-v1.ts';
import { loadNet } from './file.ts';
import type { NetFile } from './file.ts';
import { SCORE_SCALE } from './model.ts';
import { toOnnx } from './onnx/export.ts';
import type { Provider } from './providers.ts';
import { weightsProblem } from './weight-shapes.ts';

export type NetEvaluator = Evaluator & { readonly net: NetFile; close(): Promise<void> };
export type EvaluatorOptions = {
  /** Default cpu. */
  readonly provider?: Provider;
  /** Threads of one inference; several workers with one each are fastest on a CPU. */
  readonly threads?: number;
  readonly maxBatch?: number;
};
export type OpenResult = { ok: true; evaluator: NetEvaluator } | { ok: false; message: string };

/** Opens a net file and evaluates a position; the refusal names the file and what is wrong with it. */
export async function openEvaluator(path: string, options: EvaluatorOptions = {}): Promise<OpenResult> {
  const { provider = 'cpu' } = options;
  const loaded = loadNet(path);
  if (!loaded.ok) return loaded;
  try {
    const evaluator = await makeEvaluator(loaded.net, options);
    // Weights that overflow are found out only here.
    const position = Position.start({ width: 9, height: 9, rules: RULE_PRESETS['tromp-taylor'] });
    await evaluator.evaluate([{ position, symmetry: 0 }]);
    return { ok: true, evaluator };
  } catch (error) {
    const why = (error as Error).message.split('\n')[0];
    // What the cpu can do and another cannot is not the net's fault.
    const reason =
      provider === 'cpu'
        ? `it is no net to play with (${why})`
        : `ONNX Runtime cannot run it on ${provider} (${why}); tengen doctor says what runs here`;
    return { ok: false, message: `${path}: ${reason}` };
  }
}

/** @throws Error naming the first weight that is not the spec's. */
export async function makeEvaluator(net: NetFile, options: EvaluatorOptions = {}): Promise<NetEvaluator> {
  const { provider = 'cpu', threads = 1, maxBatch = 32 } = options;
  const problem = weightsProblem(net.spec, net.weights);
  if (problem !== null) throw new Error(problem);
  const session = await InferenceSession.create(toOnnx(net), {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const evaluate = async (batch: readonly EvaluationRequest[]): Promise<Evaluation[]> => {
    const results: Evaluation[] = [];
    for (let from = 0; from < batch.length; from += maxBatch)
      results.push(...(await runBatch(session, batch.slice(from, from + maxBatch))));
    return results;
  };
  return { net, maxBatch, evaluate, close: () => session.release() };
}

async function runBatch(
  session: InferenceSession,
  batch: readonly EvaluationRequest[],
): Promise<Evaluation[]> {
  // Boards of different sizes share a batch in the top-left corner of the largest.
  const turned = batch.map(({ position: { board }, symmetry }) => ({
    width: board.width,
    height: board.height,
    symmetry,
  }));
  const { width, height } = bufferOf(turned);
  const area = width * height;
  const { planes: planeCount, globals: globalCount } = TENGEN_V1;
  const nhwc = new Float32Array(area * planeCount);
  const planes = new Float32Array(batch.length * planeCount * area);
  const globals = new Float32Array(batch.length * globalCount);
  batch.forEach(({ position, symmetry }, i) => {
    nhwc.fill(0);
    encodeTengenV1(position, symmetry, nhwc, globals.subarray(i * globalCount, (i + 1) * globalCount), width);
    for (let p = 0; p < area; p++)
      for (let c = 0; c < planeCount; c++) planes[(i * planeCount + c) * area + p] = nhwc[p * planeCount + c];
  });
  const output = await session.run({
    planes: new Tensor('float32', planes, [batch.length, planeCount, height, width]),
    globals: new Tensor('float32', globals, [batch.length, globalCount]),
  });
  const [policy, value, score, ownership] = ['policy', 'value', 'score', 'ownership'].map(
    (name) => output[name].data as Float32Array,
  );
  // Everything that goes wrong inside the net reaches at least one of these; comparisons with NaN would hide it.
  for (const outputs of [policy, value, score])
    if (!outputs.every(Number.isFinite)) throw new Error('its outputs are not finite numbers');
  return batch.map(({ position: { board } }, i) => {
    const points = bufferPoints(turned[i], width);
    const policyLogits = new Float32Array(board.area + 1);
    const ownershipToPlay = new Float32Array(board.area);
    for (let p = 0; p < board.area; p++) {
      policyLogits[p] = policy[i * (area + 1) + points[p]];
      ownershipToPlay[p] = ownership[i * area + points[p]];
    }
    policyLogits[board.area] = policy[i * (area + 1) + area];
    return { policyLogits, valueToPlay: value[i], scoreToPlay: score[i] * SCORE_SCALE, ownershipToPlay };
  });
}
