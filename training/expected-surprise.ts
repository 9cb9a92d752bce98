/**
 * How much a net expects to be surprised by the moves of games: the entropy of its policy, by which a sampler draws more
 * often what the net is unsure of (selection by a proxy's entropy: Coleman et al. 2020, arXiv 1906.11829).
 *
 * Not how much the move that was played surprises it: that would draw rare moves, and wrong ones, more often than they are
 * played, and a net that learns from them would forecast them too often. The entropy depends on the position alone, so what
 * there is to learn at each position stays the same, and the loss needs no weights against a bias (Shimodaira 2000).
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { batchOutputs, disposeBatch } from '#nets/batch.ts';
import { modelFromNet } from '#nets/convert.ts';
import type { FeatureSetName } from '#nets/features/feature-set.ts';
import { loadNet } from '#nets/file.ts';
import type { NetFile, NetFileResult } from '#nets/file.ts';
import type { GameSamples } from './dataset.ts';
import { entropy } from './entropy.ts';
import { makeBatch } from './example.ts';
import { exampleOf } from './sampler.ts';
import type { GameSurprise } from './sampler.ts';
import { surpriseOf } from './surprising-draw.ts';
import type { Surprise } from './surprising-draw.ts';

/** Positions that the net looks at at once; any number gives the same. */
const AT_ONCE = 128;

/** The net at an address, if it can look at positions in these features. */
export function readSampler(address: string, featureSet: FeatureSetName): NetFileResult {
  const loaded = loadNet(address);
  if (!loaded.ok) return loaded;
  const seen = loaded.net.spec.featureSet;
  if (seen === featureSet) return loaded;
  const message = `${address}: this net sees ${seen}, but the net to train ${featureSet}, and a sampler has to see the same`;
  return { ok: false, message };
}

/** @param onProgress told of the positions that were looked at. */
export async function expectedSurprise(
  net: NetFile,
  games: readonly GameSamples[],
  onProgress?: (positions: number, total: number) => void,
): Promise<GameSurprise> {
  const made = modelFromNet(net);
  if (!made.ok) throw new Error(`internal: ${made.message}`);
  const total = games.reduce((sum, { moves }) => sum + moves.length, 0);
  const surprise = new Map<GameSamples, Surprise>();
  let done = 0;
  for (const game of games) {
    surprise.set(game, surpriseOf(await policyEntropies(made.model, game)));
    done += game.moves.length;
    onProgress?.(done, total);
    // Lets Ctrl-C in.
    await nextTurn();
  }
  made.model.dispose();
  return surprise;
}

/** Of each position of a game, in nats. */
async function policyEntropies(model: LayersModel, game: GameSamples): Promise<number[]> {
  const entropies: number[] = [];
  const plies = [...game.moves.keys()];
  for (let from = 0; from < plies.length; from += AT_ONCE) {
    const batch = makeBatch(plies.slice(from, from + AT_ONCE).map((ply) => exampleOf(game, ply, 0)));
    const policy = tf.tidy(() => tf.softmax(batchOutputs(model, batch, {}).policy));
    const values = (await policy.data()) as Float32Array;
    const [count, moves] = policy.shape as [number, number];
    for (let i = 0; i < count; i++) entropies.push(entropy(values.subarray(i * moves, (i + 1) * moves)));
    policy.dispose();
    disposeBatch(batch);
  }
  return entropies;
}
