import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { BLACK, WHITE } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { parseDiagram } from '#engine/record/diagram.ts';
import { deadStones } from '#engine/search/dead-stones.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { netFromModel } from '#nets/convert.ts';
import { saveNet } from '#nets/file.ts';
import { buildModel } from '#nets/model.ts';
import { resnetSpec } from '#nets/spec.ts';
import { defaultNetPath, zeroNetPath } from '#nets/weights.ts';
import { openPlayer } from '#selfplay/open-player.ts';
import { parsePlayer, type Player } from '#selfplay/player.ts';
import { gameOf, positionOf } from '#selfplay/search-game.ts';
import { SearchPool } from '#selfplay/search-pool.ts';

const pool = new SearchPool({ threads: 2, maxVisits: 300 });
afterAll(() => pool.close());

const start = Position.start({ width: 9, height: 9, rules: { ...RULE_PRESETS.chinese, komi: 7 } });
const game = gameOf(start);

async function open(text: string): Promise<Player> {
  const parsed = parsePlayer(text);
  if (!parsed.ok) throw new Error(parsed.message);
  const opened = await openPlayer(parsed.spec, pool);
  if (!opened.ok) throw new Error(opened.message);
  return opened.player;
}

test.each(['net', 'net@30', 'playouts@30', 'random'])(
  'the player %s moves legally, and the same seed gives the same move',
  async (text) => {
    const player = await open(text);
    const first = await player.genMove(start, { rng: makeRng(5), gameId: 'a' });
    const again = await player.genMove(start, { rng: makeRng(5), gameId: 'b' });
    expect(start.legalMoves()).toContain(first.move);
    expect(again.move).toBe(first.move);
    await player.close();
  },
);

test('the visits of the moves sum to one less than those of the root', async () => {
  const { rootVisits, visits } = await pool.analyse(game, { net: defaultNetPath, visits: 50, seed: 1 });
  expect(rootVisits).toBe(50);
  expect(visits.reduce((a, b) => a + b)).toBe(49);
});

/** White's eight stones left of C and Black's chain from A5 to A8 live in seki by A9 and A4. */
const SEKI = `
  . O X . X O . O .
  X O X X X O O O .
  X O X . X O . O .
  X O X X X O . O O
  X O X . X O O O .
  . O X X X O . O .
  O O X . X O O O O
  X X X X X O O O .
  . . . . X O . O .`;

test.each(['chinese', 'japanese'] as const)(
  'a seki is counted alike whosever turn it is, under %s rules',
  async (rules) => {
    const { width, height, stones } = parseDiagram(SEKI);
    const of = (color: number): number[] => [...stones.keys()].filter((p) => stones[p] === color);
    const setup = { black: of(1), white: of(2) };
    const ended = Position.start({ width, height, rules: RULE_PRESETS[rules], setup });
    for (const toPlay of [BLACK, WHITE] as const) {
      const asked = { game: gameOf(ended.resume(toPlay)), net: defaultNetPath, seed: 1 };
      expect(deadStones(ended, await pool.ownershipBlack(asked))).toEqual([]);
    }
  },
);

test('a game that is won by half a point under Japanese rules is passed, not lost by filling', async () => {
  const { width, height, stones } = parseDiagram(`
    . X . . . . X O .
    . X X X X X X O .
    . . . . . . X O O
    . . . . . . X O .
    . . . . . . X O .
    X X X X X X X O .
    O O O O O O O O .
    . . . . . . . . .
    . . . X . . . . .`);
  const of = (color: number): number[] => [...stones.keys()].filter((p) => stones[p] === color);
  const setup = { black: of(1), white: of(2) };
  const rules = { ...RULE_PRESETS.japanese, komi: -0.5 };
  const ended = Position.start({ width, height, rules, setup, toPlay: WHITE });
  const { move } = await pool.analyse(gameOf(ended), { net: defaultNetPath, visits: 100, seed: 1 });
  expect(move).toBe(ended.passMove);
});

