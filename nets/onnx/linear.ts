/** Convolutions, dense layers and norms as ONNX nodes: a norm that alone reads a sum is folded into it. */
import type { ConvOptions, DenseOptions } from '../architectures/layers.ts';
import type { WeightArray } from '../file.ts';
import type { Activation } from '../katago/spec.ts';
import { seenByTable } from '../layers/conv.ts';
import type { Affine } from '../layers/fold.ts';
import { activate } from './activation.ts';
import { windowAttributes } from './board.ts';
import type { GraphBuilder } from './graph.ts';
import { makeValue, makeVector } from './value.ts';
import type { Value } from './value.ts';

export type Context = {
  readonly graph: GraphBuilder;
  readonly weight: (name: string) => WeightArray;
};

/** HWIO [k, k, CI, CO] to OIHW, each output channel times `scale`. */
export function toOihw({ shape, values }: WeightArray, scale: Float32Array | null): Float32Array {
  const [k, , ci, co] = shape;
  const out = new Float32Array(values.length);
  for (let y = 0; y < k * k; y++)
    for (let i = 0; i < ci; i++)
      for (let o = 0; o < co; o++)
        out[(o * ci + i) * k * k + y] = values[(y * ci + i) * co + o] * (scale === null ? 1 : scale[o]);
  return out;
}

const withoutShift = (affine: Affine): Affine => ({ scale: affine.scale, shift: affine.shift.map(() => 0) });

/** The bias as the fold leaves it: fold.scale bias + fold.shift. */
function foldedBias(
  context: Context,
  name: string,
  hasBias: boolean,
  fold: Affine | null,
  size: number,
): Float32Array {
  const bias = hasBias ? context.weight(`${name}/bias`).values : new Float32Array(size);
  return fold === null ? bias : bias.map((b, c) => b * fold.scale[c] + fold.shift[c]);
}

export function conv(
  context: Context,
  name: string,
  x: Value,
  { stride = 1, padding = 'same', groups = 1, bias = false, table }: ConvOptions,
): Value {
  const { graph } = context;
  const kernel = context.weight(`${name}/kernel`);
  const [size, , channels, filters] = kernel.shape;
  const windows = { size, stride, padding };
  const seen = table === undefined ? null : seenByTable(table, kernel.shape);
  const held = seen === null ? kernel : { ...kernel, values: kernel.values.map((w, i) => w * seen[i]) };
  const emit = (fold: Affine | null): string => {
    const inputs = [
      x.boards.asZeroedMap(x),
      graph.floats([filters, channels, size, size], toOihw(held, fold?.scale ?? null)),
    ];
    const shift = foldedBias(context, name, bias, fold, filters);
    if (shift.some((one) => one !== 0)) inputs.push(graph.floats([filters], shift));
    return graph.op('Conv', inputs, [
      ...windowAttributes(windows),
      ...(groups === 1 ? [] : [{ name: 'group', int: groups }]),
    ]);
  };
  const kind = {
    channels: filters,
    layout: 'map',
    boards: x.boards.under(windows),
    isZeroed: false,
  } as const;
  return makeValue(kind, [x], () => emit(null), emit);
}

export function dense(
  context: Context,
  name: string,
  x: Value,
  { bias = true, activation = 'identity' }: DenseOptions,
): Value {
  const { graph } = context;
  const { shape, values } = context.weight(`${name}/kernel`);
  const units = shape[1];
  const emit = (fold: Affine | null): string =>
    graph.op('Gemm', [
      x.emit(),
      graph.floats(shape, fold === null ? values : values.map((w, i) => w * fold.scale[i % units])),
      graph.floats([units], foldedBias(context, name, bias, fold, units)),
    ]);
  return makeVector(
    units,
    [x],
    () => activate(graph, emit(null), activation),
    activation === 'identity' ? emit : null,
  );
}

/** scale x + shift, as a batch norm: so it stays in the layout of the convolutions, which products and sums with a row do not. */
export function scaleAndShift(graph: GraphBuilder, x: string, { scale, shift }: Affine): string {
  const [zeros, ones] = [0, 1].map((value) => new Float32Array(scale.length).fill(value));
  return graph.op(
    'BatchNormalization',
    [x, ...[scale, shift, zeros, ones].map((values) => graph.floats([values.length], values))],
    [{ name: 'epsilon', float: 0 }],
  );
}

/** activation(scale x + shift), 0 off the board. */
export function affine(graph: GraphBuilder, x: Value, of: Affine, activation: Activation): Value {
  const { boards, channels, layout } = x;
  const normed = (): string =>
    x.uses === 1 && x.emitScaled !== null ? x.emitScaled(of) : scaleAndShift(graph, boards.asMap(x), of);
  if (layout === 'vector') return makeVector(channels, [x], () => activate(graph, normed(), activation));
  const kind = { channels, layout: 'map', boards, isZeroed: true } as const;
  return makeValue(kind, [x], () => boards.masked(activate(graph, normed(), activation)));
}

/** A vector added at every point; a norm of the sum is folded into both. */
export function addVector(graph: GraphBuilder, x: Value, vector: Value): Value {
  const spread = (name: string): string => graph.op('Unsqueeze', [name, graph.ints([2, 3])]);
  const canScale = x.uses === 0 && vector.uses === 0 && x.emitScaled !== null && vector.emitScaled !== null;
  const kind = { channels: x.channels, layout: 'map', boards: x.boards, isZeroed: false } as const;
  return makeValue(
    kind,
    [x, vector],
    () => graph.op('Add', [x.boards.asMap(x), spread(vector.emit())]),
    canScale
      ? (of) =>
          graph.op('Add', [x.emitScaled?.(withoutShift(of)) ?? '', spread(vector.emitScaled?.(of) ?? '')])
      : null,
  );
}
