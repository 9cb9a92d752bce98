/** Nets whose batch norms play by statistics of other positions or images than they were learned on. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { makeRng } from '#engine/go/random.ts';
import { SYMMETRY_COUNT } from '#engine/go/symmetry.ts';
import { BN_EPSILON } from '#nets/architectures/layers.ts';
import { batchOutputs, disposeBatch } from '#nets/batch.ts';
import { modelFromNet, weightsOf } from '#nets/convert.ts';
import { FEATURE_SETS } from '#nets/features/feature-set.ts';
import type { AnyNetFile, NetFile } from '#nets/file.ts';
import type { AnySpec, ImageSpec, NetSpec } from '#nets/spec.ts';
import { gatheringNorms, reestimateStatistics } from '#nets/statistics.ts';
import type { Pass } from '#nets/statistics.ts';
import { weightOf } from '#nets/weight-of.ts';
import { makeBatch } from './example.ts';
import { disposeImages, makeImageBatch } from './images/image-batch.ts';
import { classLogits } from './images/image-lesson.ts';
import type { ImageSet } from './images/image-set.ts';
import { askedExample } from './record-positions.ts';
import type { AskedPosition } from './record-positions.ts';
import { dealt, evenly } from './spread.ts';

/** Examples in a batch. */
const AT_ONCE = 64;
/** Of what is drawn: batches, and symmetries. */
const SEED = 1;

/** Shows a model of a net of this spec all examples, in batches. */
type Show<Spec extends AnySpec> = (model: LayersModel, spec: Spec) => Generator<Pass>;

/** How far the statistics of a norm went. */
export type Shift = {
  readonly norm: string;
  /** Root mean square over channels of (new mean - old mean) / sqrt(old variance + epsilon). */
  readonly means: number;
  /** Geometric mean over channels of sqrt((new variance + epsilon) / (old variance + epsilon)). */
  readonly deviations: number;
};

/**
 * The net with statistics of its batch norms found anew, as `reestimateStatistics` does, and all other weights as they are.
 * @throws SolverFailure where it is an equation that cannot be solved.
 */
export async function recalibrated<Spec extends AnySpec>(
  net: NetFile<Spec>,
  show: Show<Spec>,
): Promise<NetFile<Spec>> {
  const made = modelFromNet(net);
  if (!made.ok) throw new Error(`internal: ${made.message}`);
  const { model } = made;
  try {
    reestimateStatistics(show(model, net.spec));
    return { ...net, weights: await weightsOf(model) };
  } finally {
    model.dispose();
  }
}

/** Positions, each turned by a symmetry of the board that is drawn. */
export const showingPositions = (
  asked: readonly AskedPosition[],
  onProgress: (done: number, total: number) => void = () => undefined,
): Show<NetSpec> =>
  function* (model, { featureSet }) {
    const rng = makeRng(SEED);
    let done = 0;
    for (const some of dealt(asked, AT_ONCE, rng)) {
      const batch = makeBatch(
        some.map((one) => ({
          ...askedExample(one, FEATURE_SETS[featureSet]),
          symmetry: rng.nextInt(SYMMETRY_COUNT),
        })),
      );
      try {
        yield (applied) => batchOutputs(model, batch, applied).policy;
      } finally {
        disposeBatch(batch);
      }
      done += some.length;
      onProgress(done, asked.length);
    }
  };

/** @param examples how many images at most, evenly spread over all. */
export const showingImages = (
  images: ImageSet,
  examples: number,
  onProgress: (done: number, total: number) => void = () => undefined,
): Show<ImageSpec> =>
  function* (model, { image, heads }) {
    let done = 0;
    for (const some of dealt(evenly(images.labels.length, examples), AT_ONCE, makeRng(SEED))) {
      const batch = makeImageBatch(images, some, image, heads.classes);
      try {
        yield (applied) => classLogits(model, batch.pixels, applied);
      } finally {
        disposeImages(batch);
      }
      done += some.length;
      onProgress(done, Math.min(examples, images.labels.length));
    }
  };

/** @param after the same net with other statistics. */
export function shiftsOf(before: AnyNetFile, after: AnyNetFile): Shift[] {
  return gatheringNorms(before).map((norm) => {
    const [means, variances] = ['moving_mean', 'moving_variance'].map((part) =>
      [before, after].map((net) => weightOf(net, `${norm}/${part}`).values),
    );
    const mean = (of: (channel: number) => number): number =>
      Array.from(means[0], (_, channel) => of(channel)).reduce((sum, it) => sum + it, 0) / means[0].length;
    const variance = (channel: number, which: 0 | 1): number => variances[which][channel] + BN_EPSILON;
    return {
      norm,
      means: Math.sqrt(mean((c) => (means[1][c] - means[0][c]) ** 2 / variance(c, 0))),
      deviations: Math.exp(mean((c) => Math.log(variance(c, 1) / variance(c, 0)) / 2)),
    };
  });
}
