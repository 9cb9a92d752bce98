/** Pictures of studies tell nets apart by colours, whatever the nets are called, and short curves by what they do. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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

test('long curves are smoothed and short ones are left as they are', () => {
  expect([1, 6, 29, 45, 1000].map((points) => smoothing(points).k)).toEqual([1, 1, 2, 4, 9]);
});
