/** Attention and root mean squares by their definitions: the layers against naive sums, written from the description of KataGo's format. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { weightTensors } from '#nets/convert.ts';
import type { BlockOf } from '#nets/katago/spec.ts';
import { RmsActivate } from '#nets/layers/norms.ts';
import { apply, boardsOf, modelOf } from './small-nets.ts';
import type { SmallNet } from './words.ts';

beforeAll(() => useBackend('cpu'));

/** Points along a side of the board, and of the buffer that it lies in. */
const [SIZE, BUFFER] = [5, 6];
const POINTS = Array.from({ length: SIZE * SIZE }, (_, i) => ({ x: i % SIZE, y: Math.floor(i / SIZE) }));

const BLOCK = { kind: 'attention', epsilon: 1e-3, heads: 4, kvHeads: 2, queryDim: 8, valueDim: 3 } as const;
const THETA = 50;

const before: SmallNet = (l) => l.conv('raw', l.planes, 6, 3, { bias: true });

type Matrix = readonly (readonly number[])[];

function rowsOf(values: ArrayLike<number>, columns: number): Matrix {
  return Array.from({ length: values.length / columns }, (_, row) =>
    Array.from({ length: columns }, (__, column) => values[row * columns + column]),
  );
}

const times = (row: readonly number[], matrix: Matrix): number[] =>
  matrix[0].map((_, column) => row.reduce((sum, value, i) => sum + value * matrix[i][column], 0));

/** Angles of the pairs at a point: of fixed ones the first half turns with y, the second with x, the p-th of each by theta^(-2p / 4). */
const FIXED: readonly ((x: number, y: number) => number)[] = [
  (_, y) => y,
  (_, y) => y * THETA ** -0.5,
  (x) => x,
  (x) => x * THETA ** -0.5,
];

test.each(['none', 'fixed', 'learned'] as const)(
  'rope %s: what a point gets from all on the board',
  (kind) => {
    const rope: BlockOf<'attention'>['rope'] = kind === 'fixed' ? { kind, theta: THETA } : { kind };
    const model = modelOf((l) => l.attention('x', before(l), { ...BLOCK, rope }), 'boards');
    const given = boardsOf(BUFFER, [SIZE]);
    const at = (map: Matrix): Matrix => POINTS.map(({ x, y }) => map[y * BUFFER + x]);
    const map = at(rowsOf(apply(modelOf(before, 'boards'), given, 'boards').dataSync(), 6));
    const weights = weightTensors(model);
    const matrix = (part: string): Matrix => {
      const { shape } = weights.get(`x/${part}`)!;
      return rowsOf(weights.get(`x/${part}`)!.dataSync(), shape[shape.length - 1]);
    };
    const [norm] = matrix('norm');
    const normed = map.map((row) => {
      const size = Math.sqrt(row.reduce((sum, v) => sum + v * v, 0) / row.length + BLOCK.epsilon);
      return row.map((v, c) => (v / size) * norm[c]);
    });
    const angle = (kvHead: number, pair: number, { x, y }: { x: number; y: number }): number => {
      if (kind === 'none') return 0;
      if (kind === 'fixed') return FIXED[pair](x, y);
      const [byColumn, byRow] = matrix('frequencies')[kvHead * 4 + pair];
      return x * byColumn + y * byRow;
    };
    /** Of one head at each point, its pairs turned. */
    const turned = (part: 'query' | 'key', head: number, kvHead: number): Matrix =>
      normed.map((row, point) => {
        const own = times(row, matrix(part)).slice(head * 8, head * 8 + 8);
        return own.map((v, i) => {
          const turn = angle(kvHead, Math.floor(i / 2), POINTS[point]);
          return i % 2 === 0
            ? v * Math.cos(turn) - own[i + 1] * Math.sin(turn)
            : own[i - 1] * Math.sin(turn) + v * Math.cos(turn);
        });
      });
    const values = normed.map((row) => times(row, matrix('value')));
    const joined = POINTS.map((): number[] => []);
    for (let head = 0; head < BLOCK.heads; head++) {
      const kvHead = Math.floor((head * BLOCK.kvHeads) / BLOCK.heads);
      const [queries, keys] = [turned('query', head, kvHead), turned('key', kvHead, kvHead)];
      for (const [point, query] of queries.entries()) {
        const shares = keys.map((key) =>
          Math.exp(key.reduce((sum, v, i) => sum + v * query[i], 0) / Math.sqrt(BLOCK.queryDim)),
        );
        const all = shares.reduce((sum, share) => sum + share, 0);
        for (let c = 0; c < BLOCK.valueDim; c++) {
          const sum = shares.reduce(
            (total, share, other) => total + share * values[other][kvHead * BLOCK.valueDim + c],
            0,
          );
          joined[point].push(sum / all);
        }
      }
    }
    const expected = joined.map((row) => times(row, matrix('output')));
    const actual = at(rowsOf(apply(model, given, 'boards').dataSync(), 6));
    const worst = Math.max(...expected.flatMap((row, i) => row.map((v, c) => Math.abs(v - actual[i][c]))));
    expect(worst).toBeLessThan(1e-5);
  },
);

test.each([false, true])(
  'gamma x / sqrt(mean x^2 + epsilon) + beta, the mean over channels or over all numbers of a board: %s',
  (spatial) => {
    const EPSILON = 0.5;
    // Two boards of 2 x 2 points, the second without its last column; what is off it is anything.
    const boards = [
      [[1, -2], [3, 0.5], [-1, 4], [2, 2]],
      [[0.5, 1], [70, -80], [-3, 2], [90, 60]],
    ]; // prettier-ignore
    const onBoard = [[1, 1, 1, 1], [1, 0, 1, 0]]; // prettier-ignore
    const gamma = [2, -0.5];
    const beta = [0.25, 1];
    const layer = new RmsActivate({ name: 'rms', epsilon: EPSILON, spatial, activation: 'relu' });
    const inputs = [tf.tensor4d(boards.flat(2), [2, 2, 2, 2]), tf.tensor4d(onBoard.flat(), [2, 2, 2, 1])];
    layer.apply(inputs);
    layer.setWeights([tf.tensor1d(gamma), tf.tensor1d(beta)]);
    const actual = [...(layer.apply(inputs) as tf.Tensor).dataSync()];
    const expected = boards.flatMap((points, board) =>
      points.flatMap((values, point) => {
        if (onBoard[board][point] === 0) return [0, 0];
        const over = spatial ? points.filter((_, p) => onBoard[board][p] === 1).flat() : values;
        const size = Math.sqrt(over.reduce((sum, v) => sum + v * v, 0) / over.length + EPSILON);
        return values.map((v, c) => Math.max(0, (gamma[c] * v) / size + beta[c]));
      }),
    );
    actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
    expect(actual).toHaveLength(16);
  },
);
