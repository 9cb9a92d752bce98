/** Ctrl-C: what was finished is reported, nothing is left running, and it is over at once. */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { randomGame } from '../training/games.ts';
import { MAIN, runToEnd } from './tengen.ts';

type Ended = { end: number | NodeJS.Signals | null; out: string; err: string };

let folder: string;
let running: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tengen-interrupted-'));
});
afterEach(() => {
  running?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Runs the command until `file` is there in the folder, interrupts it, and waits for its end. */
async function interrupt(file: string, ...argv: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...argv], { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
  running = child;
  let [out, err] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code, signal) => resolve({ end: signal ?? code, out, err })),
  );
  await expect.poll(() => existsSync(join(folder, file))).toBe(true);
  child.kill('SIGINT');
  return ended;
}

/** A GTP engine that never answers `silentAt`, and writes its process id to "pid" when it is asked that. */
function silentEngine(silentAt: string): string {
  const file = join(folder, 'engine.cjs');
  writeFileSync(
    file,
    `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
       const [id, name] = line.split(' ');
       if (name === '${silentAt}') {
         require('node:fs').writeFileSync('pid.tmp', String(process.pid));
         require('node:fs').renameSync('pid.tmp', 'pid');
       }
       else process.stdout.write('=' + id + ' Silent\\n\\n');
     }).on('close', () => setInterval(() => 0, 1000));`,
  );
  return `gtp:"${process.execPath}" "${file}"`;
}

async function expectEngineGone(): Promise<void> {
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
  const lives = (): boolean => {
    try {
      // A zombie that nobody collects counts as dead.
      if (process.platform === 'linux' && / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')))
        return false;
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  await expect.poll(lives).toBe(false);
}

test.each([
  ['of a net at search', 'net@200', 'playouts@50'],
  ['of players that only compute', 'random', 'random'],
])('an interrupted match %s reports the games that are finished', async (_, a, b) => {
  const argv = ['match', a, b, '--games', '100000', '--size', '5', '--sgf-dir', '.', '--json'];
  const { end, out, err } = await interrupt('game-0001.sgf', ...argv);
  expect({ end, err }).toEqual({ end: 130, err: '' });
  const { games, results } = JSON.parse(out) as { games: number; results: unknown[] };
  expect(games).toBeGreaterThan(0);
  expect(results).toHaveLength(games);
});

test.each([
  ['that does not start', 'name'],
  ['that does not move', 'genmove'],
])('an interrupted match with an engine %s ends with it', async (_, silentAt) => {
  const { end, out } = await interrupt(
    'pid',
    'match',
    silentEngine(silentAt),
    'random',
    '--games',
    '2',
    '--json',
  );
  expect(end).toBe(130);
  expect(JSON.parse(out)).toMatchObject({ games: 0 });
  await expectEngineGone();
});

test('Ctrl-C in a game against an engine ends the engine too', async () => {
  const { end } = await interrupt('pid', 'play', silentEngine('genmove'), '--color', 'white');
  expect(end).toBe('SIGINT');
  await expectEngineGone();
});

test('Ctrl-C while a study reads its games ends it at once, and the same command goes on', async () => {
  writeFileSync(
    join(folder, 'study.json'),
    JSON.stringify({
      title: 'Once',
      data: 'games',
      options: { batch: 2, steps: 1, net: '1x4' },
      nets: [{ name: 'it' }],
    }),
  );
  // A pipe that nobody writes into: to read it takes for ever.
  const games = join(folder, 'games.sgfs');
  execFileSync('mkfifo', [games]);
  const argv = ['study', 'study.json', '--games', 'games.sgfs', '--out', 'out', '--backend', 'wasm'];
  expect(await interrupt('out/lock.json', ...argv)).toMatchObject({ end: 'SIGINT', out: '' });

  rmSync(games);
  writeFileSync(games, Array.from({ length: 20 }, (_, seed) => randomGame(seed, 5, 10)).join('\n'));
  const again = runToEnd(MAIN, folder, argv);
  expect(again.code, again.err).toBe(0);
});
