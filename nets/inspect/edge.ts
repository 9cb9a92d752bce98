/** Which channels of a net's trunk know the edge: on an empty board points differ by nothing but what padding tells of it. */
import * as tf from '@tensorflow/tfjs-core';
import { model as makeModel } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { modelFromNet } from '../convert.ts';
import { FEATURE_SETS } from '../features/feature-set.ts';
import type { FeatureSetName } from '../features/feature-set.ts';
import type { NetFile } from '../file.ts';
import { inspectNet } from './inspect.ts';

/** Deviations that count, as shares of the largest value of the map: those beyond rounding, and those that tell. Our choice. */
const [ROUNDING, TELLS] = [1e-5, 0.01];

/** A deviation is |x_c(p) - x_c(centre)| at a point p and channel c, over the largest |x| of all points and channels. */
export type EdgeKnowledge = {
  readonly channels: number;
  /** Channels that deviate by more than a hundredth anywhere. */
  readonly telling: number;
  /** The largest of all. */
  readonly deviation: number;
  /** Lines from the edge inwards, the edge being the first, up to the last with a deviation beyond rounding. */
  readonly reach: number;
  /** The same of deviations of more than a hundredth. */
  readonly tellingReach: number;
};

/** @param map [size, size, C]; where `size` is even the centre is the upper left of four. */
export function edgeKnowledge(map: Float32Array, size: number): EdgeKnowledge {
  const channels = map.length / size ** 2;
  const middle = centreLine(size);
  const centre = (middle * size + middle) * channels;
  const largest = map.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const byChannel = new Float64Array(channels);
  const byLine = new Float64Array(middle + 1);
  map.forEach((value, i) => {
    const [c, p] = [i % channels, Math.floor(i / channels)];
    const [x, y] = [p % size, Math.floor(p / size)];
    const line = Math.min(x, y, size - 1 - x, size - 1 - y);
    const deviation = largest === 0 ? 0 : Math.abs(value - map[centre + c]) / largest;
    byChannel[c] = Math.max(byChannel[c], deviation);
    byLine[line] = Math.max(byLine[line], deviation);
  });
  const reach = (least: number): number => byLine.findLastIndex((deviation) => deviation > least) + 1;
  return {
    channels,
    telling: byChannel.filter((deviation) => deviation > TELLS).length,
    deviation: Math.max(...byChannel),
    reach: reach(ROUNDING),
    tellingReach: reach(TELLS),
  };
}

/** The lines between the edge and the centre. */
export const centreLine = (size: number): number => Math.floor((size - 1) / 2);

export type EdgeLayer = EdgeKnowledge & {
  readonly name: string;
  /** The word of `Layers` that it is. */
  readonly word: string;
};

/** Of each map of the trunk, in the order in which the net is built. Computed by the current backend. */
export async function edgeAudit(net: NetFile, size: number): Promise<EdgeLayer[]> {
  const made = modelFromNet(net);
  if (!made.ok) throw new Error(`internal: ${made.message}`);
  const { model } = made;
  const maps = inspectNet(net.spec, size).layers.filter(
    ({ name, output }) => name.startsWith('trunk/') && output.length === 3,
  );
  const outputs = maps.map(({ name }) => model.getLayer(name).output as SymbolicTensor);
  const probe = makeModel({ inputs: model.inputs, outputs });
  const found = tf.tidy(
    () => [probe.apply(emptyBoard(net.spec.featureSet, size), { fullBoards: true })].flat() as tf.Tensor[],
  );
  const audited = await Promise.all(
    maps.map(async ({ name, word }, i) => ({
      name,
      word,
      ...edgeKnowledge((await found[i].data()) as Float32Array, size),
    })),
  );
  tf.dispose(found);
  model.dispose();
  return audited;
}

/** Planes [1, size, size, P] and globals [1, G] of the first move under Tromp-Taylor rules. */
function emptyBoard(featureSet: FeatureSetName, size: number): tf.Tensor[] {
  const features = FEATURE_SETS[featureSet];
  const planes = new Float32Array(size * size * features.planes);
  const globals = new Float32Array(features.globals);
  const position = Position.start({ width: size, height: size, rules: RULE_PRESETS['tromp-taylor'] });
  features.encode(position, 0, {
    planes,
    globals,
    columns: size,
    pointStride: features.planes,
    planeStride: 1,
    planesOffset: 0,
    globalsOffset: 0,
  });
  return [tf.tensor4d(planes, [1, size, size, features.planes]), tf.tensor2d(globals, [1, features.globals])];
}
