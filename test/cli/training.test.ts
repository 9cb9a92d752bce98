/** The commands around training, as a person runs them: every bad input one sentence and its exit code. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { randomGame } from '../training/games.ts';
import { MAIN, runToEnd } from './tengen.ts';

const folder = mkdtempSync(join(tmpdir(), 'tengen-'));
const GAMES = 'games.sgfs';

function tengen(...argv: string[]): { code: number | null; out: string; sentence: string } {
  const { code, out, err } = runToEnd(MAIN, folder, argv);
  return { code, out, sentence: err.split('\n').find((l) => l.startsWith('tengen: ')) ?? err };
}

const train = (...argv: string[]): ReturnType<typeof tengen> => tengen('train', 'supervised', ...argv);

beforeAll(() => {
  const games = Array.from({ length: 20 }, (_, seed) => randomGame(seed, 5, 10));
  // Played on after two passes, which leaves a position that no move led to.
  const resumed = '(;GM[1]FF[4]SZ[5]KM[0]RU[Chinese]RE[B+R];B[cc];W[];B[];W[bb];B[dd])';
  writeFileSync(join(folder, GAMES), [...games, resumed].join('\n'));
  writeFileSync(join(folder, 'cut.sgfs.gz'), gzipSync(games.join('\n')).subarray(0, 100));
  writeFileSync(join(folder, 'prose.sgf'), 'hello');
  writeFileSync(join(folder, 'off-board.sgf'), '(;GM[1]SZ[9];B[zz])');
  mkdirSync(join(folder, 'empty'));
});

test('a net is trained, resumed, described, measured and shipped by five commands', () => {
  const trained = train('--games', GAMES, '--out', 'run', '--net', '1x4', '--steps', '6', '--json');
  expect(trained.code, trained.sentence).toBe(0);
  expect(JSON.parse(trained.out)).toMatchObject({ finished: true, step: 6 });
  const config = JSON.parse(readFileSync(join(folder, 'run/config.json'), 'utf8')) as Record<string, unknown>;
  const backend = expect.stringMatching(/^\w+: /);
  expect(config).toMatchObject({ data: { files: [GAMES] }, net: '1x4', seed: 1, steps: 6, backend });
  expect(existsSync(join(folder, 'run/loss.svg'))).toBe(true);

  expect(train('--out', 'run').code).toBe(0);
  expect(train('--out', 'run', '--games', join(folder, GAMES)).code).toBe(0);
  expect(train('--out', 'run', '--steps', '9')).toMatchObject({
    code: 2,
    sentence: expect.stringMatching(
      /was started with another value of steps; .* and --start .* to learn on from its net\.$/,
    ),
  });

  const info = tengen('net', 'info', 'run/net.safetensors', '--json');
  expect(JSON.parse(info.out)).toMatchObject({ spec: { trunk: { blocks: 1, channels: 4 } } });

  const measured = tengen('net', 'eval', 'run/net.safetensors', '--games', GAMES, '--all', '--json');
  expect(measured.code, measured.sentence).toBe(0);
  const accuracy = JSON.parse(measured.out) as Record<string, number>;
  expect(accuracy.games).toBe(21);
  expect(accuracy.positions).toBe(20 * 12 + 5);
  expect(accuracy.top5).toBeGreaterThanOrEqual(accuracy.top1);

  expect(tengen('net', 'ship', 'run', '--to', 'made/for/it.safetensors')).toMatchObject({
    code: 0,
    out: 'run/net.safetensors is now made/for/it.safetensors\n',
  });
  expect(readFileSync(join(folder, 'made/for/it.safetensors'))).toEqual(
    readFileSync(join(folder, 'run/net.safetensors')),
  );

  writeFileSync(
    join(folder, 'cut.safetensors'),
    readFileSync(join(folder, 'run/net.safetensors')).subarray(0, 3000),
  );
  for (const command of [['info'], ['eval', '--games', GAMES], ['ship', '--to', 'never']])
    expect(tengen('net', command[0], 'cut.safetensors', ...command.slice(1))).toMatchObject({
      code: 3,
      sentence: expect.stringMatching(/^tengen: cut\.safetensors: .*cut off\.$/),
    });
  expect(existsSync(join(folder, 'never'))).toBe(false);
});

test.each([
  ['nowhere.sgf', 'no such file'],
  ['cut.sgfs.gz', 'cut short'],
  ['prose.sgf', 'no SGF game'],
  ['off-board.sgf', 'can be trained on; games are left out by holdOut 0.05'],
  ['empty', 'no game files'],
])('games from %s are refused in one sentence that names it, and no run is begun', (path, reason) => {
  const { code, sentence } = train('--games', path, '--out', 'refused');
  expect(code).toBe(3);
  expect(sentence).toContain(path);
  expect(sentence).toContain(reason);
  expect(existsSync(join(folder, 'refused'))).toBe(false);
});

test('a sampler that is not there is refused in one sentence, and no run is begun', () => {
  expect(train('--games', GAMES, '--sampler', 'none.safetensors', '--out', 'refused')).toMatchObject({
    code: 3,
    sentence: 'tengen: none.safetensors: there is no such net file.',
  });
  expect(existsSync(join(folder, 'refused'))).toBe(false);
});

test('a run folder that cannot be made is refused in one sentence', () => {
  const { code, sentence } = train('--games', GAMES, '--out', `${GAMES}/run`);
  expect({ code, sentence }).toEqual({
    code: 3,
    sentence: 'tengen: games.sgfs/run: a part of this path is a file, not a folder (ENOTDIR).',
  });
});

const SMALL = ['--net', '1x4', '--batch', '4', '--backend', 'wasm'];

/** A finished run of its own for a test that damages it. */
function finishedRun(name: string): string {
  const { code, sentence } = train('--games', GAMES, '--out', name, '--steps', '2', ...SMALL);
  expect(code, sentence).toBe(0);
  return join(folder, name);
}

