/** Draws of a net's dropout, each behind search's `Evaluator`: their spread tells how sure the net is (Gal and Ghahramani 2016). */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { modelFromNet } from './convert.ts';
import { sessionEvaluator } from './evaluator.ts';
import type { NetEvaluator } from './evaluator.ts';
import { FEATURE_SETS } from './features/feature-set.ts';
import type { NetFile } from './file.ts';
import type { NetSession, SessionOutput } from './inference/session.ts';

export type DropoutResult =
  | { readonly ok: true; readonly evaluators: readonly NetEvaluator[] }
  | { readonly ok: false; readonly message: string };

/** More seeds than batches are ever evaluated by one draw. */
const BATCHES = 1e9;

/**
 * Draws of a net, computed by the tensor backend; which units one drops depends on its number and on how many batches it
 * evaluated before. Those of a net that has no dropout are all the same.
 */
export function dropoutEvaluators(net: NetFile, draws: number): DropoutResult {
  const made = modelFromNet(net);
  if (!made.ok) return made;
  const { model } = made;
  let open = draws;
  const close = (): Promise<void> => {
    if (--open === 0) model.dispose();
    return Promise.resolve();
  };
  const evaluators = Array.from({ length: draws }, (_, draw) =>
    sessionEvaluator(net, dropoutSession(net, model, draw * BATCHES, close)),
  );
  return { ok: true, evaluators };
}

/** @param firstSeed of the first batch; the next has the next. */
function dropoutSession(
  { spec }: NetFile,
  model: LayersModel,
  firstSeed: number,
  close: NetSession['close'],
): NetSession {
  const features = FEATURE_SETS[spec.featureSet];
  let seed = firstSeed;
  return {
    run: async ({ count, rows, columns, fullBoards, planes, globals }) => {
      const outputs = tf.tidy(() => {
        const channelsFirst = tf.tensor4d(planes, [count, features.planes, rows, columns]);
        const inputs = [
          tf.transpose(channelsFirst, [0, 2, 3, 1]),
          tf.tensor2d(globals, [count, features.globals]),
        ];
        return model.apply(inputs, { fullBoards, dropout: true, seed: seed++ }) as tf.Tensor[];
      });
      const [policy, value, score, ownership] = await Promise.all(
        outputs.slice(0, 4).map(async (output) => Float32Array.from(await output.data())),
      );
      tf.dispose(outputs);
      return { policy, value, score, ownership } satisfies SessionOutput;
    },
    close,
  };
}
