/** Names and shapes of a net's weights, as `buildModel` makes them, known without making the model. */
import type { Layers } from './architectures/layers.ts';
import { buildNet } from './architectures/net.ts';
import { FEATURE_SETS } from './features/feature-set.ts';
import type { WeightArray } from './file.ts';
import type { NetSpec } from './spec.ts';

/** Parts of a pooled vector. */
const POOLED_PARTS = 3;

export function weightShapes(spec: NetSpec): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  const weights = (name: string, parts: Readonly<Record<string, readonly number[]>>): void => {
    for (const [part, shape] of Object.entries(parts)) shapes.set(`${name}/${part}`, shape);
  };
  const { planes, globals } = FEATURE_SETS[spec.featureSet];
  /** Values are numbers of channels; whatever passes through a layer leaves its weights' shapes behind. */
  const layers: Layers<number> = {
    planes,
    globals,
    conv: (name, channels, filters, size) => {
      weights(name, { kernel: [size, size, channels, filters] });
      return filters;
    },
    dense: (name, channels, units, { bias = true } = {}) => {
      weights(name, { kernel: [channels, units], ...(bias ? { bias: [units] } : {}) });
      return units;
    },
    batchNormRelu: (name, channels) => {
      for (const part of ['gamma', 'beta', 'moving_mean', 'moving_variance'])
        weights(name, { [part]: [channels] });
      return channels;
    },
    affine: (name, channels) => {
      weights(name, { scale: [channels], shift: [channels] });
      return channels;
    },
    rms: (name, channels) => {
      weights(name, { gamma: [channels], beta: [channels] });
      return channels;
    },
    attention: (name, channels, { heads, kvHeads, queryDim, valueDim, rope }) => {
      weights(name, {
        norm: [channels],
        query: [channels, heads * queryDim],
        key: [channels, kvHeads * queryDim],
        value: [channels, kvHeads * valueDim],
        output: [heads * valueDim, channels],
        ...(rope.kind === 'learned' ? { frequencies: [kvHeads, queryDim / 2, 2] } : {}),
      });
      return channels;
    },
    feedForward: (name, channels, { hidden }) => {
      const inner = [channels, hidden];
      weights(name, { norm: [channels], linear: inner, gate: inner, output: [hidden, channels] });
      return channels;
    },
    add: (_, channels) => channels,
    addVector: (_, channels) => channels,
    pool: (_, channels) => POOLED_PARTS * channels,
    first: () => 1,
    moveLogits: () => 1,
    ownership: () => 1,
    judgement: () => ({ value: 1, score: 1, stdev: 1 }),
  };
  buildNet(layers, spec);
  return shapes;
}

/** What is wrong with the names and shapes of weights meant for `spec`, naming the first; null where they fit. */
export function weightsProblem(spec: NetSpec, weights: ReadonlyMap<string, WeightArray>): string | null {
  const shapes = weightShapes(spec);
  for (const [name, shape] of shapes) {
    const weight = weights.get(name);
    if (weight === undefined) return `weight ${name} is missing`;
    if (weight.shape.join() !== shape.join())
      return `weight ${name} has the shape [${weight.shape.join()}], not [${shape.join()}]`;
  }
  const extra = [...weights.keys()].find((name) => !shapes.has(name));
  return extra === undefined ? null : `weight ${extra} is no part of the net`;
}
