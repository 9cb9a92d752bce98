/** KataGo's transformer blocks as ONNX nodes, on sequences [B, N, C] of the points of the buffer. */
import type { RmsOptions } from '../architectures/layers.ts';
import type { BlockOf } from '../katago/spec.ts';
import { ropeFrequencies } from '../katago/rope.ts';
import { activate } from './activation.ts';
import type { Boards } from './board.ts';
import type { GraphBuilder } from './graph.ts';
import type { Context } from './linear.ts';
import { makeValue } from './value.ts';
import type { Value } from './value.ts';

/** x / sqrt(mean square + epsilon). */
export function overRms(graph: GraphBuilder, x: string, meanSquare: string, epsilon: number): string {
  return graph.op('Div', [x, graph.op('Sqrt', [graph.op('Add', [meanSquare, graph.scalar(epsilon)])])]);
}

/** A matrix [CI, CO] of which only some columns are kept, each row times `rows` and everything times `factor`. */
function matrix(
  { graph, weight }: Context,
  name: string,
  {
    rows,
    factor = 1,
    keep,
  }: { rows?: Float32Array; factor?: number; keep?: (column: number) => boolean } = {},
): string {
  const { shape, values } = weight(name);
  const columns = Array.from({ length: shape[1] }, (_, c) => c).filter((c) => keep?.(c) ?? true);
  const out = new Float32Array(shape[0] * columns.length);
  for (let r = 0; r < shape[0]; r++)
    columns.forEach((c, i) => {
      out[r * columns.length + i] = values[r * shape[1] + c] * (rows?.[r] ?? 1) * factor;
    });
  return graph.floats([shape[0], columns.length], out);
}

/** cos and sin [N, kvHeads, 1, queryDim / 2] of the angles by which the pairs of each point turn. */
function rotation(
  context: Context,
  boards: Boards,
  name: string,
  block: BlockOf<'attention'>,
): [cos: string, sin: string] {
  const { graph } = context;
  const { kvHeads, queryDim, rope } = block;
  const pairs = queryDim / 2;
  const key = rope.kind === 'fixed' ? `rope ${rope.theta} ${kvHeads} ${queryDim}` : `rope ${name}`;
  const angles = boards.once(key, () => {
    const frequencies = ropeFrequencies(block, (part) => context.weight(`${name}/${part}`).values);
    const along = (side: 'rows' | 'columns'): string => {
      const axis = side === 'columns' ? 0 : 1;
      const places = boards.once(`places of ${side}`, () => {
        const scalar = graph.op('Squeeze', [boards.side(side)]);
        const range = graph.op('Range', [graph.int(0), scalar, graph.int(1)]);
        return graph.op('Cast', [range], [{ name: 'to', int: 1 }]);
      });
      const own = frequencies.filter((_, i) => i % 2 === axis);
      // [H, 1, kvHeads * pairs] or [1, W, kvHeads * pairs].
      const shaped = graph.op('Unsqueeze', [places, graph.ints(axis === 0 ? [0, 2] : [1, 2])]);
      return graph.op('Mul', [shaped, graph.floats([own.length], own)]);
    };
    return graph.reshape(graph.op('Add', [along('rows'), along('columns')]), [-1, kvHeads, 1, pairs]);
  });
  return [
    boards.once(`cos ${key}`, () => graph.op('Cos', [angles])),
    boards.once(`sin ${key}`, () => graph.op('Sin', [angles])),
  ];
}

