/** A net behind search's `Evaluator`, run by ONNX Runtime on this thread: call it from a worker. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { Position } from '#engine/go/position.ts';
import type { PositionView } from '#engine/go/view.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { evaluateAll } from '#engine/search/evaluator.ts';
import type { Evaluation, EvaluationBatch, Evaluator } from '#engine/search/evaluator.ts';
import { FEATURE_SETS } from './features/feature-set.ts';
import type { FeatureSet } from './features/feature-set.ts';
import { bufferOf, bufferPoints } from './features/layout.ts';
import type { Turned } from './features/layout.ts';
import { loadNet } from './file.ts';
import type { NetFile } from './file.ts';
import { SCORE_SCALE } from './architectures/net.ts';
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
    await evaluateAll(evaluator, [{ position, symmetry: 0 }]);
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
  const features = FEATURE_SETS[net.spec.featureSet];
  const newBatch = (): EvaluationBatch => {
    let encoded: Encoded[] = [];
    return {
      get size() {
        return encoded.length;
      },
      add: (position, symmetry) => {
        if (encoded.length === maxBatch) throw new Error(`internal: a batch of more than ${maxBatch}`);
        encoded.push(encode(features, position, symmetry));
      },
      evaluate: () => {
        const full = encoded;
        encoded = [];
        return runBatch(session, features, full);
      },
    };
  };
  return { net, maxBatch, lanes: 1, newBatch, close: () => session.release() };
}

/** What the net sees of one position, on a buffer of the size of its turned board. */
type Encoded = Turned & { readonly planes: Float32Array; readonly globals: Float32Array };

function encode(features: FeatureSet, position: PositionView, symmetry: number): Encoded {
  const { width, height, area } = position.board;
  const planes = new Float32Array(area * features.planes);
  const globals = new Float32Array(features.globals);
  features.encode(position, symmetry, {
    planes,
    globals,
    columns: symmetry & 4 ? height : width,
    pointStride: 1,
    planeStride: area,
    planesOffset: 0,
    globalsOffset: 0,
  });
  return { width, height, symmetry, planes, globals };
}

async function runBatch(
  session: InferenceSession,
  features: FeatureSet,
  batch: readonly Encoded[],
): Promise<Evaluation[]> {
  // Boards of different sizes share a batch in the top-left corner of the largest.
  const { width, height } = bufferOf(batch);
  const area = width * height;
  const { planes: planeCount, globals: globalCount } = features;
  const planes = new Float32Array(batch.length * planeCount * area);
  const globals = new Float32Array(batch.length * globalCount);
  batch.forEach((position, i) => {
    const own = bufferPoints(position, position.symmetry & 4 ? position.height : position.width);
    const shared = bufferPoints(position, width);
    for (let p = 0; p < own.length; p++)
      for (let c = 0; c < planeCount; c++)
        planes[(i * planeCount + c) * area + shared[p]] = position.planes[c * own.length + own[p]];
    globals.set(position.globals, i * globalCount);
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
  return batch.map((position, i) => {
    const points = bufferPoints(position, width);
    const policyLogits = new Float32Array(points.length + 1);
    const ownershipToPlay = new Float32Array(points.length);
    for (let p = 0; p < points.length; p++) {
      policyLogits[p] = policy[i * (area + 1) + points[p]];
      ownershipToPlay[p] = ownership[i * area + points[p]];
    }
    policyLogits[points.length] = policy[i * (area + 1) + area];
    return {
      policyLogits,
      valueToPlay: value[i],
      scoreToPlay: score[i] * SCORE_SCALE,
      scoreStdev: NaN,
      ownershipToPlay,
    };
  });
}
