/** Which points of the input each layer of a net sees from a point of its own: its receptive field (Araujo et al. 2019). */
import type { Layers } from '../architectures/layers.ts';
import { reach } from '../architectures/windows.ts';
import type { Windows } from '../architectures/windows.ts';
import { buildNet } from '../architectures/net.ts';
import type { NetSpec } from '../spec.ts';

/** First and last row seen. Rows before 0 and after the last are off the board: a field is not clipped by it. */
export type Interval = readonly [first: number, last: number];

/** Kernels are square and boards are too, so that columns are as rows. */
export type Field = {
  /** What the points of a row see by convolutions alone; null for a vector, which has no points. */
  readonly rowsSeenBy: ((row: number) => Interval) | null;
  /** Whether every point sees the whole board, through global pooling, attention or dense layers. */
  readonly whole: boolean;
};

/** Of the rows of a window: those of its first and its last, because fields never move back as the row goes on. */
function overWindow(
  { rowsSeenBy, whole }: Field,
  firstOf: (row: number) => number,
  lastOf: (row: number) => number,
): Field {
  if (rowsSeenBy === null) return { rowsSeenBy, whole };
  const at = (row: number): Interval => [rowsSeenBy(firstOf(row))[0], rowsSeenBy(lastOf(row))[1]];
  return { rowsSeenBy: memoised(at), whole };
}

function overWindows(field: Field, windows: Windows): Field {
  const [before] = reach(windows);
  const firstOf = (row: number): number => row * windows.stride - before;
  return overWindow(field, firstOf, (row) => firstOf(row) + windows.size - 1);
}

const halved = (row: number): number => Math.floor(row / 2);

/** Without it a net of n layers would be walked through 2^n times. */
function memoised(rowsSeenBy: (row: number) => Interval): (row: number) => Interval {
  const known = new Map<number, Interval>();
  return (row) => {
    const interval = known.get(row) ?? rowsSeenBy(row);
    known.set(row, interval);
    return interval;
  };
}

/** What sees what either of two sees. */
function union(x: Field, y: Field): Field {
  const [a, b] = [x.rowsSeenBy, y.rowsSeenBy];
  const both = (row: number): Interval => {
    const intervals = [a, b].flatMap((seen) => (seen === null ? [] : [seen(row)]));
    return [Math.min(...intervals.map(([first]) => first)), Math.max(...intervals.map(([, last]) => last))];
  };
  return { rowsSeenBy: a === null && b === null ? null : memoised(both), whole: x.whole || y.whole };
}

/** By layer, from the side that the net's planes have to the last row of each map. */
export function receptiveFields(spec: NetSpec): Map<string, Field> {
  const fields = new Map<string, Field>();
  const record = (name: string, field: Field): Field => {
    fields.set(name, field);
    return field;
  };
  const pointwise = (name: string, x: Field): Field => record(name, x);
  const everywhere = (name: string, x: Field): Field => record(name, { ...x, whole: true });
  const toVector = (name: string, { whole }: Field): Field => record(name, { rowsSeenBy: null, whole });
  const layers: Layers<Field> = {
    planes: { rowsSeenBy: (row) => [row, row], whole: false },
    globals: { rowsSeenBy: null, whole: false },
    conv: (name, x, _filters, size, { stride = 1, padding = 'same' } = {}) =>
      record(name, overWindows(x, { size, stride, padding })),
    dense: toVector,
    batchNorm: pointwise,
    affine: pointwise,
    rms: (name, x, { spatial }) => (spatial ? everywhere : pointwise)(name, x),
    localNorm: pointwise,
    activate: pointwise,
    add: (name, x, y) => record(name, union(x, y)),
    concat: (name, xs) => record(name, xs.reduce(union)),
    window: (name, x, { size, stride = 1, padding = 'same' }) =>
      record(name, overWindows(x, { size, stride, padding })),
    upsample: (name, x) => record(name, overWindow(x, halved, halved)),
    pointMean: (name, x) => (x.rowsSeenBy === null ? x : record(name, { rowsSeenBy: null, whole: true })),
    flatten: (name) => record(name, { rowsSeenBy: null, whole: true }),
    dropout: pointwise,
    join: (name, xs) => record(name, xs.reduce(union)),
    addVector: (name, x, vector) => record(name, union(x, vector)),
    pool: (name) => record(name, { rowsSeenBy: null, whole: true }),
    attention: everywhere,
    feedForward: pointwise,
    first: (_name, x) => x,
    moveLogits: (name, x, pass) => record(name, union(x, pass)),
    ownership: pointwise,
    judgement: (name, x, y) => {
      const field = record(name, union(x, y));
      return { value: field, score: field, stdev: field };
    },
  };
  buildNet(layers, spec);
  return fields;
}
