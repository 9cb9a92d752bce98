/** The statistics that batch norms play with, found anew. */
import * as tf from '@tensorflow/tfjs-core';
import type { AnyNetFile } from './file.ts';
import type { Applied } from './layers/chance.ts';

const MEAN = '/moving_mean';

/** The batch norms that gather statistics, by name. */
export const gatheringNorms = ({ weights }: Pick<AnyNetFile, 'weights'>): string[] =>
  [...weights.keys()].filter((name) => name.endsWith(MEAN)).map((name) => name.slice(0, -MEAN.length));

/** Applies a model to a batch; what comes out is not looked at. */
export type Pass = (applied: Applied) => tf.Tensor | tf.Tensor[];

/** Of moving statistics, the share that stays where as many as `joining` join the plain mean over those `seen`. */
export const shareOfMean = (seen: number, joining = 1): number => seen / (seen + joining);

/**
 * Makes the moving statistics of every batch norm the plain means over these batches, with the weights as they are: E[x]
 * = E_B[mean], Var[x] = m / (m - 1) E_B[variance] (Ioffe and Szegedy 2015, Algorithm 2, steps 10 and 11). All else is as the
 * net plays, so that dropout and drop-path, by which it learned, change no variance (Li et al. 2019).
 */
export function reestimateStatistics(passes: Iterable<Pass>): void {
  let seen = 0;
  for (const pass of passes) {
    tf.tidy(() => void pass({ statisticsShare: shareOfMean(seen) }));
    seen++;
  }
}
