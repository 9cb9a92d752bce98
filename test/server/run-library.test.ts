/** The list of runs where not all that is there can be read. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readWholeRun } from '#selfplay/run/run-reader.ts';
import { runNews } from '#server/protocol/training.ts';
import { RunLibrary } from '#server/training/run-library.ts';
import { writeFixtureRun } from '../selfplay/run/fixture-run.ts';
import { startTestServer } from './test-client.ts';

/** By path, the code of what opening it fails with: root, whom tests may run as, is denied nothing. */
const refused = vi.hoisted(() => new Map<string, string>());
vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>();
  const open: typeof fs.open = (path, ...rest) => {
    const code = refused.get(String(path));
    return code === undefined ? fs.open(path, ...rest) : Promise.reject(Object.assign(new Error(), { code }));
  };
  return { ...fs, open };
});

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tengen-library-'));
  for (const name of ['bad', 'good']) writeFixtureRun(join(root, name), { generations: 2, lines: 1, at: 0 });
});
afterEach(() => {
  refused.clear();
  rmSync(root, { recursive: true });
});

test.each([
  ['live.json', 'EACCES', 'live'],
  ['ratings.json', 'EIO', 'best'],
  ['metrics.jsonl', 'EACCES', 'metrics'],
])('a run whose %s cannot be read (%s) is shown without it, beside the others', async (file, code, field) => {
  refused.set(join(root, 'bad', file), code);
  const { runs } = await new RunLibrary(root, () => 0).list();
  const told = new Map(runs.map(({ name, live, best, metrics }) => [name, { live, best, metrics }]));
  expect(told.get('bad')).toEqual({ ...told.get('good'), [field]: null });
});

test('the page of a run says what cannot be read, and why, and keeps its place there', async () => {
  refused.set(join(root, 'bad', 'live.json'), 'EACCES');
  refused.set(join(root, 'bad', 'metrics.jsonl'), 'EIO');
  const server = await startTestServer({ runsFolder: root });
  const answer = await fetch(`http://localhost:${server.port}/api/runs/bad/news?metrics=5-a1`);
  await server.close();
  const news = runNews.parse(await answer.json());
  expect(news).toMatchObject({
    live: null,
    metrics: { rows: [], cursor: '5-a1', restarted: false, more: false, damaged: 0 },
    notes: ['live.json: access is denied.', 'metrics.jsonl: the device failed.'],
  });
  expect(news.generations.rows).toHaveLength(2);
});

test('a run of which a file cannot be read is exported without it', async () => {
  const whole = await readWholeRun(join(root, 'bad'));
  refused.set(join(root, 'bad', 'matches.jsonl'), 'EACCES');
  expect(await readWholeRun(join(root, 'bad'))).toEqual({
    ...whole,
    matches: [],
    notes: ['matches.jsonl: access is denied.'],
  });
});

test('what else fails is no damage of the run', async () => {
  refused.set(join(root, 'bad', 'live.json'), 'EMFILE');
  await expect(new RunLibrary(root, () => 0).list()).rejects.toMatchObject({ code: 'EMFILE' });
});
