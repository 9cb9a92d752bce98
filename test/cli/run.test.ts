/** `tengen run export` as a process of its own. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeFixtureRun } from '../selfplay/run/fixture-run.ts';
import { MAIN, runToEnd } from './tengen.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tengen-run-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const exportRun = (...argv: string[]): ReturnType<typeof runToEnd> =>
  runToEnd(MAIN, folder, ['run', 'export', ...argv]);

test('a run is written as tables, for TensorBoard and as JSON, and what is damaged is told', () => {
  writeFixtureRun(join(folder, 'zero'), { generations: 5, lines: 2 });
  writeFileSync(join(folder, 'zero', 'matches.jsonl'), 'no match\n');
  const { code, out, err } = exportRun(
    'zero',
    '--csv',
    'tables',
    '--tensorboard',
    'logs',
    '--json',
    join('new', 'zero.json'),
  );
  expect([code, err]).toEqual([0, 'zero: matches.jsonl: 1 damaged line is left out.\n']);
  const tables = ['metrics', 'generations', 'ratings'].map((name) => join('tables', `${name}.csv`));
  const events = join('logs', readdirSync(join(folder, 'logs'))[0]);
  expect(out.split('\n').slice(0, -1)).toEqual([...tables, events, join('new', 'zero.json')]);
  const whole = JSON.parse(readFileSync(join(folder, 'new', 'zero.json'), 'utf8')) as Record<string, unknown>;
  expect(Object.keys(whole)).toEqual(['config', 'ratings', 'metrics', 'generations', 'matches']);
  expect(whole.metrics).toHaveLength(10);
});

test('what cannot be exported is refused in one sentence', () => {
  mkdirSync(join(folder, 'empty'));
  expect(exportRun('empty')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^tengen: Say what to write/),
  });
  expect(exportRun('empty', '--csv', 'tables')).toEqual({
    code: 3,
    out: '',
    err: 'tengen: empty: there is no run here that has measured anything yet.\n',
  });
  expect(exportRun('nowhere', '--csv', 'tables')).toMatchObject({
    code: 3,
    err: expect.stringMatching(/nowhere/),
  });
});

test('a run is never written over by what is exported of it, nor a folder', () => {
  const run = join(folder, 'zero');
  writeFixtureRun(run, { generations: 2, lines: 1 });
  writeFileSync(join(run, 'net.safetensors'), 'a net');
  const files = readdirSync(run).filter((name) => /\.(json|jsonl|safetensors)$/.test(name));
  const contents = (): string[] => files.map((name) => readFileSync(join(run, name), 'utf8'));
  const before = contents();
  for (const [json, sentence] of [
    ['zero/config.json', 'zero/config.json: the run there keeps its own file so; say another file to write'],
    [
      'zero/matches.jsonl',
      'zero/matches.jsonl: the run there keeps its own file so; say another file to write',
    ],
    ['zero/net.safetensors', 'zero/net.safetensors: this is what is read; say another file to write'],
    ['zero', 'zero: this is not a file, and cannot be written as one'],
  ])
    expect(exportRun('zero', '--json', json)).toEqual({ code: 3, out: '', err: `tengen: ${sentence}.\n` });
  expect(contents()).toEqual(before);
  expect(exportRun('zero', '--json', 'zero/all.json').code).toBe(0);
});
