/** Where the commands write: readers that leave, full disks, folders in use, and what a terminal must not be told. */
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadNet, saveNet } from '#nets/file.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { randomGame } from '../training/games.ts';
import { MAIN, runToEnd } from './tengen.ts';
import type { Run } from './tengen.ts';

const folder = mkdtempSync(join(tmpdir(), 'tengen-output-'));

const tengen = (argv: readonly string[], input = '', stdout: number | 'pipe' = 'pipe'): Run =>
  runToEnd(MAIN, folder, argv, input, stdout);

test.each(['quits', 'stops reading'])(
  'a GTP program that %s but keeps its end open ends the engine',
  async (how) => {
    const child = spawn(process.execPath, [MAIN, 'gtp', 'random'], { stdio: ['pipe', 'pipe', 'pipe'] });
    let err = '';
    child.stderr.on('data', (text: Buffer) => (err += text.toString()));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.stdin.write('name\n');
    await new Promise((resolve) => child.stdout.once('data', resolve));
    if (how === 'stops reading') child.stdout.destroy();
    child.stdin.write(how === 'quits' ? 'quit\n' : 'name\n');
    expect(await ended).toBe(0);
    child.stdin.destroy();
    expect(err).toBe('GTP ready, beginning main protocol loop\n');
  },
);

test.skipIf(!existsSync('/dev/full')).each([
  ['match random random --games 1 --size 3', ''],
  ['gtp random', 'name\n'],
  ['analyze', '{"id":"v","action":"query_version"}\n'],
])('a full disk behind stdout of %s is named', (command, input) => {
  const full = openSync('/dev/full', 'w');
  const { code, err } = tengen(command.split(' '), input, full);
  closeSync(full);
  expect(code).toBe(4);
  expect(err).toMatch(/^(.*ready.*\n)?tengen: standard output: the disk is full \(ENOSPC\)\.\n$/);
});

