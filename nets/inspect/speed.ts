/** How long a net takes for a position or an image in ONNX Runtime, as play does. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { FEATURE_SETS } from '../features/feature-set.ts';
import type { AnyNetFile } from '../file.ts';
import { toOnnx } from '../onnx/export.ts';
import { isImageSpec } from '../spec.ts';
import type { AnySpec } from '../spec.ts';

/** Positions at once, as searches have them. */
export const TIMED_BATCH = 16;

/** The least of several is what the net takes where no other program disturbs it; large nets have fewer. */
const ROUNDS = 9;
const ENOUGH_MS = 2000;

/** @param now milliseconds since any fixed moment. @returns milliseconds a position on one thread, in batches of `TIMED_BATCH`. */
export async function millisecondsEach(net: AnyNetFile, size: number, now: () => number): Promise<number> {
  const session = await InferenceSession.create(toOnnx(net, { fullBoards: true }), {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const inputs = anyInputs(net.spec, size);
  // The first is slower.
  await session.run(inputs);
  const times: number[] = [];
  const begin = now();
  while (times.length === 0 || (times.length < ROUNDS && now() - begin < ENOUGH_MS)) {
    const start = now();
    await session.run(inputs);
    times.push(now() - start);
  }
  await session.release();
  return Math.min(...times) / TIMED_BATCH;
}

/** A batch of ones: no net is faster or slower for what it sees. */
function anyInputs(spec: AnySpec, size: number): Record<string, Tensor> {
  const ones = (...shape: number[]): Tensor => {
    const values = new Float32Array(shape.reduce((count, side) => count * side, TIMED_BATCH)).fill(1);
    return new Tensor('float32', values, [TIMED_BATCH, ...shape]);
  };
  if (isImageSpec(spec)) return { image: ones(spec.image.channels, spec.image.height, spec.image.width) };
  const { planes, globals } = FEATURE_SETS[spec.featureSet];
  return { planes: ones(planes, size, size), globals: ones(globals) };
}
