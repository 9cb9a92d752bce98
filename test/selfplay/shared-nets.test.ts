import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { Slots } from '#nets/inference/slots.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { gameOf } from '#selfplay/search-game.ts';
import { SearchPool } from '#selfplay/search-pool.ts';
import { sessionsFor } from '#selfplay/shared-nets.ts';

const folder = mkdtempSync(join(tmpdir(), 'tengen-nets-'));
const pool = new SearchPool({ threads: 1, cores: 2 });
afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true });
});

const game = gameOf(Position.start({ width: 9, height: 9, rules: RULE_PRESETS.chinese }));

it('a CPU has a session a core, of the search threads where they fill the cores; a GPU has one for all', () => {
  expect(sessionsFor(1, 2, 'cpu')).toBe(2);
  expect(sessionsFor(2, 2, 'cpu')).toBe(null);
  expect(sessionsFor(4, 2, 'cpu')).toBe(null);
  expect(sessionsFor(1, 64, 'cpu')).toBe(8);
  expect(sessionsFor(4, 2, 'cuda')).toBe(1);
});

it('a search over shared sessions gives the same result for the same seed', async () => {
  const analyse = (): ReturnType<SearchPool['analyse']> =>
    pool.analyse(game, { net: defaultNetPath, visits: 200, seed: 3 });
  const [first, second] = [await analyse(), await analyse()];
  expect(first.visits).toEqual(second.visits);
  expect(first.winrateBlack).toBe(second.winrateBlack);
});

it('more nets than are kept open take turns, and each still answers', async () => {
  const copies = Array.from({ length: 5 }, (_, i) => join(folder, `${i}.safetensors`));
  for (const copy of copies) copyFileSync(defaultNetPath, copy);
  const ask = (net: string): ReturnType<SearchPool['analyse']> =>
    pool.analyse(game, { net, visits: 20, seed: 1 });
  const all = await Promise.all([...copies, copies[0]].map(ask));
  for (const { visits } of all) expect(visits).toEqual(all[0].visits);
});

it.each(['analyse', 'prepare'] as const)(
  'a pool closed while a net opens to %s leaves no thread that keeps the process',
  async (task) => {
    const closing = new SearchPool({ threads: 1, cores: 2 });
    const begun =
      task === 'prepare'
        ? closing.prepare(defaultNetPath)
        : closing.analyse(game, { net: defaultNetPath, visits: 20, seed: 1 });
    const refused = expect(begun).rejects.toThrow('The search threads are closed.');
    const workers = vi.spyOn(Slots.prototype, 'end');
    await closing.close();
    await refused;
    expect(workers).toHaveBeenCalledWith('the evaluator is closed');
    workers.mockRestore();
  },
);

it('a net whose thread has died fails what waits for it, and is opened anew when asked again', async () => {
  const path = join(folder, 'mortal.safetensors');
  copyFileSync(defaultNetPath, path);
  const tried = vi.spyOn(Slots.prototype, 'run');
  const ask = (): ReturnType<SearchPool['analyse']> =>
    pool.analyse(game, { net: path, visits: 20, seed: 1, gameId: 'a' });
  const before = await ask();
  const [slots] = tried.mock.contexts as Slots[];
  tried.mockRestore();
  slots.abandon('the thread of the net ended');
  await expect(pool.analyse(game, { net: path, visits: 50, seed: 1 })).rejects.toThrow(
    'the evaluator is closed',
  );
  expect((await ask()).visits).toEqual(before.visits);
});

it('a net that does not open is refused, and may be asked for again once it does', async () => {
  const path = join(folder, 'late.safetensors');
  await expect(pool.analyse(game, { net: path, visits: 1, seed: 1 })).rejects.toThrow('no such net file');
  copyFileSync(defaultNetPath, path);
  expect((await pool.analyse(game, { net: path, visits: 1, seed: 1 })).rootVisits).toBe(1);
});
