/** Dropout and drop-path: what is dropped, how often, and that only the step's seed decides. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend, type BackendName } from '#nets/backend/backends.ts';
import { Dropout } from '#nets/layers/dropout.ts';
import { Join } from '#nets/layers/join.ts';
import { missing } from '../backend/available.ts';
import { apply, boardsIn, modelOf, worstDifference } from './small-nets.ts';

const NAMES: readonly BackendName[] = ['cpu', 'wasm', 'torch'];
const reasons = await missing(NAMES);
const here = NAMES.filter((name) => reasons.get(name) === null);

beforeAll(() => useBackend('cpu'));

describe('dropout', () => {
  const RATE = 0.3;
  const layer = new Dropout({ name: 'dropout', rate: RATE });
  const x = tf.randomNormal([20, 50], 0, 1, 'float32', 1);
  const dropped = (seed: number, of = layer): tf.Tensor => of.apply(x, { training: true, seed }) as tf.Tensor;

  test('keeps the expectation of every value and drops at its rate', () => {
    const shares = Array.from({ length: 100 }, (_, seed) => tf.div(dropped(seed), x).dataSync()).flatMap(
      (values) => [...values],
    );
    const zeros = shares.filter((share) => share === 0).length / shares.length;
    // 100,000 draws: five deviations of the share are 0.0072.
    expect(Math.abs(zeros - RATE)).toBeLessThan(0.0072);
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(Math.abs(mean - 1)).toBeLessThan(0.0072 / (1 - RATE));
    expect(Math.max(...shares)).toBeCloseTo(1 / (1 - RATE), 5);
  });

  test('draws by the seed and the name of the layer alone, for each example anew, on every backend', async () => {
    const drawn: tf.Tensor[] = [];
    for (const backend of here) {
      await useBackend(backend);
      const map = tf.ones([3, 4, 4, 5]);
      drawn.push(tf.tensor((layer.apply(map, { training: true, seed: 7 }) as tf.Tensor).dataSync()));
    }
    await useBackend('cpu');
    for (const one of drawn) expect(one.dataSync()).toEqual(drawn[0].dataSync());
    const other = new Dropout({ name: 'other', rate: RATE });
    expect(worstDifference(dropped(7), dropped(8))).toBeGreaterThan(0);
    expect(worstDifference(dropped(7), dropped(7, other))).toBeGreaterThan(0);
    const both = layer.apply(tf.ones([2, 50]), { training: true, seed: 7 }) as tf.Tensor;
    const [example, next] = tf.unstack(both);
    expect(worstDifference(example, next)).toBeGreaterThan(0);
  });

  test('does nothing in play, and says so where a step that trains has no seed', () => {
    expect(worstDifference(layer.apply(x) as tf.Tensor, x)).toBe(0);
    expect(() => layer.apply(x, { training: true })).toThrow(
      'internal: dropout draws, and the step has no seed',
    );
  });

  test('the mean of nets sampled by MC dropout tends to the net with scaled weights', () => {
    const model = modelOf((l) => {
      const hidden = l.dense('hidden', l.pointMean('mean', l.conv('conv', l.planes, 8, 3)), 32, {
        activation: 'relu',
      });
      return l.dense('out', l.dropout('dropped', hidden, 0.5), 4);
    }, 'boards');
    const given = boardsIn(5, 5);
    const scaled = apply(model, given, 'boards');
    const meanOf = (samples: number): tf.Tensor =>
      tf.tidy(() => {
        const sum = Array.from({ length: samples }, (_, seed) =>
          apply(model, given, 'boards', { dropout: true, seed }),
        ).reduce((total, one) => tf.add(total, one));
        return tf.div(sum, samples);
      });
    const one = worstDifference(meanOf(1), scaled);
    const many = worstDifference(meanOf(1600), scaled);
    expect(one).toBeGreaterThan(0);
    // A fortieth of the deviation of one sample; a few of those for the worst of eight outputs.
    expect(many).toBeLessThan((4 * one) / 40);
    model.dispose();
  });
});

describe('a join', () => {
  const options = { dropPath: 0.4, columns: [0, 1, 2], columnCount: 3 };
  const paths = [1, 10, 100].map((value) => tf.fill([1, 1], value));
  let count = 0;
  const joined = (join: Join, seed: number): number =>
    (join.apply(paths, { training: true, seed }) as tf.Tensor).dataSync()[0];
  const make = (more: Partial<typeof options> = {}): Join =>
    new Join({ name: `join${++count}`, ...options, ...more });
  /** Which paths a mean is of. */
  const PATHS: ReadonlyMap<number, string> = new Map([
    [1, '0'],
    [10, '1'],
    [100, '2'],
    [5.5, '01'],
    [50.5, '02'],
    [55, '12'],
    [37, '012'],
  ]);

  const keptBy = (join: Join, seed: number): string => {
    const kept = PATHS.get(Math.round(joined(join, seed) * 10) / 10);
    if (kept === undefined) throw new Error('this is the mean of no paths');
    return kept;
  };

  test('is the mean of its paths in play', () => {
    expect((make().apply(paths) as tf.Tensor).dataSync()[0]).toBeCloseTo(37, 5);
  });

  test.each([0.4, 0.8])(
    'keeps every set of paths but none, one path oftenest, at a rate of %d',
    (dropPath) => {
      const join = make({ dropPath });
      const counts = new Map<string, number>();
      for (let seed = 0; seed < 3000; seed++) {
        const kept = keptBy(join, seed);
        counts.set(kept, (counts.get(kept) ?? 0) + 1);
      }
      expect([...counts.keys()].sort()).toEqual([...PATHS.values()].sort());
      // Half of the steps keep one column, a third of them this one; of the others (1 - rate) rate^2 this path alone, and
      // when nothing is left, rate^3, one of the three is kept.
      const expected = 0.5 / 3 + 0.5 * ((1 - dropPath) * dropPath ** 2 + dropPath ** 3 / 3);
      for (const one of ['0', '1', '2'])
        expect(Math.abs((counts.get(one) ?? 0) / 3000 - expected)).toBeLessThan(0.04);
    },
  );

  test('keeps the column that every other join keeps, in half of the steps, and all where it does not pass', () => {
    // Paths are never dropped one by one at such a rate.
    const [first, second] = [make({ dropPath: 1e-9 }), make({ dropPath: 1e-9 })];
    const inner = make({ dropPath: 1e-9, columns: [1, 2, 2] });
    const INNER: ReadonlyMap<string, string> = new Map([
      ['0', '012'],
      ['1', '0'],
      ['2', '12'],
      ['012', '012'],
    ]);
    let columns = 0;
    for (let seed = 0; seed < 400; seed++) {
      const kept = keptBy(first, seed);
      expect(keptBy(second, seed)).toBe(kept);
      expect(keptBy(inner, seed)).toBe(INNER.get(kept));
      if (kept.length === 1) columns++;
    }
    // Five deviations of the share of 400 steps are 0.125.
    expect(Math.abs(columns / 400 - 0.5)).toBeLessThan(0.125);
  });

  test('drops nothing at a rate of 0', () => {
    const join = make({ dropPath: 0 });
    for (let seed = 0; seed < 20; seed++) expect(joined(join, seed)).toBeCloseTo(37, 5);
  });
});
