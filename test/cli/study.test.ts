/** `tengen study` as a person runs it. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { randomGame } from '../training/games.ts';
import { MAIN, runToEnd } from './tengen.ts';

const LINE = 'study widths.json --games games.sgfs --out widths --backend wasm --quick';

const folder = mkdtempSync(join(tmpdir(), 'tengen-study-'));

const games = Array.from({ length: 20 }, (_, seed) => randomGame(seed, 5, 10));
writeFileSync(join(folder, 'games.sgfs'), games.join('\n'));

test('a study is trained and told; the same command again only tells it; more seeds are added', () => {
  const study = {
    title: 'How wide?',
    data: 'games',
    size: 5,
    options: { batch: 8, steps: 4, holdOut: 0.3 },
    nets: [4, 8].map((channels) => ({ name: `wide-${channels}`, options: { net: `1x${channels}` } })),
    quick: { options: { steps: 2 } },
  };
  writeFileSync(join(folder, 'widths.json'), JSON.stringify(study));
  const conduct = (...more: string[]): ReturnType<typeof runToEnd> =>
    runToEnd(MAIN, folder, [...LINE.split(' '), ...more]);

  const first = conduct();
  expect(first.code, first.err).toBe(0);
  expect(first.out).toMatch(/^How wide\?\n\nnet +seeds .+ accuracy % +new % +ms\nwide-4 +1 /);
  expect(first.err).toMatch(/^run 2 of 2: wide-8, seed 1\nstep 2\/2  0 s left  loss .+  \d+ examples\/s\n/m);
  for (const file of ['table.txt', 'table.json', 'curves.svg', 'wide-4-s1/loss.svg'])
    expect(existsSync(join(folder, 'widths', file)), file).toBe(true);
  expect(conduct().out).toBe(first.out);

  const begun = join(folder, 'widths', 'wide-4-s1', 'config.json');
  const config = JSON.parse(readFileSync(begun, 'utf8')) as object;
  expect(config).toMatchObject({ backend: expect.stringMatching(/^wasm: /) });
  writeFileSync(begun, JSON.stringify({ ...config, backend: 'cpu: elsewhere' }));
  const more = conduct('--seeds', '2', '--json');
  expect(more.err).toMatch(/^This run began with cpu: elsewhere, and goes on with wasm: /m);
  const told = JSON.parse(more.out);
  expect(told).toMatchObject({ isFinished: true, rows: [{ name: 'wide-4', seeds: 2 }, { seeds: 2 }] });

  const table = readFileSync(join(folder, 'widths', 'table.json'), 'utf8');
  const fewer = conduct();
  expect(fewer).toMatchObject({ code: 3, out: '' });
  expect(fewer.err).toMatch(/^tengen: widths\/table\.json: it tells of runs that are not .+\n$/);
  const whole = runToEnd(MAIN, folder, LINE.split(' ').slice(0, -1));
  expect(whole).toMatchObject({
    code: 3,
    err: 'tengen: widths/wide-4-s1: this run is of the study with --quick; choose a new --out for the whole study.\n',
  });
  expect(readFileSync(join(folder, 'widths', 'table.json'), 'utf8')).toBe(table);
});

test('why a run diverged is told at once; where all did, the table is written and the exit code is 1', () => {
  const study = {
    title: 'Too fast',
    data: 'games',
    size: 5,
    seeds: [1],
    options: { batch: 8, steps: 40, holdOut: 0.3, learner: { learningRate: 10, weightDecay: 1, warmup: 0 } },
    nets: [{ name: 'wild', options: { net: 'plain-8:4', trunk: { norm: false } } }],
  };
  writeFileSync(join(folder, 'fast.json'), JSON.stringify(study));
  const told = runToEnd(MAIN, folder, LINE.replaceAll('widths', 'fast').split(' ').slice(0, -1));
  expect(told.err).toMatch(/^wild, seed 1, diverged: at step \d+ the loss became NaN; start again with/m);
  expect(told.out).toContain('0 (1 diverged)');
  expect(told.code).toBe(1);
  expect(existsSync(join(folder, 'fast', 'table.json'))).toBe(true);
});
