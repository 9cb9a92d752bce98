/** What each layer of a net puts out on a board of a given size, how many weights it has, and what it costs. */
import type { Layers } from '../architectures/layers.ts';
import { sizeAfter } from '../architectures/windows.ts';
import type { Windows } from '../architectures/windows.ts';
import { buildNet } from '../architectures/net.ts';
import { FEATURE_SETS } from '../features/feature-set.ts';
import type { NetSpec } from '../spec.ts';
import { weightShapes } from '../weight-shapes.ts';

/** [H, W, C] of a map, [C] of a vector. */
export type Shape = readonly number[];

export type LayerCost = {
  readonly name: string;
  /** The word of `Layers` that it is. */
  readonly word: string;
  readonly output: Shape;
  /** Weights that are learned, and those of them in matrices and kernels. */
  readonly parameters: number;
  readonly kernelParameters: number;
  /** Moving means and variances. */
  readonly statistics: number;
  /** Two for each multiply-add of a convolution, dense layer or attention for one position; zeros around the board count. */
  readonly flops: number;
  /**
   * Of a convolution: the weights of a dense layer between the same maps. The convolution has that many fewer because each
   * output sees few inputs (sparsity) and all points share a kernel.
   */
  readonly denseParameters: number | null;
};

const product = (shape: Shape): number => shape.reduce((size, side) => size * side, 1);
const points = (shape: Shape): number => product(shape.slice(0, -1));
const channels = (shape: Shape): number => shape[shape.length - 1];
const withChannels = (shape: Shape, channels: number): Shape => [...shape.slice(0, -1), channels];

const underWindows = ([height, width]: Shape, windows: Windows, filters: number): Shape => [
  ...sizeAfter([height, width], windows),
  filters,
];

const STATISTICS = /\/moving_(mean|variance)$/;

/** Parts of a pooled vector. */
const POOLED_PARTS = 3;

/** In the order in which the net is built. @param size points along a side of the board. */
export function layerCosts(spec: NetSpec, size: number): LayerCost[] {
  const { planes, globals } = FEATURE_SETS[spec.featureSet];
  const weights = [...weightShapes(spec)].map(([name, shape]) => ({ name, shape }));
  const costs: LayerCost[] = [];
  /** @param uses how often each entry of the layer's kernels is multiplied. @param others further multiply-adds. */
  const record = (
    word: string,
    name: string,
    output: Shape,
    { uses = 0, others = 0, denseParameters = null as number | null } = {},
  ): Shape => {
    const own = weights.filter((weight) => weight.name.slice(0, weight.name.lastIndexOf('/')) === name);
    const count = (chosen: typeof own): number => chosen.reduce((sum, { shape }) => sum + product(shape), 0);
    const learned = own.filter((weight) => !STATISTICS.test(weight.name));
    const kernelParameters = count(learned.filter(({ shape }) => shape.length > 1));
    costs.push({
      name,
      word,
      output,
      parameters: count(learned),
      kernelParameters,
      statistics: count(own) - count(learned),
      flops: 2 * (uses * kernelParameters + others),
      denseParameters,
    });
    return output;
  };
  const layers: Layers<Shape> = {
    planes: [size, size, planes],
    globals: [globals],
    conv: (name, x, filters, size, { stride = 1, padding = 'same' } = {}) => {
      const output = underWindows(x, { size, stride, padding }, filters);
      return record('conv', name, output, {
        uses: points(output),
        denseParameters: product(x) * product(output),
      });
    },
    dense: (name, _x, units) => record('dense', name, [units], { uses: 1 }),
    batchNorm: (name, x) => record('batchNorm', name, x),
    affine: (name, x) => record('affine', name, x),
    rms: (name, x) => record('rms', name, x),
    localNorm: (name, x) => record('localNorm', name, x),
    activate: (name, x) => record('activate', name, x),
    add: (name, x) => record('add', name, x),
    concat: (name, xs) =>
      record(
        'concat',
        name,
        withChannels(
          xs[0],
          xs.reduce((sum, x) => sum + channels(x), 0),
        ),
      ),
    addVector: (name, x) => record('addVector', name, x),
    window: (name, x, { size, stride = 1, padding = 'same' }) =>
      record('window', name, underWindows(x, { size, stride, padding }, channels(x))),
    upsample: (name, x, like) => record('upsample', name, withChannels(like, channels(x))),
    pointMean: (name, x) => record('pointMean', name, [channels(x)]),
    flatten: (name, x) => record('flatten', name, [product(x)]),
    pool: (name, x) => record('pool', name, [POOLED_PARTS * channels(x)]),
    dropout: (name, x) => record('dropout', name, x),
    join: (name, xs) => record('join', name, xs[0]),
    attention: (name, x, { heads, queryDim, valueDim }) =>
      // Each point's query with each point's key, and the sum of the values so weighted (Vaswani et al. 2017, eq. 1).
      record('attention', name, x, {
        uses: points(x),
        others: points(x) ** 2 * heads * (queryDim + valueDim),
      }),
    feedForward: (name, x) => record('feedForward', name, x, { uses: points(x) }),
    first: (_name, x) => withChannels(x, 1),
    moveLogits: (name, x) => record('moveLogits', name, [points(x) + 1]),
    ownership: (name, x) => record('ownership', name, [points(x)]),
    judgement: (name) => {
      record('judgement', name, [3]);
      return { value: [1], score: [1], stdev: [1] };
    },
  };
  buildNet(layers, spec);
  return costs;
}
