/** What pools, resizes and lays out maps, as ONNX nodes. */
import { POOLED_PARTS } from '../architectures/layers.ts';
import type { LocalNormOptions, PoolOptions, WindowOptions } from '../architectures/layers.ts';
import { windowAttributes } from './board.ts';
import type { GraphBuilder } from './graph.ts';
import { makeValue, makeVector } from './value.ts';
import type { Value } from './value.ts';

/** [B, 3 C], see `PoolOptions`. */
export function pool(graph: GraphBuilder, x: Value, { kind, signed }: PoolOptions): Value {
  const { boards } = x;
  return makeVector(POOLED_PARTS * x.channels, [x], () => {
    const [map, d] = [boards.asZeroedMap(x), boards.sizeTerm()];
    const mean = boards.mean(map);
    const square = (): string =>
      boards.once('d^2 - 0.1', () => graph.op('Sub', [graph.op('Mul', [d, d]), graph.scalar(0.1)]));
    const third = kind === 'policy' ? boards.max(map, signed) : graph.op('Mul', [mean, square()]);
    return graph.op('Concat', [mean, graph.op('Mul', [mean, d]), third], [{ name: 'axis', int: 1 }]);
  });
}

export function pointMean(x: Value): Value {
  if (x.layout === 'vector') return x;
  return makeVector(x.channels, [x], () => x.boards.mean(x.boards.asZeroedMap(x)));
}

/** The largest or the mean of windows of points on the board. */
export function window(
  graph: GraphBuilder,
  x: Value,
  { kind, size, stride = 1, padding = 'same' }: WindowOptions,
): Value {
  const { boards } = x;
  const windows = { size, stride, padding };
  const after = boards.under(windows);
  const over = (op: string, map: string): string => graph.op(op, [map], windowAttributes(windows));
  const max = (): string => {
    const map = boards.asZeroedMap(x);
    return over('MaxPool', boards.isMasked ? graph.op('Add', [map, boards.hidden()]) : map);
  };
  const mean = (): string => {
    const means = over('AveragePool', boards.asZeroedMap(x));
    if (!boards.isMasked) return means;
    const shares = after.once(`shares of windows of ${size}`, () =>
      graph.op('Max', [over('AveragePool', boards.mask()), graph.scalar(1e-9)]),
    );
    return graph.op('Div', [means, shares]);
  };
  const made = { channels: x.channels, layout: 'map', boards: after, isZeroed: true } as const;
  return makeValue(made, [x], () => after.masked(kind === 'max' ? max() : mean()));
}

export function upsample(graph: GraphBuilder, x: Value, like: Value): Value {
  const { boards } = like;
  const made = { channels: x.channels, layout: 'map', boards, isZeroed: false } as const;
  return makeValue(made, [x, like], () => {
    const doubled = graph.op(
      'Resize',
      [x.boards.asMap(x), '', graph.floats([4], [1, 1, 2, 2])],
      [
        { name: 'mode', string: 'nearest' },
        { name: 'coordinate_transformation_mode', string: 'asymmetric' },
        { name: 'nearest_mode', string: 'floor' },
      ],
    );
    const ends = boards.once('ends', () =>
      graph.op('Concat', [boards.side('rows'), boards.side('columns')], [{ name: 'axis', int: 0 }]),
    );
    return graph.op('Slice', [doubled, graph.ints([0, 0]), ends, graph.ints([2, 3])]);
  });
}

/** [B, H * W * C], as tfjs lays out maps. */
export function flatten(graph: GraphBuilder, name: string, x: Value): Value {
  const { size } = x.boards;
  if (size === null) throw new Error(`internal: ${name} flattens maps of any size`);
  return makeVector(size[0] * size[1] * x.channels, [x], () =>
    graph.reshape(graph.transpose(x.boards.asMap(x), [0, 2, 3, 1]), [0, -1]),
  );
}

export function localNorm(
  graph: GraphBuilder,
  x: Value,
  { radius, bias, alpha, beta }: LocalNormOptions,
): Value {
  const { channels, boards, isZeroed } = x;
  const size = 2 * radius + 1;
  return makeValue({ channels, layout: 'map', boards, isZeroed }, [x], () =>
    graph.op(
      'LRN',
      [boards.asMap(x)],
      [
        { name: 'size', int: size },
        { name: 'bias', float: bias },
        // Here it is of the mean of the squares.
        { name: 'alpha', float: alpha * size },
        { name: 'beta', float: beta },
      ],
    ),
  );
}

/** Several values of one layout as one: `op` is Add, Mean or, along the channels, Concat. */
export function merge(graph: GraphBuilder, op: 'Add' | 'Mean' | 'Concat', xs: readonly Value[]): Value {
  const [{ boards, layout }] = xs;
  const isVector = layout === 'vector';
  const inSequence = xs.some((x) => x.layout === 'sequence');
  const read = (x: Value): string =>
    isVector ? x.emit() : inSequence ? x.boards.asSequence(x) : x.boards.asMap(x);
  const total = xs.reduce((sum, { channels }) => sum + channels, 0);
  const kind = {
    channels: op === 'Concat' ? total : xs[0].channels,
    layout: isVector ? 'vector' : inSequence ? 'sequence' : 'map',
    boards,
    isZeroed: xs.every((x) => x.isZeroed),
  } as const;
  return makeValue(kind, xs, () =>
    graph.op(op, xs.map(read), op === 'Concat' ? [{ name: 'axis', int: inSequence ? 2 : 1 }] : []),
  );
}
