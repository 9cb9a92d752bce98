/** Searches that nobody waits for any more are not begun: others wait for their thread. */
import { Piscina } from 'piscina';
import { afterAll, expect, test, vi } from 'vitest';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { Position } from '#engine/go/position.ts';
import { gameOf } from '#selfplay/search-game.ts';
import { SearchPool } from '#selfplay/search-pool.ts';
import { STOP } from '#selfplay/search-task.ts';
import type { AnalyseTask } from '#selfplay/search-task.ts';

// What a thread of a pool has.
vi.mock(import('piscina'), async (original) => {
  const workerData = { provider: 'cpu', forgotten: new Int32Array(new SharedArrayBuffer(4)) };
  return Object.assign({ ...(await original()) }, { workerData });
});
const { analyse, ownershipBlack } = await import('#selfplay/search-worker.ts');

const start = Position.start({ width: 5, height: 5, rules: { ...RULE_PRESETS.chinese, komi: 7 } });
const task = { game: gameOf(start), net: null, visits: 20, seed: 1 };

function flag(value: number): Int32Array {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  stop[0] = value;
  return stop;
}

test('a thread does not begin what is given up, and ends at once what is to end', async () => {
  await expect(analyse({ ...task, stop: flag(STOP.giveUp) })).rejects.toThrow('Nobody waits');
  await expect(ownershipBlack({ ...task, stop: flag(STOP.giveUp) })).rejects.toThrow('Nobody waits');
  const visitsWith = async (stop: number): Promise<number> => {
    const { visits } = await analyse({ ...task, stop: flag(stop) });
    return visits.reduce((sum, of) => sum + of, 0);
  };
  expect(await visitsWith(STOP.end)).toBeLessThan(2);
  expect(await visitsWith(0)).toBeGreaterThan(15);
});

const pool = new SearchPool({ threads: 1 });
afterAll(() => pool.close());

test('a search whose signal aborts is given up, which the end of the pool does not take back', async () => {
  const run = vi.spyOn(Piscina.prototype, 'run');
  const end = new AbortController();
  const asked = [
    pool.analyse(task.game, { ...task, signal: end.signal }),
    pool.ownershipBlack(task, end.signal),
  ];
  const stops = run.mock.calls.map(([given]) => (given as AnalyseTask).stop);
  end.abort(new Error('enough'));
  for (const answer of asked) await expect(answer).rejects.toThrow('enough');
  const closed = pool.close();
  expect(stops.map((stop) => stop?.[0])).toEqual([STOP.giveUp, STOP.giveUp]);
  await closed;
});