export function attention(context: Context, name: string, x: Value, block: BlockOf<'attention'>): Value {
  const { graph, weight } = context;
  const { boards, channels } = x;
  const { epsilon, heads, kvHeads, queryDim, valueDim, rope } = block;
  const group = heads / kvHeads;
  return makeValue({ channels, layout: 'sequence', boards, isZeroed: false }, [x], () => {
    const points = boards.asSequence(x);
    const normed = overRms(graph, points, meanSquareOfChannels(graph, points), epsilon);
    const rows = weight(`${name}/norm`).values;
    const product = (part: string, options: Parameters<typeof matrix>[2]): string =>
      graph.op('MatMul', [normed, matrix(context, `${name}/${part}`, { rows, ...options })]);
    /** Queries or keys [B, N, kvHeads, perKv, queryDim], turned; the pairs' first halves before their second ones, in both alike. */
    const turned = (part: 'query' | 'key', perKv: number, factor: number): string => {
      if (rope.kind === 'none')
        return graph.reshape(product(part, { factor }), [0, 0, kvHeads, perKv, queryDim]);
      const half = (odd: number): string =>
        graph.reshape(product(part, { factor, keep: (c) => c % 2 === odd }), [
          0,
          0,
          kvHeads,
          perKv,
          queryDim / 2,
        ]);
      const [a, b] = [half(0), half(1)];
      const [cos, sin] = rotation(context, boards, name, block);
      const times = (u: string, v: string): string => graph.op('Mul', [u, v]);
      return graph.op(
        'Concat',
        [graph.op('Sub', [times(a, cos), times(b, sin)]), graph.op('Add', [times(a, sin), times(b, cos)])],
        [{ name: 'axis', int: 4 }],
      );
    };
    // [B, kvHeads, group * N, queryDim], so that the queries of a group meet their key in one product.
    const query = graph.reshape(
      graph.transpose(turned('query', group, 1 / Math.sqrt(queryDim)), [0, 2, 3, 1, 4]),
      [0, 0, -1, queryDim],
    );
    const key = graph.transpose(graph.reshape(turned('key', 1, 1), [0, 0, kvHeads, queryDim]), [0, 2, 3, 1]);
    const value = graph.transpose(
      graph.reshape(product('value', {}), [0, 0, kvHeads, valueDim]),
      [0, 2, 1, 3],
    );
    let scores = graph.op('MatMul', [query, key]);
    if (boards.isMasked) {
      const hidden = boards.once('hidden keys', () => graph.reshape(boards.hidden(), [0, 1, 1, -1]));
      scores = graph.op('Add', [scores, hidden]);
    }
    const shares = graph.op('Softmax', [scores], [{ name: 'axis', int: -1 }]);
    const seen = graph.reshape(graph.op('MatMul', [shares, value]), [0, kvHeads, group, -1, valueDim]);
    const joined = graph.reshape(graph.transpose(seen, [0, 3, 1, 2, 4]), [0, 0, heads * valueDim]);
    return graph.op('MatMul', [joined, matrix(context, `${name}/output`)]);
  });
}

function meanSquareOfChannels(graph: GraphBuilder, points: string): string {
  return graph.reduce('ReduceMean', graph.op('Mul', [points, points]), [2]);
}

export function feedForward(
  context: Context,
  name: string,
  x: Value,
  { epsilon }: BlockOf<'feed-forward'>,
): Value {
  const { graph, weight } = context;
  const { boards, channels } = x;
  return makeValue({ channels, layout: 'sequence', boards, isZeroed: false }, [x], () => {
    const points = boards.asSequence(x);
    const normed = overRms(graph, points, meanSquareOfChannels(graph, points), epsilon);
    const rows = weight(`${name}/norm`).values;
    const [linear, gate] = ['linear', 'gate'].map((part) =>
      graph.op('MatMul', [normed, matrix(context, `${name}/${part}`, { rows })]),
    );
    const hidden = graph.op('Mul', [activate(graph, linear, 'silu'), gate]);
    return graph.op('MatMul', [hidden, matrix(context, `${name}/output`)]);
  });
}

export function rms(
  { graph, weight }: Context,
  name: string,
  x: Value,
  { epsilon, spatial, activation }: RmsOptions,
): Value {
  const { boards, channels } = x;
  const points = makeValue({ channels, layout: 'sequence', boards, isZeroed: false }, [x], () => {
    const read = boards.asSequence(x);
    const meanSquare = (): string => {
      if (!spatial) return meanSquareOfChannels(graph, read);
      if (!boards.isMasked) return graph.reduce('ReduceMean', graph.op('Mul', [read, read]), [1, 2]);
      const onBoard = graph.op('Mul', [graph.op('Mul', [read, read]), boards.maskSequence()]);
      return graph.op('Div', [
        graph.reduce('ReduceMean', onBoard, [1, 2]),
        graph.reduce('ReduceMean', boards.maskSequence(), [1, 2]),
      ]);
    };
    const [gamma, beta] = ['gamma', 'beta'].map((part) => weight(`${name}/${part}`));
    const scaled = graph.op('Mul', [
      overRms(graph, read, meanSquare(), epsilon),
      graph.floats(gamma.shape, gamma.values),
    ]);
    return activate(graph, graph.op('Add', [scaled, graph.floats(beta.shape, beta.values)]), activation);
  });
  return makeValue({ channels, layout: 'map', boards, isZeroed: true }, [points], () =>
    boards.masked(boards.asMap(points)),
  );
}
