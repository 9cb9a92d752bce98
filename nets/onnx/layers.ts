/** `Layers` as ONNX nodes: NCHW, norms folded into the convolutions before them, maps masked only where boards are smaller than the buffer. */
import type { Layers } from '../architectures/layers.ts';
import { FEATURE_SETS } from '../features/feature-set.ts';
import type { NetFile, WeightArray } from '../file.ts';
import type { Activation } from '../katago/spec.ts';
import { foldedBatchNorm } from '../layers/fold.ts';
import type { Affine } from '../layers/fold.ts';
import { weightOf } from '../weight-of.ts';
import { attention, feedForward, rms } from './attention.ts';
import { activate } from './activation.ts';
import type { Boards } from './board.ts';
import { makeValue } from './graph.ts';
import type { GraphBuilder, Value } from './graph.ts';
import { judgement } from './judgement.ts';

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

const withoutShift = (affine: Affine): Affine => ({ scale: affine.scale, shift: affine.shift.map(() => 0) });

/** @param raw whether everything that KataGo's heads say becomes an output. */
export function onnxLayers(net: NetFile, graph: GraphBuilder, boards: Boards, raw: boolean): Layers<Value> {
  const weight = (name: string): WeightArray => weightOf(net, name);
  const sizes = FEATURE_SETS[net.spec.featureSet];

  const convNode = (name: string, x: Value, fold: Affine | null): string => {
    const kernel = weight(`${name}/kernel`);
    const [k, , ci, co] = kernel.shape;
    const inputs = [boards.asMap(x), graph.floats([co, ci, k, k], toOihw(kernel, fold?.scale ?? null))];
    if (fold?.shift.some((shift) => shift !== 0) === true) inputs.push(graph.floats([co], fold.shift));
    const pad = (k - 1) / 2;
    return graph.op('Conv', inputs, [
      { name: 'kernel_shape', ints: [k, k] },
      { name: 'pads', ints: [pad, pad, pad, pad] },
    ]);
  };

  const denseNode = (name: string, x: Value, fold: Affine | null): string => {
    const kernel = weight(`${name}/kernel`);
    const units = kernel.shape[1];
    const scale = fold?.scale ?? new Float32Array(units).fill(1);
    const bias = net.weights.get(`${name}/bias`)?.values ?? new Float32Array(units);
    return graph.op('Gemm', [
      x.emit(),
      graph.floats(
        kernel.shape,
        kernel.values.map((w, i) => w * scale[i % units]),
      ),
      graph.floats(
        [units],
        bias.map((b, c) => b * scale[c] + (fold?.shift[c] ?? 0)),
      ),
    ]);
  };

  /** activation(scale x + shift), 0 off the board. */
  const affineNode = (x: Value, affine: Affine, activation: Activation): string => {
    const normed = (): string => {
      if (x.uses === 1 && x.emitScaled !== null) return x.emitScaled(affine);
      const channels = [affine.scale.length];
      const [zeros, ones] = [0, 1].map((value) => new Float32Array(channels[0]).fill(value));
      // As a batch norm it stays in the layout of the convolutions, which products and sums with a row do not.
      return graph.op(
        'BatchNormalization',
        [boards.asMap(x), ...[affine.scale, affine.shift, zeros, ones].map((v) => graph.floats(channels, v))],
        [{ name: 'epsilon', float: 0 }],
      );
    };
    return boards.masked(activate(graph, normed(), activation));
  };
  const affineValue = (x: Value, affine: Affine, activation: Activation): Value =>
    makeValue(x.channels, 'map', [x], () => affineNode(x, affine, activation));

  const unsqueeze = (vector: string): string => graph.op('Unsqueeze', [vector, graph.ints([2, 3])]);

  return {
    planes: makeValue(sizes.planes, 'map', [], () => 'planes'),
    globals: makeValue(sizes.globals, 'vector', [], () => 'globals'),
    conv: (name, x, filters) =>
      makeValue(
        filters,
        'map',
        [x],
        () => convNode(name, x, null),
        (affine) => convNode(name, x, affine),
      ),
    dense: (name, x, units, { activation = 'identity' } = {}) =>
      makeValue(
        units,
        'vector',
        [x],
        () => activate(graph, denseNode(name, x, null), activation),
        activation === 'identity' ? (affine) => denseNode(name, x, affine) : null,
      ),
    batchNormRelu: (name, x) => affineValue(x, foldedBatchNorm(net, name), 'relu'),
    affine: (name, x, activation) => {
      const [scale, shift] = ['scale', 'shift'].map((part) => weight(`${name}/${part}`).values);
      return affineValue(x, { scale, shift }, activation);
    },
    rms: (name, x, options) => rms({ graph, boards, weight }, name, x, options),
    add: (_, x, y) => {
      const inSequence = x.layout === 'sequence' || y.layout === 'sequence';
      const read = (value: Value): string => (inSequence ? boards.asSequence(value) : boards.asMap(value));
      return makeValue(x.channels, inSequence ? 'sequence' : 'map', [x, y], () =>
        graph.op('Add', [read(x), read(y)]),
      );
    },
    addVector: (_, x, vector) => {
      const canScale =
        x.uses === 0 && vector.uses === 0 && x.emitScaled !== null && vector.emitScaled !== null;
      return makeValue(
        x.channels,
        'map',
        [x, vector],
        () => graph.op('Add', [boards.asMap(x), unsqueeze(vector.emit())]),
        canScale
          ? (affine) =>
              graph.op('Add', [
                x.emitScaled?.(withoutShift(affine)) ?? '',
                unsqueeze(vector.emitScaled?.(affine) ?? ''),
              ])
          : null,
      );
    },
    pool: (_, x, { kind, signed }) =>
      makeValue(3 * x.channels, 'vector', [x], () => {
        const [map, d] = [boards.asMap(x), boards.sizeTerm()];
        const mean = boards.mean(map);
        const square = (): string =>
          graph.once('d^2 - 0.1', () => graph.op('Sub', [graph.op('Mul', [d, d]), graph.scalar(0.1)]));
        const third = kind === 'policy' ? boards.max(map, signed) : graph.op('Mul', [mean, square()]);
        return graph.op('Concat', [mean, graph.op('Mul', [mean, d]), third], [{ name: 'axis', int: 1 }]);
      }),
    attention: (name, x, block) => attention({ graph, boards, weight }, name, x, block),
    feedForward: (name, x, block) => feedForward({ graph, boards, weight }, name, x, block),
    first: (_, x) =>
      makeValue(1, x.layout, [x], () =>
        x.channels === 1
          ? x.emit()
          : graph.op('Slice', [x.emit(), graph.ints([0]), graph.ints([1]), graph.ints([1])]),
      ),
    moveLogits: (_, points, pass) =>
      makeValue(1, 'vector', [points, pass], () => {
        const onBoard = boards.isMasked
          ? graph.op('Add', [boards.masked(points.emit()), boards.hidden()])
          : points.emit();
        return graph.op('Concat', [graph.reshape(onBoard, [0, -1]), pass.emit()], [{ name: 'axis', int: 1 }]);
      }),
    ownership: (_, points) =>
      makeValue(1, 'vector', [points], () =>
        graph.reshape(boards.masked(graph.op('Tanh', [points.emit()])), [0, -1]),
      ),
    judgement: (_, outcomes, scores, heads) => judgement(graph, outcomes, scores, heads, raw),
  };
}
