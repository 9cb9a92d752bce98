/** Positions of one training step as tensors, and the losses of a model on them. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { makeRng } from '#engine/go/random.ts';
import { OWN_FEATURES } from './features/feature-set.ts';
import { REPLY_LOGITS, isAuxiliary } from './architectures/heads.ts';
import type { Applied } from './layers/chance.ts';
import { netLosses } from './loss.ts';
import type { BoardTensors, Losses, LossWeights, Targets } from './loss.ts';

export type Batch = {
  /** float32 [B, H, W, P] and [B, G]. */
  readonly planes: tf.Tensor4D;
  readonly globals: tf.Tensor2D;
  readonly targets: Targets;
  /** Whether every board fills the buffer, so that nothing needs masking. */
  readonly fullBoards: boolean;
};

export function disposeBatch(batch: Batch): void {
  tf.dispose([batch.planes, batch.globals, Object.values(batch.targets)]);
}

/** What a model says of a batch; the caller disposes of everything, best by `tf.tidy`. */
export function batchOutputs(
  model: LayersModel,
  { planes, globals, fullBoards }: Batch,
  step: Applied,
): BoardTensors {
  const outputs = model.apply([planes, globals], { fullBoards, ...step }) as tf.Tensor[];
  const [policy, value, score, ownership] = outputs;
  const reply = model.outputNames.indexOf(REPLY_LOGITS);
  const ofTaps = outputs.filter((_, i) => isAuxiliary(model.outputNames[i]));
  return {
    policy,
    value,
    score,
    ownership,
    reply: reply < 0 ? null : outputs[reply],
    auxiliary: ofTaps.flatMap((output, i) => (i % 2 === 0 ? [{ policy: output, value: ofTaps[i + 1] }] : [])),
  };
}

/** The losses of a step of training on a batch; the caller disposes. @param seed of what layers draw, where any does. */
export function batchLosses(
  model: LayersModel,
  batch: Batch,
  { weights, seed }: { readonly weights?: LossWeights; readonly seed?: number } = {},
): Losses {
  return netLosses(batchOutputs(model, batch, { training: true, seed }), batch.targets, weights);
}

/** Random `OWN_FEATURES` on full boards, the same on every backend, to test and to time with; the caller disposes. */
export function randomBatch(count: number, size: number, seed: number): Batch {
  const rng = makeRng(seed);
  const area = size * size;
  const values = Float32Array.from({ length: count * area * OWN_FEATURES.planes }, (_, i) =>
    i % OWN_FEATURES.planes === 0 || rng.nextFloat() > 0.7 ? 1 : 0,
  );
  const moves = (): tf.Tensor2D => {
    const chosen = new Float32Array(count * (area + 1));
    for (let i = 0; i < count; i++) chosen[i * (area + 1) + rng.nextInt(area + 1)] = 1;
    return tf.tensor2d(chosen, [count, area + 1]);
  };
  const policy = moves();
  const ones = (columns: number): tf.Tensor2D => tf.ones([count, columns]);
  const sides = Float32Array.from({ length: count }, () => (rng.nextFloat() > 0.5 ? 1 : -1));
  return {
    fullBoards: true,
    planes: tf.tensor4d(values, [count, size, size, OWN_FEATURES.planes]),
    globals: tf.zeros([count, OWN_FEATURES.globals]),
    targets: {
      policy,
      value: tf.tensor2d(sides, [count, 1]),
      valueKnown: ones(1),
      score: tf.tensor2d(sides, [count, 1]),
      scoreKnown: ones(1),
      ownership: tf.tensor2d(
        Float32Array.from({ length: count * area }, () => (rng.nextFloat() > 0.5 ? 1 : -1)),
        [count, area],
      ),
      ownershipKnown: ones(1),
      mask: ones(area),
      reply: moves(),
    },
  };
}
