/** A net file as an ONNX graph: NCHW, batch norm folded, any batch and board size. */
import type { NetFile, WeightArray } from '../file.ts';
import { FEATURE_SETS } from '../features/feature-set.ts';
import { BN_EPSILON } from '../layers/batch-norm.ts';
import { OFF_BOARD_LOGIT } from '../layers/combine.ts';
import { modelBytes } from './proto.ts';
import type { Attribute, Graph } from './proto.ts';

type Affine = { scale: Float32Array; shift: Float32Array };

/** Collects nodes and constants; every method returns the name of its result. */
class GraphBuilder {
  readonly graph: Graph = { name: 'tengen', nodes: [], initializers: [], inputs: [], outputs: [] };
  private count = 0;

  op(op: string, inputs: string[], attributes: Attribute[] = [], output = `${op}_${++this.count}`): string {
    this.graph.nodes.push({ op, inputs, output, attributes });
    return output;
  }

  floats(shape: readonly number[], floats: Float32Array | number[]): string {
    const name = `c_${++this.count}`;
    this.graph.initializers.push({ name, shape, floats: Float32Array.from(floats) });
    return name;
  }

  ints(ints: number[]): string {
    const name = `c_${++this.count}`;
    this.graph.initializers.push({ name, shape: [ints.length], ints });
    return name;
  }

  scalar(value: number): string {
    return this.floats([], [value]);
  }
}

/** HWIO [k, k, CI, CO] to OIHW, each output channel times `scale`. */
function toOihw(kernel: WeightArray, scale: Float32Array | null): Float32Array {
  const [k, , ci, co] = kernel.shape;
  const out = new Float32Array(kernel.values.length);
  for (let y = 0; y < k * k; y++)
    for (let i = 0; i < ci; i++)
      for (let o = 0; o < co; o++)
        out[(o * ci + i) * k * k + y] =
          kernel.values[(y * ci + i) * co + o] * (scale === null ? 1 : scale[o]);
  return out;
}

/**
 * Serialises the net. Inputs `planes` [B, 14, H, W] and `globals` [B, 6]; outputs `policy` [B, H * W + 1] logits,
 * `value` [B, 1], `score` [B, 1] and `ownership` [B, H * W], equal to those of `buildModel`.
 */