test('a side may be asked out of turn, and is not answered as if the other had passed', async () => {
  const moved = start.play(40);
  if (!moved.ok) throw new Error(moved.reason);
  const again = positionOf(gameOf(moved.position.resume(BLACK)));
  expect(again).toMatchObject({ toPlay: BLACK, consecutivePasses: 0, moveNumber: 1 });
  const { move } = await pool.analyse(gameOf(again), { net: defaultNetPath, visits: 20, seed: 1 });
  expect(again.legalMoves()).toContain(move);
});

test('no task searches more than the pool allows', async () => {
  expect((await pool.analyse(game, { net: null, visits: 5000, seed: 1 })).rootVisits).toBe(300);
});

test('a game comes back to the thread that has its tree', async () => {
  const options = { net: null, visits: 100, seed: 1, gameId: 'kept' };
  const first = await pool.analyse(game, options);
  // Another game keeps the other thread in use.
  await pool.analyse(game, { ...options, gameId: 'other' });
  const after = start.play(first.move as number);
  if (!after.ok) throw new Error(after.reason);
  const kept = first.visits[first.move as number];
  // A budget already spent: what comes back is the kept tree as it was.
  const again = await pool.analyse(gameOf(after.position), { ...options, visits: 1 });
  expect(again.rootVisits).toBe(kept);
});

test('an aborted search rejects with the reason, and the thread serves the next one', async () => {
  const abort = new AbortController();
  const search = pool.analyse(game, {
    net: null,
    visits: 300,
    seed: 1,
    gameId: 'gone',
    signal: abort.signal,
  });
  abort.abort(new Error('left'));
  await expect(search).rejects.toThrow('left');
  expect(
    (await pool.analyse(game, { net: null, visits: 2, seed: 1, gameId: 'gone' })).rootVisits,
  ).toBeGreaterThan(1);
});

test('a search that is told to stop resolves with what it has found, also where it was told before', async () => {
  const endless = new SearchPool();
  const options = { net: null, visits: 1e6, seed: 1 };
  const stop = new AbortController();
  const search = endless.analyse(game, { ...options, stop: stop.signal });
  stop.abort();
  for (const found of [await search, await endless.analyse(game, { ...options, stop: stop.signal })]) {
    expect(found.rootVisits).toBeLessThan(100_000);
    expect(start.legalMoves()).toContain(found.move);
  }
  await endless.close();
});

test('a search tells what it thinks on its way, from its thread, and no more once it has resolved', async () => {
  const reports: number[] = [];
  const analysis = await pool.analyse(game, {
    net: null,
    visits: 300,
    seed: 1,
    reportEveryMs: 0,
    onReport: ({ moves, rootVisits }) => {
      expect(moves.reduce((sum, { edgeVisits }) => sum + edgeVisits, 1)).toBe(rootVisits);
      reports.push(rootVisits);
    },
  });
  const told = reports.length;
  expect(told).toBeGreaterThan(1);
  expect(reports).toEqual(reports.toSorted((a, b) => a - b));
  expect(analysis.rootVisits).toBe(300);
  await pool.analyse(game, { net: null, visits: 2, seed: 1 });
  expect(reports).toHaveLength(told);
});

test.each([
  ['of ours', zeroNetPath, null],
  ["with KataGo's heads", defaultNetPath, expect.objectContaining({ win: expect.any(Number) })],
])('a net %s alone answers once for each symmetry', async (_, net, told) => {
  const opinions = await pool.rawOpinions({ game, net, symmetries: [0, 0, 3] });
  expect(opinions).toHaveLength(3);
  // The empty board looks the same from all sides.
  for (const { evaluation, heads } of opinions) {
    expect(evaluation.policyLogits).toHaveLength(82);
    expect(evaluation.valueToPlay).toBeCloseTo(opinions[0].evaluation.valueToPlay, 4);
    expect(heads).toEqual(told);
  }
});

