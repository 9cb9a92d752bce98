/** Draws of a net's dropout, each behind search's `Evaluator`: their spread tells how sure the net is (Gal and Ghahramani 2016). */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { evaluateAll } from '#engine/search/evaluator.ts';
import type { PositionView } from '#engine/go/view.ts';
import { modelFromNet } from './convert.ts';
import { sessionEvaluator } from './evaluator.ts';
import type { NetEvaluator } from './evaluator.ts';
import { FEATURE_SETS } from './features/feature-set.ts';
import type { NetFile } from './file.ts';
import type { NetSession, SessionOutput } from './inference/session.ts';
import type { Applied } from './layers/chance.ts';
import { shareOfMean } from './statistics.ts';

export type DropoutResult =
  | { readonly ok: true; readonly evaluators: readonly NetEvaluator[] }
  | { readonly ok: false; readonly message: string };

/** More seeds than batches are ever evaluated by one draw. */
const BATCHES = 1e9;
/** Positions in a batch whose statistics are gathered. */
const GATHERED = 64;

/**
 * Draws of a net, computed by the tensor backend; which units one drops depends on its number and on how many batches it
 * evaluated before. Those of a net that has no dropout are all the same.
 * @param usual positions, in random order, that the statistics of batch norms are of. Those in the file are of the net as it plays; while units
 * are dropped, what reaches a norm behind them varies more (Li et al. 2019). With none of them the file's stay.
 */
export async function dropoutEvaluators(
  net: NetFile,
  draws: number,
  usual: readonly PositionView[],
): Promise<DropoutResult> {
  const made = modelFromNet(net);
  if (!made.ok) return made;
  const { model } = made;
  await gatherStatistics(net, model, usual, draws * BATCHES);
  let open = draws;
  const close = (): Promise<void> => {
    if (--open === 0) model.dispose();
    return Promise.resolve();
  };
  const evaluators = Array.from({ length: draws }, (_, draw) => {
    const run = dropoutSession(net, model, (batch) => ({ dropout: true, seed: draw * BATCHES + batch }));
    return sessionEvaluator(net, { run, close });
  });
  return { ok: true, evaluators };
}

/** Makes the statistics of the model's batch norms plain means over these positions under dropout, as `reestimateStatistics` does of nets as they play. */
async function gatherStatistics(
  net: NetFile,
  model: LayersModel,
  positions: readonly PositionView[],
  firstSeed: number,
): Promise<void> {
  let seen = 0;
  const run = dropoutSession(net, model, (batch, count) => {
    const statisticsShare = shareOfMean(seen, count);
    seen += count;
    return { dropout: true, seed: firstSeed + batch, statisticsShare };
  });
  const evaluator = sessionEvaluator(net, { run, close: () => Promise.resolve() }, GATHERED);
  const requests = positions.map((position) => ({ position, symmetry: 0 }));
  await evaluateAll(evaluator, requests);
}

/** @param step how the model is applied to each batch, from 0, of so many positions. */
function dropoutSession(
  { spec }: NetFile,
  model: LayersModel,
  step: (batch: number, count: number) => Applied,
): NetSession['run'] {
  const features = FEATURE_SETS[spec.featureSet];
  let batches = 0;
  return async ({ count, rows, columns, fullBoards, planes, globals }) => {
    const outputs = tf.tidy(() => {
      const channelsFirst = tf.tensor4d(planes, [count, features.planes, rows, columns]);
      const inputs = [
        tf.transpose(channelsFirst, [0, 2, 3, 1]),
        tf.tensor2d(globals, [count, features.globals]),
      ];
      return model.apply(inputs, { fullBoards, ...step(batches++, count) }) as tf.Tensor[];
    });
    const [policy, value, score, ownership] = await Promise.all(
      outputs.slice(0, 4).map(async (output) => Float32Array.from(await output.data())),
    );
    tf.dispose(outputs);
    return { policy, value, score, ownership } satisfies SessionOutput;
  };
}