const contents = (run: string): string[][] =>
  readdirSync(run).map((name) => [
    name,
    statSync(join(run, name)).isFile() ? readFileSync(join(run, name), 'hex') : 'folder',
  ]);

test('a run folder that is damaged is refused with what to do, and nothing in it changes', () => {
  const sound = finishedRun('sound');
  const cases: [damage: (run: string) => void, argv: string[], sentence: RegExp][] = [
    [
      (run) => rmSync(join(run, 'config.json')),
      ['--games', GAMES, '--steps', '4', '--net', '1x8'],
      /config\.json: it is missing, though checkpoint\.safetensors is there; put it back, or choose a new --out\.$/,
    ],
    [
      (run) => rmSync(join(run, 'checkpoint.safetensors')),
      [],
      /checkpoint\.safetensors: it is missing, though .*; put it back, or remove the metrics to start again at step 0\.$/,
    ],
    [
      (run) => writeFileSync(join(run, 'checkpoint.safetensors'), 'half a checkpoint'),
      [],
      /checkpoint\.safetensors: .*; put a sound copy there, or remove it and .*metrics\.jsonl to start again at step 0\.$/,
    ],
    [
      (run) => writeFileSync(join(run, 'metrics.jsonl'), 'null\n'),
      [],
      /metrics\.jsonl: line 1 is damaged; mend it, or put a sound copy there\.$/,
    ],
    [
      (run) => {
        rmSync(join(run, 'metrics.jsonl'));
        mkdirSync(join(run, 'metrics.jsonl'));
      },
      [],
      /metrics\.jsonl: this is a folder, not a file \(EISDIR\)\.$/,
    ],
  ];
  for (const [damage, argv, expected] of cases) {
    const run = mkdtempSync(join(folder, 'damaged-'));
    cpSync(sound, run, { recursive: true });
    damage(run);
    const before = contents(run);
    const { code, sentence } = train('--out', run, '--backend', 'wasm', ...argv);
    expect(sentence).toMatch(expected);
    expect(code).toBe(3);
    expect(contents(run)).toEqual(before);
  }
});

// Nothing is forbidden to root.
test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
  'a run folder that may not be written is refused in one sentence',
  () => {
    chmodSync(finishedRun('read-only'), 0o555);
    const { code, sentence } = train('--out', 'read-only', '--backend', 'wasm');
    expect({ code, sentence }).toEqual({
      code: 3,
      sentence: 'tengen: read-only/lock.json: access is denied (EACCES).',
    });
  },
);

test('a run has one trainer at a time; Ctrl-C frees it, and a killed one is taken over from', async () => {
  const lock = join(folder, 'busy/lock.json');
  /** Starts a run without end and waits until it has its lock. */
  const start = async (): Promise<{ trainer: ChildProcess; ended: Promise<unknown>; err: () => string }> => {
    const argv = ['train', 'supervised', '--games', GAMES, '--out', 'busy', '--steps', '100000000'];
    const trainer = spawn(process.execPath, [MAIN, ...argv, ...SMALL], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    onTestFinished(() => void trainer.kill('SIGKILL'));
    let err = '';
    trainer.stderr.on('data', (text: Buffer) => (err += text.toString()));
    const ended = new Promise((resolve) => trainer.once('close', (code, signal) => resolve(signal ?? code)));
    const holder = (): unknown => existsSync(lock) && readFileSync(lock, 'utf8');
    await expect.poll(holder).toContain(`"pid":${trainer.pid},`);
    return { trainer, ended, err: () => err };
  };

  const first = await start();
  expect(train('--out', 'busy')).toEqual({
    code: 4,
    out: '',
    sentence: `tengen: busy: another trainer is at work here, process ${first.trainer.pid} on ${hostname()}; if none is, remove busy/lock.json.`,
  });
  first.trainer.kill('SIGINT');
  expect(await first.ended, first.err()).toBe(130);
  expect(existsSync(lock)).toBe(false);

  const second = await start();
  second.trainer.kill('SIGKILL');
  expect(await second.ended).toBe('SIGKILL');
  expect(existsSync(lock)).toBe(true);

  const third = await start();
  third.trainer.kill('SIGTERM');
  expect(await third.ended, third.err()).toBe(130);
  expect(third.err()).toContain(`taken over from process ${second.trainer.pid}, which ended`);
  expect(existsSync(lock)).toBe(false);
});