test('a net stays open for further raw opinions, whatever becomes of its file', async () => {
  const net = join(mkdtempSync(join(tmpdir(), 'tengen-pool-')), 'net.safetensors');
  copyFileSync(defaultNetPath, net);
  const opinions = await pool.rawOpinions({ game, net, symmetries: [2] });
  rmSync(net);
  expect(await pool.rawOpinions({ game, net, symmetries: [2] })).toEqual(opinions);
});

test('nets that cannot be opened are refused in a sentence that names the file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tengen-pool-'));
  const cut = join(folder, 'cut.safetensors');
  writeFileSync(cut, readFileSync(defaultNetPath).subarray(0, 5000));
  for (const path of [cut, join(folder, 'missing.safetensors'), folder]) {
    const prepared = await pool.prepare(path);
    expect(prepared.ok).toBe(false);
    if (!prepared.ok) expect(prepared.message).toContain(path);
    await expect(pool.analyse(game, { net: path, visits: 1, seed: 1 })).rejects.toThrow(path);
  }
});

test('ownership is in [-1, 1] at every point, with and without a net', async () => {
  for (const net of [defaultNetPath, null]) {
    const ownership = await pool.ownershipBlack({ game, net, seed: 1 });
    expect(ownership).toHaveLength(81);
    for (const owner of ownership) expect(Math.abs(owner)).toBeLessThanOrEqual(1);
  }
});

test('a pool closed under searches of a net stops them, and its process lives on', async () => {
  const busy = new SearchPool({ threads: 2 });
  expect(await busy.prepare(defaultNetPath)).toEqual({ ok: true });
  const options = { net: defaultNetPath, visits: 100_000, seed: 1 };
  const gone = new AbortController();
  const left = busy.analyse(game, { ...options, signal: gone.signal });
  const searches = [1, 2, 3].map(() => busy.analyse(game, options));
  gone.abort(new Error('left'));
  await expect(left).rejects.toThrow('left');
  await busy.close();
  for (const search of searches) expect((await search).rootVisits).toBeLessThan(100_000);
  await expect(busy.analyse(game, options)).rejects.toThrow('closed');
});

test('what a net said before may be forgotten or remembered: the search finds the same', async () => {
  const find = () => pool.analyse(game, { net: defaultNetPath, visits: 60, seed: 3 });
  const first = await find();
  const remembered = await find();
  pool.forgetEvaluations();
  expect([remembered, await find()]).toEqual([first, first]);
});

test.each([1, 2])(
  'several nets by one name think as their mean, in %d threads that share nets or not',
  async (threads) => {
    await useBackend('cpu');
    const folder = mkdtempSync(join(tmpdir(), 'tengen-'));
    const [first, second] = [1, 2].map((seed) => join(folder, `net-${seed}.safetensors`));
    for (const [path, seed] of [
      [first, 1],
      [second, 2],
    ] as const) {
      const spec = resnetSpec(1, 8);
      const model = buildModel(spec, seed);
      saveNet(path, await netFromModel(model, spec, {}));
      model.dispose();
    }
    // With one core for nets a single thread has them evaluated by others.
    const own = new SearchPool({ threads, cores: 2 });
    try {
      const values = await Promise.all(
        [first, second, `${first}+${second}`].map(async (net) => {
          expect(await own.prepare(net)).toEqual({ ok: true });
          const parameters = { randomSymmetry: false };
          return (await own.analyse(game, { net, visits: 1, seed: 1, parameters })).rawWinrateBlack;
        }),
      );
      expect(values[2]).toBeCloseTo((values[0] + values[1]) / 2, 5);
      expect(await own.prepare(`${folder}/none+${first}`)).toMatchObject({
        ok: false,
        message: expect.stringContaining('there is no such net file'),
      });
    } finally {
      await own.close();
    }
  },
);
