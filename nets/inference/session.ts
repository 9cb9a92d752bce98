/** A net in ONNX Runtime: numbers in, numbers out. `run` blocks the thread it is called on although it returns a promise. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { FEATURE_SETS } from '../features/feature-set.ts';
import type { NetFile } from '../file.ts';
import { toOnnx } from '../onnx/export.ts';
import type { Provider } from '../providers.ts';
import { weightsProblem } from '../weight-shapes.ts';

export type SessionOptions = {
  /** Default cpu. */
  readonly provider?: Provider;
  /** Threads of one inference; several sessions with one each are fastest on a CPU. Default 1. */
  readonly threads?: number;
  /** Whether to give what only KataGo's heads say too. Default false. */
  readonly raw?: boolean;
};

/** B boards in a buffer of H x W points, each in its top-left corner. */
export type SessionInput = {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  /** Whether every board is as large as the buffer. */
  readonly fullBoards: boolean;
  /** float32 [B, P, H, W] */
  readonly planes: Float32Array;
  /** float32 [B, G] */
  readonly globals: Float32Array;
};

/** All for the side to move: logits [B, H * W + 1], value [B] in [-1, 1], score and stdev [B] in units of 20 points, ownership [B, H * W]. */
export type SessionOutput = {
  readonly policy: Float32Array;
  readonly value: Float32Array;
  readonly score: Float32Array;
  /** Missing where the net has no such head. */
  readonly stdev?: Float32Array;
  readonly ownership: Float32Array;
  /** How often the slope of the net's differential equation was evaluated [B]; where it has one that is solved adaptively. */
  readonly evaluations?: Float32Array;
  /** All outputs by the names of `toOnnx`; missing where not asked for. */
  readonly raw?: Readonly<Record<string, Float32Array>>;
};

export type NetSession = {
  /** @throws Error where an output is not finite. */
  run(input: SessionInput): Promise<SessionOutput>;
  close(): Promise<void>;
};

/** @throws Error naming the first weight that is not the spec's, or what ONNX Runtime says. */
export async function openSession(net: NetFile, options: SessionOptions = {}): Promise<NetSession> {
  const { provider = 'cpu', threads = 1, raw = false } = options;
  const problem = weightsProblem(net.spec, net.weights);
  if (problem !== null) throw new Error(problem);
  const create = (fullBoards: boolean): Promise<InferenceSession> =>
    InferenceSession.create(toOnnx(net, { fullBoards, raw }), {
      executionProviders: [provider],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // Threads that wait by spinning take the cores from whoever could use them; the other defaults are best (docs/tensors.md).
      ...(threads > 1 ? { extra: { session: { intra_op: { allow_spinning: '0' } } } } : {}),
      logSeverityLevel: 3,
    });
  // Boards that fill the buffer need no masks, and are nearly all there are.
  const full = await create(true);
  let masked: InferenceSession | null = null;
  const { planes: planeCount, globals: globalCount } = FEATURE_SETS[net.spec.featureSet];
  const run = async (input: SessionInput): Promise<SessionOutput> => {
    const { count, rows, columns, fullBoards, planes, globals } = input;
    const session = fullBoards ? full : (masked ??= await create(false));
    const output = await session.run({
      planes: new Tensor('float32', planes, [count, planeCount, rows, columns]),
      globals: new Tensor('float32', globals, [count, globalCount]),
    });
    const read = (name: string): Float32Array => output[name].data as Float32Array;
    const [policy, value, score, ownership] = ['policy', 'value', 'score', 'ownership'].map(read);
    // Everything that goes wrong inside the net reaches at least one of these; comparisons with NaN would hide it.
    for (const outputs of [policy, value, score])
      if (!outputs.every(Number.isFinite)) throw new Error('its outputs are not finite numbers');
    const evaluations = 'evaluations' in output ? { evaluations: read('evaluations') } : {};
    if (evaluations.evaluations?.every(Number.isFinite) === false)
      throw new Error('its differential equation is too rough for the tolerance');
    const stdev = 'stdev' in output ? { stdev: read('stdev') } : {};
    const more = (): Record<string, Float32Array> =>
      Object.fromEntries(Object.entries(output).map(([name, tensor]) => [name, tensor.data as Float32Array]));
    return { policy, value, score, ownership, ...stdev, ...evaluations, ...(raw ? { raw: more() } : {}) };
  };
  const close = async (): Promise<void> => {
    await full.release();
    await masked?.release();
  };
  return { run, close };
}
