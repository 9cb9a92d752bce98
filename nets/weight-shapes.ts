/** Names and shapes of a net's weights, as `buildModel` makes them, known without making the model. */
import { POOLED_PARTS } from './architectures/layers.ts';
import type { ConnectionTable, Layers } from './architectures/layers.ts';
import { buildClassifier, buildNet } from './architectures/net.ts';
import { sizeAfter } from './architectures/windows.ts';
import type { Size } from './architectures/windows.ts';
import { FEATURE_SETS } from './features/feature-set.ts';
import type { WeightArray } from './file.ts';
import { odeWeights } from './ode/weights.ts';
import { isImageSpec } from './spec.ts';
import type { AnySpec } from './spec.ts';

/** What the weights behind a value depend on: its channels, and where they are flattened the size of its map, if it is fixed. */
type Shape = { readonly channels: number; readonly size: Size | null };

type Shapes = Map<string, readonly number[]>;

export function weightShapes(spec: AnySpec): Shapes {
  const shapes: Shapes = new Map();
  read(spec, (planes, globals) => shapeLayers(shapes, planes, globals));
  return shapes;
}

/** `ConvOptions.table` of the kernels that have one, by their names. */
export function connectionTables(spec: AnySpec): Map<string, ConnectionTable> {
  const tables = new Map<string, ConnectionTable>();
  read(spec, (planes, globals) => {
    const layers = shapeLayers(new Map(), planes, globals);
    const conv: typeof layers.conv = (name, x, filters, size, options = {}) => {
      if (options.table !== undefined) tables.set(`${name}/kernel`, options.table);
      return layers.conv(name, x, filters, size, options);
    };
    return { ...layers, conv };
  });
  return tables;
}

function read(spec: AnySpec, layersFor: (planes: Shape, globals: Shape | null) => Layers<Shape>): void {
  if (isImageSpec(spec)) {
    const { height, width, channels } = spec.image;
    buildClassifier(layersFor({ channels, size: [height, width] }, null), spec);
  } else {
    const { planes, globals } = FEATURE_SETS[spec.featureSet];
    buildNet(layersFor({ channels: planes, size: null }, { channels: globals, size: null }), spec);
  }
}

/** `Layers` that note the shapes of weights in `shapes`. */
export function shapeLayers(shapes: Shapes, planes: Shape, globals: Shape | null): Layers<Shape> {
  const weights = (name: string, parts: Readonly<Record<string, readonly number[]>>): void => {
    for (const [part, shape] of Object.entries(parts)) shapes.set(`${name}/${part}`, shape);
  };
  const vector = (channels: number): Shape => ({ channels, size: null });
  return {
    planes,
    globals,
    conv: (name, x, filters, size, options = {}) => {
      const { stride = 1, padding = 'same', groups = 1, bias = false } = options;
      weights(name, {
        kernel: [size, size, x.channels / groups, filters],
        ...(bias ? { bias: [filters] } : {}),
      });
      return { channels: filters, size: x.size && sizeAfter(x.size, { size, stride, padding }) };
    },
    dense: (name, { channels }, units, { bias = true } = {}) => {
      weights(name, { kernel: [channels, units], ...(bias ? { bias: [units] } : {}) });
      return vector(units);
    },
    batchNorm: (name, x) => {
      for (const part of ['gamma', 'beta', 'moving_mean', 'moving_variance'])
        weights(name, { [part]: [x.channels] });
      return x;
    },
    affine: (name, x) => {
      weights(name, { scale: [x.channels], shift: [x.channels] });
      return x;
    },
    rms: (name, x) => {
      weights(name, { gamma: [x.channels], beta: [x.channels] });
      return x;
    },
    attention: (name, x, { heads, kvHeads, queryDim, valueDim, rope }) => {
      weights(name, {
        norm: [x.channels],
        query: [x.channels, heads * queryDim],
        key: [x.channels, kvHeads * queryDim],
        value: [x.channels, kvHeads * valueDim],
        output: [heads * valueDim, x.channels],
        ...(rope.kind === 'learned' ? { frequencies: [kvHeads, queryDim / 2, 2] } : {}),
      });
      return x;
    },
    feedForward: (name, x, { hidden }) => {
      const inner = [x.channels, hidden];
      weights(name, { norm: [x.channels], linear: inner, gate: inner, output: [hidden, x.channels] });
      return x;
    },
    ode: (name, x) => {
      weights(name, Object.fromEntries(odeWeights(x.channels)));
      return x;
    },
    localNorm: (_, x) => x,
    activate: (_, x) => x,
    add: (_, x) => x,
    addVector: (_, x) => x,
    concat: (_, xs) => ({ ...xs[0], channels: xs.reduce((sum, { channels }) => sum + channels, 0) }),
    window: (_, x, { size, stride = 1, padding = 'same' }) => ({
      ...x,
      size: x.size && sizeAfter(x.size, { size, stride, padding }),
    }),
    upsample: (_, { channels }, { size }) => ({ channels, size }),
    pointMean: (_, { channels }) => vector(channels),
    flatten: (name, { channels, size }) => {
      if (size === null) throw new Error(`internal: ${name} flattens maps of any size`);
      return vector(size[0] * size[1] * channels);
    },
    pool: (_, { channels }) => vector(POOLED_PARTS * channels),
    dropout: (_, x) => x,
    join: (_, xs) => xs[0],
    first: (_, x) => ({ ...x, channels: 1 }),
    moveLogits: () => vector(1),
    ownership: () => vector(1),
    judgement: () => ({ value: vector(1), score: vector(1), stdev: vector(1) }),
  };
}

/** Those of the weights that the net has, of another that has them all. */
export function weightsOfSpec(
  spec: AnySpec,
  weights: ReadonlyMap<string, WeightArray>,
): Map<string, WeightArray> {
  const shapes = weightShapes(spec);
  return new Map([...weights].filter(([name]) => shapes.has(name)));
}

/** Of tensors or arrays. */
export const shapesOf = (weights: ReadonlyMap<string, { readonly shape: readonly number[] }>): Shapes =>
  new Map(Array.from(weights, ([name, { shape }]) => [name, shape]));

/** A sentence naming the first weight that is missing, of another shape than is expected, or not expected; or null. */
export function mismatch(
  expected: ReadonlyMap<string, readonly number[]>,
  shapes: ReadonlyMap<string, readonly number[]>,
): string | null {
  for (const [name, wanted] of expected) {
    const shape = shapes.get(name);
    if (shape === undefined) return `weight ${name} is missing`;
    if (shape.join() !== wanted.join())
      return `weight ${name} has the shape [${shape.join()}], not [${wanted.join()}]`;
  }
  const extra = [...shapes.keys()].find((name) => !expected.has(name));
  return extra === undefined ? null : `weight ${extra} is no part of the net`;
}

/** The `mismatch` of weights meant for `spec`. */
export const weightsProblem = (spec: AnySpec, weights: ReadonlyMap<string, WeightArray>): string | null =>
  mismatch(weightShapes(spec), shapesOf(weights));
