/** Which points of the input each layer of a net sees from a point of its own: its receptive field (Araujo et al. 2019). */
import type { Layers } from '../architectures/layers.ts';
import { buildClassifier, buildNet } from '../architectures/net.ts';
import { reach } from '../architectures/windows.ts';
import type { Windows } from '../architectures/windows.ts';
import { leastSteps, tableauOf } from '../ode/solve.ts';
import { isImageSpec } from '../spec.ts';
import type { AnySpec } from '../spec.ts';

/** First and last row seen. Rows before 0 and after the last are off the board: a field is not clipped by it. */
export type Interval = readonly [first: number, last: number];

/** All windows are square, so that columns are as rows. */
export type Field = {
  /** What a row of the map sees through windows alone; null for a vector, which has no points. */
  readonly rowsSeenBy: ((row: number) => Interval) | null;
  /** Whether everything comes in, through global pooling, attention or dense layers. */
  readonly whole: boolean;
};

/** Of maps that lie on each other. @param mapped for each row those rows of them that its ends see. */
function seenThrough(
  fields: readonly Field[],
  mapped: (row: number) => Interval = (row) => [row, row],
): Field {
  const maps = fields.flatMap(({ rowsSeenBy }) => (rowsSeenBy === null ? [] : [rowsSeenBy]));
  const known = new Map<number, Interval>();
  // Without remembering it a net of n layers would be walked through 2^n times.
  const rowsSeenBy = (row: number): Interval => {
    const [first, last] = mapped(row);
    // Fields never move back as the row goes on, so that the ends of a window see the ends of what it sees.
    const seen: Interval = known.get(row) ?? [
      Math.min(...maps.map((map) => map(first)[0])),
      Math.max(...maps.map((map) => map(last)[1])),
    ];
    known.set(row, seen);
    return seen;
  };
  return { rowsSeenBy: maps.length === 0 ? null : rowsSeenBy, whole: fields.some(({ whole }) => whole) };
}

function throughWindows(x: Field, windows: Windows): Field {
  const [before] = reach(windows);
  return seenThrough([x], (row) => {
    const first = row * windows.stride - before;
    return [first, first + windows.size - 1];
  });
}

/** By layer. */
export function receptiveFields(spec: AnySpec): Map<string, Field> {
  const fields = new Map<string, Field>();
  const record = (name: string, field: Field): Field => {
    fields.set(name, field);
    return field;
  };
  if (isImageSpec(spec)) buildClassifier(fieldLayers(null, record), spec);
  else buildNet(fieldLayers({ rowsSeenBy: null, whole: false }, record), spec);
  return fields;
}

function fieldLayers(globals: Field | null, record: (name: string, field: Field) => Field): Layers<Field> {
  const pointwise = record;
  const everywhere = (name: string, x: Field): Field => record(name, { ...x, whole: true });
  const together = (name: string, ...fields: Field[]): Field => record(name, seenThrough(fields));
  const toVector = (name: string): Field => record(name, { rowsSeenBy: null, whole: true });
  return {
    planes: { rowsSeenBy: (row) => [row, row], whole: false },
    globals,
    conv: (name, x, _filters, size, { stride = 1, padding = 'same' } = {}) =>
      record(name, throughWindows(x, { size, stride, padding })),
    dense: pointwise,
    batchNorm: pointwise,
    affine: pointwise,
    rms: (name, x, { spatial }) => (spatial ? everywhere : pointwise)(name, x),
    localNorm: pointwise,
    activate: pointwise,
    add: together,
    concat: (name, xs) => together(name, ...xs),
    addVector: together,
    window: (name, x, { size, stride = 1, padding = 'same' }) =>
      record(name, throughWindows(x, { size, stride, padding })),
    upsample: (name, x) =>
      record(
        name,
        seenThrough([x], (row) => [Math.floor(row / 2), Math.floor(row / 2)]),
      ),
    pointMean: (name, x) => (x.rowsSeenBy === null ? x : toVector(name)),
    flatten: toVector,
    pool: toVector,
    dropout: pointwise,
    join: (name, xs) => together(name, ...xs),
    attention: everywhere,
    feedForward: pointwise,
    ode: (name, x, { solver }) => {
      // Each slope is made of the one before it by two convolutions of 3 x 3, and norms over the board.
      const slopes = leastSteps(solver) * tableauOf(solver).b.length;
      return everywhere(name, throughWindows(x, { size: 1 + 4 * slopes, stride: 1, padding: 'same' }));
    },
    first: (_name, x) => x,
    moveLogits: together,
    ownership: pointwise,
    judgement: (name, x, y) => {
      const field = together(name, x, y);
      return { value: field, score: field, stdev: field };
    },
  };
}
