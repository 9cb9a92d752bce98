/** What each layer of a net puts out on boards or images of a given size, how many weights it has, and what it costs. */
import { POOLED_PARTS } from '../architectures/layers.ts';
import type { Layers, WindowOptions } from '../architectures/layers.ts';
import { buildClassifier, buildNet } from '../architectures/net.ts';
import { sizeAfter } from '../architectures/windows.ts';
import { FEATURE_SETS } from '../features/feature-set.ts';
import { isKernel } from '../kernels.ts';
import { leastEvaluations } from '../ode/solve.ts';
import { isImageSpec } from '../spec.ts';
import type { AnySpec } from '../spec.ts';
import { weightShapes } from '../weight-shapes.ts';

/** [H, W, C] of a map, [C] of a vector. */
export type Shape = readonly number[];

export type LayerCost = {
  readonly name: string;
  /** The word of `Layers` that it is. */
  readonly word: string;
  readonly output: Shape;
  /** Weights that are learned, and those of them in kernels. */
  readonly parameters: number;
  readonly kernelParameters: number;
  /** Moving means and variances. */
  readonly statistics: number;
  /**
   * Two for each multiply-add of a convolution, dense layer or attention for one position; zeros around the board count.
   */
  readonly flops: number;
  /**
   * Of a convolution: the weights of a dense layer between the same maps. The convolution has that many fewer because each
   * output sees few inputs (sparsity) and all points share a kernel.
   */
  readonly denseParameters: number | null;
};

type Usage = {
  /** How often each entry of the layer's kernels is multiplied. */
  readonly uses?: number;
  /** Further multiply-adds. */
  readonly others?: number;
  /** Entries of the kernels that are held at 0. */
  readonly unused?: number;
  readonly denseParameters?: number;
};

const product = (shape: Shape): number => shape.reduce((size, side) => size * side, 1);
const points = (shape: Shape): number => product(shape.slice(0, -1));
const channelsOf = (shape: Shape): number => shape.at(-1) as number;
const withChannels = (shape: Shape, channels: number): Shape => [...shape.slice(0, -1), channels];
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const STATISTICS = /\/moving_(mean|variance)$/;

/**
 * In the order in which the net is built.
 * @param size points along a side of the board; images have their own.
 * @param evaluations of the slope of a differential equation for one position; without it the fewest there may be.
 */
export function layerCosts(spec: AnySpec, size: number, evaluations?: number): LayerCost[] {
  const costs: LayerCost[] = [];
  const weights = weightsByLayer(weightShapes(spec));
  const record = (word: string, name: string, output: Shape, usage: Usage = {}): Shape => {
    costs.push(costOf(weights.get(name) ?? [], word, name, output, usage));
    return output;
  };
  if (isImageSpec(spec)) {
    const { height, width, channels } = spec.image;
    buildClassifier(costLayers([height, width, channels], null, evaluations, record), spec);
  } else {
    const { planes, globals } = FEATURE_SETS[spec.featureSet];
    buildNet(costLayers([size, size, planes], [globals], evaluations, record), spec);
  }
  return costs;
}

type Weight = readonly [name: string, shape: Shape];

/** The weights under each layer's name: a/b/kernel is one of a's and of a/b's. */
function weightsByLayer(shapes: ReadonlyMap<string, Shape>): Map<string, Weight[]> {
  const layers = new Map<string, Weight[]>();
  for (const weight of shapes)
    for (const { index } of weight[0].matchAll(/\//g)) {
      const layer = weight[0].slice(0, index);
      const own = layers.get(layer);
      if (own === undefined) layers.set(layer, [weight]);
      else own.push(weight);
    }
  return layers;
}

function costOf(
  own: readonly Weight[],
  word: string,
  name: string,
  output: Shape,
  { uses = 0, others = 0, unused = 0, denseParameters }: Usage,
): LayerCost {
  const learned = own.filter(([weight]) => !STATISTICS.test(weight)).map(([, shape]) => shape);
  const kernelParameters = sum(learned.filter(isKernel).map(product)) - unused;
  const all = sum(own.map(([, shape]) => product(shape)));
  const parameters = sum(learned.map(product));
  return {
    name,
    word,
    output,
    parameters: parameters - unused,
    kernelParameters,
    statistics: all - parameters,
    flops: 2 * (uses * kernelParameters + others),
    denseParameters: denseParameters ?? null,
  };
}

function costLayers(
  planes: Shape,
  globals: Shape | null,
  evaluations: number | undefined,
  record: (word: string, name: string, output: Shape, usage?: Usage) => Shape,
): Layers<Shape> {
  const free =
    (word: string) =>
    (name: string, x: Shape): Shape =>
      record(word, name, x);
  const afterWindows = (
    [height, width]: Shape,
    channels: number,
    { size, stride = 1, padding = 'same' }: Pick<WindowOptions, 'size' | 'stride' | 'padding'>,
  ): Shape => [...sizeAfter([height, width], { size, stride, padding }), channels];
  return {
    planes,
    globals,
    conv: (name, x, filters, size, options = {}) => {
      const output = afterWindows(x, filters, { ...options, size });
      const seen = options.table?.map((inputs) => inputs.length) ?? [];
      return record('conv', name, output, {
        uses: points(output),
        unused: options.table === undefined ? 0 : size * size * (filters * channelsOf(x) - sum(seen)),
        denseParameters: product(x) * product(output),
      });
    },
    dense: (name, _x, units) => record('dense', name, [units], { uses: 1 }),
    batchNorm: free('batchNorm'),
    affine: free('affine'),
    rms: free('rms'),
    localNorm: free('localNorm'),
    activate: free('activate'),
    add: free('add'),
    concat: (name, xs) => record('concat', name, withChannels(xs[0], sum(xs.map(channelsOf)))),
    addVector: free('addVector'),
    window: (name, x, options) => record('window', name, afterWindows(x, channelsOf(x), options)),
    upsample: (name, x, like) => record('upsample', name, withChannels(like, channelsOf(x))),
    pointMean: (name, x) => (x.length === 1 ? x : record('pointMean', name, [channelsOf(x)])),
    flatten: (name, x) => record('flatten', name, [product(x)]),
    pool: (name, x) => record('pool', name, [POOLED_PARTS * channelsOf(x)]),
    dropout: free('dropout'),
    join: (name, xs) => record('join', name, xs[0]),
    attention: (name, x, { heads, queryDim, valueDim }) =>
      // Each point's query with each point's key, and the sum of the values so weighted (Vaswani et al. 2017, eq. 1).
      record('attention', name, x, {
        uses: points(x),
        others: points(x) ** 2 * heads * (queryDim + valueDim),
      }),
    feedForward: (name, x) => record('feedForward', name, x, { uses: points(x) }),
    ode: (name, x, { solver }) =>
      record('ode', name, x, { uses: points(x) * (evaluations ?? leastEvaluations(solver)) }),
    first: (_name, x) => withChannels(x, 1),
    moveLogits: (name, x) => record('moveLogits', name, [points(x) + 1]),
    ownership: (name, x) => record('ownership', name, [points(x)]),
    judgement: (name) => {
      record('judgement', name, [3]);
      return { value: [1], score: [1], stdev: [1] };
    },
  };
}
