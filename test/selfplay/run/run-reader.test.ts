/** The folder of a run as its readers find it, whole or in bad shape. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alarmsOf } from '#selfplay/run/alarms.ts';
import { LiveState } from '#selfplay/run/run-lines.ts';
import {
  readConfig,
  readGenerations,
  readLive,
  readMatches,
  readRatings,
  readWholeRun,
} from '#selfplay/run/run-reader.ts';
import { writeFixtureRun } from './fixture-run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tengen-run-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('everything that a run tells is read as it was written', async () => {
  writeFixtureRun(folder, { generations: 9, lines: 4 });
  const run = await readWholeRun(folder);
  expect(run.metrics).toHaveLength(36);
  expect(run.generations.map(({ generation }) => generation)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(run.matches).toHaveLength(2);
  expect(run.ratings?.best).toBe('G8');
  expect(run.config).toMatchObject({ seed: 1 });
  expect(run.notes).toEqual([]);
  expect(await readLive(folder)).toMatchObject({ ok: true, value: { state: 'playing', generation: 9 } });
});

test('an empty folder is a run that has told nothing yet', async () => {
  expect(await readConfig(folder)).toEqual({ ok: true, value: null });
  expect(await readLive(folder)).toEqual({ ok: true, value: null });
  expect(await readRatings(folder)).toEqual({ ok: true, value: null });
  expect(await readMatches(folder, null)).toMatchObject({ ok: true, value: { rows: [] } });
});

test('files that are damaged or too large are named in one sentence', async () => {
  writeFileSync(join(folder, 'config.json'), '{"seed":');
  writeFileSync(join(folder, 'ratings.json'), '{"players":[{"name":3}],"best":null}');
  writeFileSync(join(folder, 'live.json'), ' '.repeat(5 * 2 ** 20));
  expect(await readConfig(folder)).toEqual({
    ok: false,
    message: 'config.json: not valid JSON at line 1.',
  });
  expect(await readRatings(folder)).toEqual({
    ok: false,
    message: 'ratings.json: field players.0.name: it has to be a text.',
  });
  expect(await readLive(folder)).toEqual({ ok: false, message: 'live.json is larger than 4 MiB.' });
  writeFileSync(join(folder, 'matches.jsonl'), 'no\n');
  expect((await readWholeRun(folder)).notes).toHaveLength(3);
});

test('a config that an editor saved with a byte order mark is read', async () => {
  writeFileSync(join(folder, 'config.json'), '\uFEFF{"seed": 7}');
  expect(await readConfig(folder)).toEqual({ ok: true, value: { seed: 7 } });
});

test('a generation of another version of Tengen is read as far as it goes', async () => {
  appendFileSync(
    join(folder, 'generations.jsonl'),
    '{"generation":0,"games":10,"runSeconds":5,"surprise":null,"mood":"good"}\n',
  );
  expect(await readGenerations(folder, null)).toMatchObject({
    ok: true,
    value: { rows: [{ generation: 0, games: 10, runSeconds: 5 }] },
  });
});

test('a run that fell silent, failed or lost its numbers raises an alarm; one at work or stopped does not', () => {
  const live = (state: string, at: number): LiveState => LiveState.parse({ state, at, alarms: [] });
  expect(alarmsOf(live('playing', 0), { step: 1, totalLoss: 1 }, 60_000)).toEqual([]);
  expect(alarmsOf(live('judging', 0), null, 61_000)).toEqual([expect.stringMatching(/for a minute/)]);
  expect(alarmsOf(live('playing', 0), null, 3 * 3_600_000)).toEqual([expect.stringMatching(/for 3 hours/)]);
  expect(alarmsOf(live('finished', 0), null, 1e9)).toEqual([]);
  expect(alarmsOf(live('failed', 0), null, 0)).toHaveLength(1);
  expect(alarmsOf(null, { step: 7, totalLoss: null, valueLoss: null }, 0)).toEqual([
    'At step 7: totalLoss, valueLoss are not a finite number.',
  ]);
  const warned = LiveState.parse({ state: 'playing', at: 0, alarms: ['A worker died.'] });
  expect(alarmsOf(warned, null, 0)).toEqual(['A worker died.']);
});
