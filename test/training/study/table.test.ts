/** Tables of studies, as they are printed. */
import { expect, test } from 'vitest';
import type { MeasuredRun } from '#training/study/run-study.ts';
import { studyRows, studyTable } from '#training/study/table.ts';

const field = { side: 7, whole: true };

function run(net: string, seed: number, accuracy: number | null): MeasuredRun {
  const figures = { parameters: 1234, accuracy: accuracy ?? 0, milliseconds: 0.5 };
  const ways = accuracy === null ? [] : [{ way: null, diverged: null, field, figures }];
  return {
    net,
    seed,
    diverged: accuracy === null ? 'the loss became NaN' : null,
    ways,
    gradients: [],
    testedOn: 'a',
  };
}

test('figures are means over seeds, with a 95% interval where runs differ by chance; failed runs are counted', () => {
  const runs = [
    run('steady', 1, 0.5),
    run('wild', 1, 0.25),
    run('steady', 2, 0.52),
    run('wild', 2, null),
    run('hopeless', 1, null),
  ];
  // 12.706 times a deviation of 1.414 over the square root of 2.
  expect(studyTable(studyRows(runs, () => 'steady')).split('\n')).toEqual([
    'net       seeds           field       parameters     accuracy %     ms',
    'steady    2               7 x 7, all       1,234  51.00 ± 12.71  0.500',
    'wild      1 (1 diverged)  7 x 7, all       1,234          25.00  0.500',
    'hopeless  0 (1 diverged)',
  ]);
});

test('a figure that not all runs of a row have is left out', () => {
  const [first, second] = [run('a', 1, 0.5), run('a', 2, 0.6)];
  const [way] = first.ways;
  const earlier = { ...first, ways: [{ ...way, figures: { ...way.figures, firstAtStart: 2 } }] };
  const [{ figures }] = studyRows([earlier, second], () => 'a');
  expect(figures).not.toHaveProperty('firstAtStart');
  expect(figures.accuracy.mean).toBeCloseTo(0.55, 12);
});

test('nets are compared with the baseline seed by seed, which tells more than their own intervals', () => {
  const runs = [
    run('base', 1, 0.5),
    run('better', 1, 0.55),
    run('base', 2, 0.6),
    run('better', 2, 0.66),
    run('better', 3, 0.2),
  ];
  const lines = studyTable(studyRows(runs, () => 'base')).split('\n');
  // 12.706 times a deviation of 0.707 over the square root of 2; the third seed has no pair.
  expect(lines.map((line) => line.split(/  +/).slice(4, 6))).toEqual([
    ['accuracy %', 'Δ accuracy %'],
    ['55.00 ± 63.53', '0.500'],
    ['47.00 ± 59.67', '+5.50 ± 6.35'],
  ]);
});

test('nets that were tested by other examples are not compared, and each may have its own baseline', () => {
  const other = (net: string, seed: number, accuracy: number): MeasuredRun => ({
    ...run(net, seed, accuracy),
    testedOn: 'b',
  });
  const runs = [1, 2].flatMap((seed) => [
    run('base', seed, 0.5),
    run('better', seed, 0.6),
    run('best', seed, 0.7),
    other('elsewhere', seed, 0.9),
    other('apart', seed, 0.8),
  ]);
  const own: Record<string, string> = { best: 'better', apart: 'elsewhere' };
  const rows = studyRows(runs, (net) => own[net] ?? 'base');
  const differences = rows.map(({ name, figures }) => [name, figures.accuracyDifference?.mean.toFixed(1)]);
  expect(Object.fromEntries(differences)).toEqual({
    base: undefined,
    better: '0.1',
    best: '0.1',
    elsewhere: undefined,
    apart: '-0.1',
  });
});

test('a way to use a net that fails counts as failed in its own row alone', () => {
  const runs = [run('equation', 1, 0.5), run('equation', 2, null)].map((of) => ({
    ...of,
    ways: of.ways.flatMap((way) => [
      way,
      { way: 'rtol=0.01', diverged: 'too rough for the tolerance', field, figures: {} },
    ]),
  }));
  expect(
    studyRows(runs, () => 'equation').map(({ name, seeds, diverged }) => [name, seeds, diverged]),
  ).toEqual([
    ['equation', 1, 1],
    ['equation, rtol=0.01', 0, 2],
  ]);
});