export function toOnnx(net: NetFile): Uint8Array {
  const b = new GraphBuilder();
  const weight = (name: string): WeightArray => {
    const found = net.weights.get(name);
    if (found === undefined) throw new Error(`internal: net without weight ${name}`);
    return found;
  };
  /** Batch norm with its moving statistics as y = scale x + shift. */
  const affine = (name: string): Affine => {
    const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(
      (part) => weight(`${name}/${part}`).values,
    );
    const scale = gamma.map((g, c) => g / Math.sqrt(variance[c] + BN_EPSILON));
    return { scale, shift: beta.map((shift, c) => shift - mean[c] * scale[c]) };
  };
  const conv = (name: string, x: string, fold: Affine | null = null): string => {
    const kernel = weight(`${name}/kernel`);
    const [k, , ci, co] = kernel.shape;
    const inputs = [x, b.floats([co, ci, k, k], toOihw(kernel, fold?.scale ?? null))];
    if (fold !== null) inputs.push(b.floats([co], fold.shift));
    const pad = (k - 1) / 2;
    return b.op('Conv', inputs, [
      { name: 'kernel_shape', ints: [k, k] },
      { name: 'pads', ints: [pad, pad, pad, pad] },
    ]);
  };
  const dense = (name: string, x: string, then?: 'Relu' | 'Tanh', output?: string): string => {
    const [kernel, bias] = [weight(`${name}/kernel`), weight(`${name}/bias`)];
    const inputs = [x, b.floats(kernel.shape, kernel.values), b.floats(bias.shape, bias.values)];
    const product = b.op('Gemm', inputs, [], then === undefined ? output : undefined);
    return then === undefined ? product : b.op(then, [product], [], output);
  };
  const perChannel = (values: Float32Array): string => b.floats([1, values.length, 1, 1], values);
  const maskedRelu = (x: string): string => b.op('Mul', [b.op('Relu', [x]), mask]);
  /** relu(bn(x)) on the board; relu and the mask commute. */
  const normRelu = (name: string, x: string): string => {
    const { scale, shift } = affine(name);
    return maskedRelu(b.op('Add', [b.op('Mul', [x, perChannel(scale)]), perChannel(shift)]));
  };
  const axes = b.ints([2, 3]);
  const sumOver = (x: string): string => b.op('ReduceSum', [x, axes], [{ name: 'keepdims', int: 0 }]);
  const unsqueeze = (v: string): string => b.op('Unsqueeze', [v, axes]);

  const { blocks } = net.spec.trunk;
  const mask = b.op('Slice', ['planes', b.ints([0]), b.ints([1]), b.ints([1])], [], 'mask');
  const points = sumOver(mask);
  const d = b.op('Div', [b.op('Sub', [b.op('Sqrt', [points]), b.scalar(14)]), b.scalar(10)]);
  const pool = (x: string, kind: 'policy' | 'value'): string => {
    const mean = b.op('Div', [sumOver(x), points]);
    const third =
      kind === 'policy'
        ? b.op(
            'ReduceMax',
            [x],
            [
              { name: 'axes', ints: [2, 3] },
              { name: 'keepdims', int: 0 },
            ],
          )
        : b.op('Mul', [mean, b.op('Sub', [b.op('Mul', [d, d]), b.scalar(0.1)])]);
    return b.op('Concat', [mean, b.op('Mul', [mean, d]), third], [{ name: 'axis', int: 1 }]);
  };

  let trunk = b.op('Add', [conv('trunk/input', 'planes'), unsqueeze(dense('trunk/globals', 'globals'))]);
  for (let i = 0; i < blocks; i++) {
    const name = `trunk/block${i}`;
    const inner = maskedRelu(conv(`${name}/conv1`, normRelu(`${name}/bn1`, trunk), affine(`${name}/bn2`)));
    trunk = b.op('Add', [trunk, conv(`${name}/conv2`, inner)]);
  }
  const top = normRelu('trunk/bn', trunk);

  const flat = b.ints([0, -1]);
  const pooled = pool(top, 'policy');
  const policyMap = b.op('Add', [conv('policy/conv', top), unsqueeze(dense('policy/globals', pooled))]);
  const moves = b.op('Mul', [conv('policy/points', normRelu('policy/bn', policyMap)), mask]);
  const hidden = b.op('Mul', [b.op('Sub', [b.scalar(1), mask]), b.scalar(OFF_BOARD_LOGIT)]);
  const pass = dense('policy/pass2', dense('policy/pass1', pooled, 'Relu'));
  const flatMoves = b.op('Reshape', [b.op('Add', [moves, hidden]), flat]);
  b.op('Concat', [flatMoves, pass], [{ name: 'axis', int: 1 }], 'policy');

  const valueMap = maskedRelu(conv('value/conv', top, affine('value/bn')));
  const valueHidden = dense('value/hidden', pool(valueMap, 'value'), 'Relu');
  dense('value/value', valueHidden, 'Tanh', 'value');
  dense('value/score', valueHidden, undefined, 'score');
  const owned = b.op('Mul', [b.op('Tanh', [conv('ownership/points', valueMap)]), mask]);
  b.op('Reshape', [owned, flat], [], 'ownership');

  const features = FEATURE_SETS[net.spec.featureSet];
  b.graph.inputs.push(
    { name: 'planes', shape: ['B', features.planes, 'H', 'W'] },
    { name: 'globals', shape: ['B', features.globals] },
  );
  b.graph.outputs.push(
    { name: 'policy', shape: ['B', 'A'] },
    { name: 'value', shape: ['B', 1] },
    { name: 'score', shape: ['B', 1] },
    { name: 'ownership', shape: ['B', 'HW'] },
  );
  return modelBytes(b.graph);
}
