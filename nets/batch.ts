/** Positions of one training step as tensors, and the losses of a model on them. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { makeRng } from '#engine/go/random.ts';
import { OWN_FEATURES } from './features/feature-set.ts';
import { REPLY_LOGITS } from './architectures/resnet.ts';
import { netLosses } from './loss.ts';
import type { Losses, LossWeights, Targets } from './loss.ts';

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

/** What a model says of a batch, as `netLosses` reads it; the caller disposes of everything, best by `tf.tidy`. */
export function batchOutputs(
  model: LayersModel,
  { planes, globals, fullBoards }: Batch,
  training: boolean,
): tf.Tensor[] {
  const outputs = model.apply([planes, globals], { training, fullBoards }) as tf.Tensor[];
  const reply = model.outputNames.indexOf(REPLY_LOGITS);
  return [...outputs.slice(0, 4), ...(reply < 0 ? [] : [outputs[reply]])];
}

/** The losses of a step of training on a batch; the caller disposes. */
export function batchLosses(model: LayersModel, batch: Batch, weights?: LossWeights): Losses {
  return netLosses(batchOutputs(model, batch, true), batch.targets, weights);
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
