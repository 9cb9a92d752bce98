/** Training runs over HTTP: told as they are, read only, and nothing outside their folder. */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { gameList, runConfig, runList, runNews, shardList, trainingGame } from '#server/protocol/training.ts';
import { fixtureGame } from '../selfplay/run/fixture-games.ts';
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
  // More than are allowed in as long as a slow machine takes for them.
  const answers = await Promise.all(Array.from({ length: 1500 }, () => get('/api/runs/none/config')));
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

it('lists the games of a generation in pages, and tells each as it was played', async () => {
  writeFixtureRun(join(runs, 'run'), { generations: 2, shardGames: 60 });
  const { shards } = shardList.parse((await get('/api/runs/run/shards')).body);
  expect(shards.map(({ generation }) => generation)).toEqual([0, 1]);
  const path = `/api/runs/run/shards/${shards[1].name}`;
  const [first, second, last] = await Promise.all(
    [0, 50, 100].map(async (from) => gameList.parse((await get(`${path}?from=${from}`)).body)),
  );
  expect([...first.games, ...second.games].map(({ index }) => index)).toEqual(
    Array.from({ length: 60 }, (_, i) => i),
  );
  expect(last).toEqual({ games: [], total: 60, note: null });
  const told = trainingGame.parse((await get(`${path}/51`)).body);
  const game = fixtureGame(1, 51);
  expect(told).toMatchObject({
    generation: 1,
    index: 51,
    moves: [...game.moves],
    end: game.end,
    rules: 'tromp-taylor',
  });
  expect(told.searched.map(({ ply }) => ply)).toEqual(game.positions.map(({ ply }) => ply));
  expect(told.searched[3].winrateBlack).toBe((game.positions[3].valueBlack + 1) / 2);
  expect(told.searched[3].policy).toHaveLength(game.positions[3].policy.length);
});

it('knows no game outside of the shards of a run', async () => {
  writeFixtureRun(join(runs, 'run'), { generations: 1, shardGames: 2 });
  const { shards } = shardList.parse((await get('/api/runs/run/shards')).body);
  const [{ name }] = shards;
  copyFileSync(join(runs, 'run', 'games', name), join(root, name));
  const ends = [
    `..%2F..%2F..%2F${name}`,
    '..%2Fconfig.json',
    'G000009-0123456789abcdef.shard',
    '%00',
    `${name}/2`,
    `${name}/-1`,
    `${name}/x`,
  ];
  for (const end of ends) expect((await get(`/api/runs/run/shards/${end}`)).status).toBe(404);
  expect((await get(`/api/runs/run/shards/${name}?from=-1`)).status).toBe(400);
  const link = name.replace('G000000', 'G000001');
  symlinkSync(join(root, name), join(runs, 'run', 'games', link));
  expect((await get(`/api/runs/run/shards/${link}`)).status).toBe(404);
});

it('tells what is left of a damaged shard, and refuses one too large to be ours', async () => {
  writeFixtureRun(join(runs, 'run'), { generations: 1, shardGames: 3 });
  const { shards } = shardList.parse((await get('/api/runs/run/shards')).body);
  const file = join(runs, 'run', 'games', shards[0].name);
  const bytes = readFileSync(file);
  bytes[bytes.length - 5] ^= 1;
  writeFileSync(file, bytes);
  const left = gameList.parse((await get(`/api/runs/run/shards/${shards[0].name}`)).body);
  expect(left.games).toHaveLength(2);
  expect(left.note).toMatch(/of its 3 games 2 can be read/);
  expect(left.note).not.toContain(root);
  truncateSync(file, 2 ** 40);
  expect(await get(`/api/runs/run/shards/${shards[0].name}`)).toEqual({
    status: 500,
    body: { error: `${shards[0].name} is larger than 256 MiB.` },
  });
});

it('has an answer to everything that may be asked, and none of them is a fault', async () => {
  writeFixtureRun(join(runs, 'run'), { generations: 1, shardGames: 1 });
  const part = fc.oneof(
    fc.constantFrom(
      'run',
      'news',
      'config',
      'shards',
      '..',
      '%2e%2e',
      '%00',
      '%',
      '%ff%fe',
      '0',
      '-1',
      '1e9',
    ),
    fc.string({ unit: 'binary', maxLength: 12 }).map(encodeURIComponent),
  );
  const query = fc.dictionary(
    fc.constantFrom('metrics', 'generations', 'matches', 'from', 'token', 'metrics[]', '__proto__'),
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('0-0', '99999-0', '1-1', '-5')),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 5 }), query, async (parts, fields) => {
      const { status } = await get(`/api/runs/${parts.join('/')}?${new URLSearchParams(fields).toString()}`);
      expect([200, 400, 404]).toContain(status);
    }),
    { numRuns: 150 },
  );
});
