/** Pictures of studies tell nets apart by colours, whatever the nets are called, and short curves by what they do. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { estimate } from '#training/student.ts';
import { writeCurves } from '#training/study/pictures.ts';
import { smoothing } from '#training/svg.ts';

test('a net that is called as a colour, or as none, has a colour of its own like all others', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'tengen-')), 'curves.svg');
  const nets = ['none', 'tan'];
  const curves = nets.map((net) => ({
    net,
    seed: 1,
    metrics: [1, 2, 3].map((step) => ({
      step,
      samples: step,
      policyLoss: 4 - step,
      heldOutAccuracy: step / 4,
    })),
  }));
  writeCurves(path, curves, []);
  const svg = readFileSync(path, 'utf8');
  const colours = nets.map((net) => new RegExp(`<text fill="([^"]+)"[^>]*>${net}<`).exec(svg)?.[1]);
  expect(new Set(colours).size).toBe(2);
  for (const colour of colours) {
    expect(colour).toMatch(/^#/);
    expect(svg).toContain(`stroke="${colour}"`);
  }
});

test('means and intervals are named where there are any', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'tengen-')), 'curves.svg');
  /** What is said of the accuracies of nets with so many seeds. */
  const saidOf = (...seeds: number[]): string | undefined => {
    const rows = seeds.map((count, i) => {
      const accuracy = estimate(Array.from({ length: count }, (_, seed) => 0.5 + seed / 10));
      return {
        name: `net-${i}`,
        net: `net-${i}`,
        seeds: count,
        diverged: 0,
        field: null,
        figures: { accuracy },
      };
    });
    const curves = rows.map(({ net }) => ({ net, seed: 1, metrics: [] }));
    writeCurves(path, curves, rows);
    return /accuracy in the end \(%\), ([^→<]+?) *[→<]/.exec(readFileSync(path, 'utf8'))?.[1];
  };
  expect(saidOf(1, 1)).toBe('of one seed');
  expect(saidOf(2, 3)).toBe('mean over seeds and its 95% interval');
  expect(saidOf(2, 1)).toBe('mean over seeds and its 95% interval where there are several');
});

test('long curves are smoothed and short ones are left as they are', () => {
  expect([1, 6, 29, 45, 1000].map((points) => smoothing(points).k)).toEqual([1, 1, 2, 4, 9]);
});
