/** How long a net takes for a position or an image in ONNX Runtime, as play does. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { FEATURE_SETS } from '../features/feature-set.ts';
import type { AnyNetFile, WeightArray } from '../file.ts';
import { toOnnx } from '../onnx/export.ts';
import { isImageSpec } from '../spec.ts';
import type { AnySpec } from '../spec.ts';

/** Positions at once, as searches have them. */
export const TIMED_BATCH = 16;

/** The least of several is what the net takes where no other program disturbs it; large nets have fewer. */
const ROUNDS = 9;
const ENOUGH_MS = 2000;

/** What a net is timed with. */
export type TimedInputs = {
  /** A batch, by the names of `toOnnx`. */
  readonly arrays: ReadonlyMap<string, WeightArray>;
  /** Whether every board fills the arrays. */
  readonly fullBoards: boolean;
};

/** @param now milliseconds since any fixed moment. @returns milliseconds for one of the batch, on one thread. */
export async function millisecondsEach(
  net: AnyNetFile,
  { arrays, fullBoards }: TimedInputs,
  now: () => number,
): Promise<number> {
  const session = await InferenceSession.create(toOnnx(net, { fullBoards }), {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const feeds = Object.fromEntries(
    Array.from(arrays, ([name, { values, shape }]) => [name, new Tensor('float32', values, shape)]),
  );
  const [{ shape }] = arrays.values();
  // The first is slower.
  await session.run(feeds);
  const times: number[] = [];
  const begin = now();
  while (times.length === 0 || (times.length < ROUNDS && now() - begin < ENOUGH_MS)) {
    const start = now();
    await session.run(feeds);
    times.push(now() - start);
  }
  await session.release();
  return Math.min(...times) / shape[0];
}

/** A batch of ones, which is as good as any for all nets but equations that are solved within a tolerance. */
export function ones(spec: AnySpec, size: number): TimedInputs {
  const array = (...shape: number[]): WeightArray => ({
    shape: [TIMED_BATCH, ...shape],
    values: new Float32Array(shape.reduce((count, side) => count * side, TIMED_BATCH)).fill(1),
  });
  if (isImageSpec(spec)) {
    const { channels, height, width } = spec.image;
    return { arrays: new Map([['image', array(channels, height, width)]]), fullBoards: true };
  }
  const { planes, globals } = FEATURE_SETS[spec.featureSet];
  const arrays = new Map([
    ['planes', array(planes, size, size)],
    ['globals', array(globals)],
  ]);
  return { arrays, fullBoards: true };
}
