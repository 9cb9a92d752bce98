/** Training runs over HTTP: told as they are, read only, and nothing outside their folder. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runConfig, runList, runNews } from '#server/protocol/training.ts';
import { writeFixtureRun } from '../selfplay/run/fixture-run.ts';
import { startTestServer, type TestServer } from './test-client.ts';

let root: string;
let runs: string;
let server: TestServer;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'tengen-runs-'));
  runs = join(root, 'runs');
  mkdirSync(runs);
  server = await startTestServer({ runsFolder: runs });
});
afterEach(async () => {
  await server.close();
  rmSync(root, { recursive: true });
  expect(server.logged).toEqual([]);
});

/** Without the tidying that `fetch` does to paths. */
function get(path: string): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const asked = request({ port: server.port, path }, (response) => {
      let text = '';
      response.on('data', (piece: Buffer) => (text += piece.toString()));
      response.on('end', () => {
        const isJson = String(response.headers['content-type']).includes('json');
        resolve({ status: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : text });
      });
    });
    asked.on('error', reject).end();
  });
}

it('lists the runs, the one at work first, with what is wrong with them', async () => {
  writeFixtureRun(join(runs, 'old run'), { at: null });
  writeFixtureRun(join(runs, 'hung'), { at: Date.now() - 300_000 });
  mkdirSync(join(runs, 'games'));
  writeFileSync(join(runs, 'notes.txt'), '');
  const { runs: listed, more } = runList.parse((await get('/api/runs')).body);
  expect(listed.map(({ name }) => name).toSorted()).toEqual(['hung', 'old run']);
  expect(more).toBe(false);
  const hung = listed.find(({ name }) => name === 'hung');
  expect(hung).toMatchObject({ best: { name: 'G12' }, live: { generation: 12 } });
  expect(hung?.alarms).toEqual([expect.stringMatching(/5 minutes/)]);
  expect(listed.find(({ name }) => name === 'old run')?.alarms).toEqual([]);
});

it('lists nothing where there is no folder of runs', async () => {
  rmSync(runs, { recursive: true });
  expect((await get('/api/runs')).body).toEqual({ runs: [], more: false });
});

it('tells the news since the last ones, and everything to who asks first', async () => {
  writeFixtureRun(join(runs, 'a run'));
  const first = runNews.parse((await get('/api/runs/a%20run/news')).body);
  expect(first.metrics.rows).toHaveLength(96);
  expect(first.generations.rows).toHaveLength(12);
  expect(first.matches.rows).toHaveLength(3);
  expect(first).toMatchObject({ live: { state: 'playing' }, ratings: { best: 'G12' }, notes: [] });
  const query = `metrics=${first.metrics.cursor}&generations=${first.generations.cursor}&matches=${first.matches.cursor}`;
  const second = runNews.parse((await get(`/api/runs/a%20run/news?${query}`)).body);
  expect([second.metrics.rows, second.generations.rows, second.matches.rows]).toEqual([[], [], []]);
  writeFixtureRun(join(runs, 'a run'), { seed: 2 });
  const third = runNews.parse((await get(`/api/runs/a%20run/news?${query}`)).body);
  expect(third.metrics).toMatchObject({ restarted: true });
  expect(third.metrics.rows).toHaveLength(96);
});

it('tells the config as it is', async () => {
  writeFixtureRun(join(runs, 'run'));
  const { config } = runConfig.parse((await get('/api/runs/run/config')).body);
  expect(config).toMatchObject({ seed: 1, net: { blocks: 4 } });
});

it('says which file of a run cannot be read, and tells the rest', async () => {
  writeFixtureRun(join(runs, 'run'));
  writeFileSync(join(runs, 'run', 'ratings.json'), '[]');
  const news = runNews.parse((await get('/api/runs/run/news')).body);
  expect(news.ratings).toBeNull();
  expect(news.notes).toEqual([expect.stringMatching(/^ratings\.json/)]);
  expect(news.metrics.rows).toHaveLength(96);
});

it('knows no run outside its folder, however it is named', async () => {
  writeFixtureRun(join(root, 'outside'));
  writeFixtureRun(runs);
  const names = [
    '..%2Foutside',
    '%2e%2e%2foutside',
    '..',
    '.',
    '%2e',
    '..%5coutside',
    'x%00',
    '',
    `${'a'.repeat(300)}`,
    '.hidden',
    '%ff',
    'games',
  ];
  for (const name of names)
    for (const end of ['news', 'config']) {
      const { status } = await get(`/api/runs/${name}/${end}`);
      expect([400, 404]).toContain(status);
    }
  expect((await get('/api/runs/../outside/news')).status).toBe(404);
});

it('follows no link to a file elsewhere', async () => {
  writeFileSync(join(root, 'secret.json'), '{"password":"x"}');
  mkdirSync(join(runs, 'run'));
  symlinkSync(join(root, 'secret.json'), join(runs, 'run', 'config.json'));
  expect((await get('/api/runs/run/config')).body).toEqual({ config: null });
});

it('answers no one who asks too often, and changes nothing for anyone', async () => {
  writeFixtureRun(join(runs, 'run'));
  const answers = await Promise.all(Array.from({ length: 150 }, () => get('/api/runs/none/config')));
  expect(answers.some(({ status }) => status === 429)).toBe(true);
  const response = await fetch(`${server.url}api/runs/run/config`, { method: 'DELETE' });
  expect([404, 429]).toContain(response.status);
});

it('is for those who have the token, where one is set', async () => {
  await server.close();
  server = await startTestServer({ runsFolder: runs, token: 'key' });
  expect((await get('/api/runs')).status).toBe(401);
  expect((await get('/api/runs?token=key')).status).toBe(200);
});