test('help of two words is what --help says', () => {
  const { code, out, err } = tengen(['help', 'net', 'prune']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toBe(tengen(['net', 'prune', '--help']).out);
  expect(out).toMatch(/^Usage: tengen net prune/);
});

test('a game that is left is one JSON object all the same', () => {
  for (const input of ['C3\nquit\n', 'C3\n']) {
    const { code, out } = tengen(['play', 'random', '--size', '5', '--json'], input);
    const { result, moves } = JSON.parse(out) as { result: unknown; moves: string[] };
    expect({ code, result }).toEqual({ code: 0, result: null });
    expect(moves[0]).toBe('C3');
  }
});

test('an engine that dies in a game is unavailable', () => {
  writeFileSync(
    join(folder, 'dies.cjs'),
    `process.stdin.once('data', () => process.stdout.write('=1 Mortal\\n\\n', () => process.exit(3)));`,
  );
  const { code, err } = tengen(['play', `gtp:"${process.execPath}" dies.cjs`, '--color', 'white']);
  expect(code).toBe(4);
  expect(err).toMatch(/^tengen: The GTP engine .* ended with exit code 3 \(boardsize 9\)\.\n$/);
});

test('the games of an earlier match are not overwritten', () => {
  const match = ['match', 'random', 'random', '--games', '1', '--size', '3', '--sgf-dir', 'games'];
  expect(tengen(match).code).toBe(0);
  const game = readFileSync(join(folder, 'games/game-0001.sgf'));
  expect(tengen([...match, '--seed', '2'])).toEqual({
    code: 3,
    out: '',
    err: 'tengen: games already holds the games of a match (game-0001.sgf); choose another --sgf-dir.\n',
  });
  expect(readFileSync(join(folder, 'games/game-0001.sgf'))).toEqual(game);
});

test('a match by SPRT ends when it is decided, whatever is played at once', () => {
  const match = ['match', 'random', 'playouts@30', '--size', '5', '--sprt', '0,200', '--json'];
  const [one, two] = ['1', '2'].map((tables) => {
    const { code, out } = tengen([...match, '--concurrency', tables]);
    expect(code).toBe(0);
    return JSON.parse(out) as { games: number; results: unknown; sprt: { games: number; decision: string } };
  });
  expect(one.sprt).toMatchObject({ elo0: 0, elo1: 200, decision: 'H0', games: one.games });
  expect(one.games).toBeLessThan(1000);
  expect(two).toEqual(one);
});

test('folders of runs play, and are told apart where they have one name', () => {
  for (const each of ['one/run', 'two/run']) {
    mkdirSync(join(folder, each), { recursive: true });
    copyFileSync(defaultNetPath, join(folder, each, 'net.safetensors'));
  }
  const json = ['--games', '1', '--size', '3', '--json'];
  const namesOf = (first: string, second: string): unknown => {
    const { a, b } = JSON.parse(tengen(['match', first, second, ...json]).out) as { a: string; b: string };
    return [a, b];
  };
  expect(namesOf('net:one/run', 'net')).toEqual(['run', 'default']);
  expect(namesOf('net:one/run', 'net:two/run/net.safetensors')).toEqual([
    'one/run',
    'two/run/net.safetensors',
  ]);
  const query = { id: 'a', moves: [], rules: 'chinese', boardXSize: 3, boardYSize: 3, maxVisits: 1 };
  const answer: unknown = JSON.parse(tengen(['analyze', 'one/run'], `${JSON.stringify(query)}\n`).out);
  expect(answer).toMatchObject({ id: 'a', rootInfo: { visits: 1 } });
});

test('a net is shipped to a file only, and nothing is left where that fails', () => {
  writeFileSync(join(folder, 'file'), '');
  const before = readdirSync(folder);
  for (const [to, sentence] of [
    ['.', '.: this is not a file; give --to the path of a net file'],
    ['/dev/null', '/dev/null: this is not a file; give --to the path of a net file'],
    ['file/net', 'file: something else is there already (EEXIST)'],
    ['file/below/net', 'file/below: a part of this path is a file, not a folder (ENOTDIR)'],
  ])
    expect(tengen(['net', 'ship', defaultNetPath, '--to', to])).toEqual({
      code: 3,
      out: '',
      err: `tengen: ${sentence}.\n`,
    });
  expect(readdirSync(folder)).toEqual(before);
});

test('what a net says of itself cannot command the terminal', () => {
  const shipped = loadNet(defaultNetPath);
  if (!shipped.ok) throw new Error(shipped.message);
  const path = join(folder, 'sly.safetensors');
  saveNet(path, { ...shipped.net, provenance: { 'na\u001bme': '\u001b[2Jgone\u009b\n  sha256  0' } });
  const { code, out } = tengen(['net', 'info', path]);
  expect(code).toBe(0);
  expect(out).toContain('na\\x1bme    \\x1b[2Jgone\\x9b\\x0a  sha256  0\n');
  expect(out).not.toMatch(/[^\P{Cc}\n]/u);
});

test('an error outside every command is one sentence, a way to its stack, and 1, whatever the libraries do', () => {
  writeFileSync(join(folder, 'games.sgfs'), [1, 2, 3].map((seed) => randomGame(seed, 5, 10)).join('\n'));
  // TensorFlow.js adds a listener for such errors when it starts, which would end the process with 7.
  writeFileSync(
    join(folder, 'fail.cjs'),
    `setInterval(() => { if (process.listenerCount('uncaughtException') > 1) null.field; }, 1);`,
  );
  const argv = [MAIN, 'train', 'supervised', '--games', 'games.sgfs', '--out', 'run', '--net', '1x32'];
  for (const debug of ['', '1']) {
    const { status, stderr } = spawnSync(process.execPath, ['--require', './fail.cjs', ...argv], {
      cwd: folder,
      env: { ...process.env, TENGEN_DEBUG: debug },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^tengen: Cannot read properties of null .*\.$/m);
    if (debug === '') expect(stderr).toMatch(/TENGEN_DEBUG=1 to see where\.\n$/);
    else expect(stderr).toMatch(/ at .*fail\.cjs/);
  }
});
