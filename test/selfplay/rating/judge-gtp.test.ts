/** Judging with GTP engines: the same games again, and no process left behind whichever way it ends. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { defaultAnchors, gnuGoCommand } from '#selfplay/rating/anchors.ts';
import { judgeOverGtp } from '#selfplay/rating/judge-gtp.ts';
import type { GtpMatchOptions } from '#selfplay/rating/judge-gtp.ts';
import type { JudgedGame } from '#selfplay/rating/judge-request.ts';

const folder = mkdtempSync(join(tmpdir(), 'tengen-judge-gtp-'));
afterAll(() => rmSync(folder, { recursive: true }));
const pidFile = join(folder, 'pids');
const seedFile = join(folder, 'seeds');
const engine = join(folder, 'engine.cjs');
// It always passes, dies at its third move, once or always, or never answers, as it is told.
writeFileSync(
  engine,
  `const fs = require('node:fs');
   fs.appendFileSync(${JSON.stringify(pidFile)}, process.pid + ' ');
   const isFirst = fs.readFileSync(${JSON.stringify(pidFile)}, 'utf8').trim() === String(process.pid);
   const isMortal = process.argv[2] === 'mortal' || (process.argv[2] === 'once' && isFirst);
   let moves = 0;
   require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
     const [id, name, argument] = line.split(' ');
     if (name === 'set_random_seed') fs.appendFileSync(${JSON.stringify(seedFile)}, argument + ' ');
     if (name === 'genmove' && ++moves === 3 && isMortal) process.exit(5);
     if (name === 'genmove' && process.argv[2] === 'slow') return;
     process.stdout.write('=' + id + (name === 'genmove' ? ' pass' : ' Passing') + '\\n\\n');
   });`,
);

async function judge(
  command: string,
  options: Partial<Pick<GtpMatchOptions, 'games' | 'tables' | 'signal' | 'onAlarm'>> = {},
): Promise<JudgedGame[]> {
  const { games = 2, tables = 1, signal = new AbortController().signal, ...rest } = options;
  const judged: JudgedGame[] = [];
  await judgeOverGtp(
    {
      first: { kind: 'random' },
      second: { kind: 'gtp', command },
      size: 5,
      komi: 0.5,
      rules: 'tromp-taylor',
      visits: 1,
      seed: 6,
      openingPlies: 2,
    },
    { ...rest, games, tables, signal, provider: 'cpu', onGame: (game) => judged.push(game) },
  );
  return judged.sort((a, b) => a.index - b.index);
}

/** Waits until every engine that was started is gone; one that is dead but not yet collected has no command line, and a number may be another program's by now. */
async function expectGone(): Promise<void> {
  const lives = (pid: string): boolean => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(engine);
    } catch {
      return false;
    }
  };
  const pids = readFileSync(pidFile, 'utf8').trim().split(' ');
  expect(pids.length).toBeGreaterThan(0);
  await expect.poll(() => pids.filter(lives)).toEqual([]);
}

test('an engine plays at its table, is started again where it dies, and is gone afterwards', async () => {
  const alarms: string[] = [];
  const games = await judge(`"${process.execPath}" "${engine}" once`, {
    onAlarm: (sentence) => alarms.push(sentence),
  });
  expect(alarms).toEqual([
    expect.stringMatching(/ended with exit code 5 .*unfinished games are played again\.$/),
  ]);
  expect(await judge(`"${process.execPath}" "${engine}"`, { tables: 2 })).toEqual(games);
  expect(games.map(({ index, firstIsBlack, end }) => ({ index, firstIsBlack, end }))).toEqual([
    { index: 0, firstIsBlack: true, end: 'passes' },
    { index: 1, firstIsBlack: false, end: 'passes' },
  ]);
  // Who only passes has no stone but those of the opening.
  expect(games.map(({ points }) => points)).toEqual([1, 1]);
  await expectGone();
});

test('an engine is told a seed at the beginning of each game, which depends on the game alone', async () => {
  const seedsOf = async (tables: number): Promise<string[]> => {
    writeFileSync(seedFile, '');
    await judge(`"${process.execPath}" "${engine}"`, { games: 4, tables });
    return readFileSync(seedFile, 'utf8').trim().split(' ').sort();
  };
  const seeds = await seedsOf(1);
  expect(new Set(seeds).size).toBe(4);
  expect(await seedsOf(2)).toEqual(seeds);
});

test('an engine that dies again and again ends the match with a sentence, and one that is missing does not begin it', async () => {
  await expect(judge(`"${process.execPath}" "${engine}" mortal`, { tables: 2 })).rejects.toThrow(
    /ended with exit code 5 \(genmove/,
  );
  await expectGone();
  await expect(judge('no-such-engine')).rejects.toThrow('there is no such program');
});

test('a match that is left while an engine thinks leaves no engine', async () => {
  const started = readFileSync(pidFile, 'utf8').trim().split(' ').length;
  const abort = new AbortController();
  const judged = judge(`"${process.execPath}" "${engine}" slow`, { signal: abort.signal });
  judged.catch(() => undefined);
  await expect.poll(() => readFileSync(pidFile, 'utf8').trim().split(' ').length).toBeGreaterThan(started);
  abort.abort(new Error('no patience'));
  await expect(judged).rejects.toThrow('no patience');
  await expectGone();
});

const hasGnugo = spawnSync('gnugo', ['--version']).status === 0;

test.skipIf(!hasGnugo)(
  `GNU Go plays the same games again, at one table and at two${hasGnugo ? '' : ' (skipped: gnugo is not installed)'}`,
  async () => {
    const command = gnuGoCommand('tromp-taylor').replace('--level 10', '--level 1');
    const games = await judge(command, { games: 4 });
    expect(await judge(command, { games: 4, tables: 2 })).toEqual(games);
    expect(new Set(games.map(({ moves }) => moves.join())).size).toBe(4);
  },
);

test('GNU Go is an anchor where it is installed and the board is not too large for it', async () => {
  const names = async (size: number): Promise<string[]> =>
    (await defaultAnchors(size, 'chinese')).map(({ name }) => name);
  expect(await names(9)).toEqual(['random', 'playouts@100', ...(hasGnugo ? ['gnugo@10'] : [])]);
  expect(await names(21)).toEqual(['random', 'playouts@100']);
  expect(gnuGoCommand('chinese')).toMatch(/ --simple-ko --forbid-suicide$/);
  expect(gnuGoCommand('tromp-taylor')).toMatch(/ --positional-superko --allow-all-suicide$/);
});
