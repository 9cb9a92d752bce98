/** The commands around training, as a person runs them: every bad input one sentence and its exit code. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { randomGame } from '../training/games.ts';

const folder = mkdtempSync(join(tmpdir(), 'tengen-'));
const main = join(import.meta.dirname, '../../cli/main.ts');
const GAMES = 'games.sgfs';

function tengen(...argv: string[]): { code: number | null; out: string; sentence: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...argv], {
    cwd: folder,
    encoding: 'utf8',
  });
  return {
    code: status,
    out: stdout,
    sentence: stderr.split('\n').find((l) => l.startsWith('tengen: ')) ?? stderr,
  };
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
  const trained = train(
    '--games',
    GAMES,
    '--out',
    'run',
    '--blocks',
    '1',
    '--channels',
    '4',
    '--steps',
    '6',
    '--json',
  );
  expect(trained.code, trained.sentence).toBe(0);
  expect(JSON.parse(trained.out)).toMatchObject({ finished: true, step: 6 });
  const config = JSON.parse(readFileSync(join(folder, 'run/config.json'), 'utf8')) as Record<string, unknown>;
  expect(config).toMatchObject({ games: [GAMES], blocks: 1, seed: 1, steps: 6 });
  expect(existsSync(join(folder, 'run/loss.svg'))).toBe(true);

  expect(train('--out', 'run').code).toBe(0);
  expect(train('--out', 'run', '--steps', '9')).toMatchObject({
    code: 2,
    sentence: expect.stringContaining('was started with --steps 6'),
  });

  const info = tengen('net', 'info', 'run/net.safetensors', '--json');
  expect(JSON.parse(info.out)).toMatchObject({ spec: { trunk: { blocks: 1, channels: 4 } } });

  const measured = tengen('net', 'eval', 'run/net.safetensors', '--games', GAMES, '--all', '--json');
  expect(measured.code, measured.sentence).toBe(0);
  const accuracy = JSON.parse(measured.out) as Record<string, number>;
  expect(accuracy.games).toBe(21);
  expect(accuracy.positions).toBe(20 * 12 + 5);
  expect(accuracy.top5).toBeGreaterThanOrEqual(accuracy.top1);

  expect(tengen('net', 'ship', 'run', '--to', 'made/for/it.safetensors').code).toBe(0);
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
  ['off-board.sgf', 'can be trained on'],
  ['empty', 'no game files'],
])('games from %s are refused in one sentence that names it, and no run is begun', (path, reason) => {
  const { code, sentence } = train('--games', path, '--out', 'refused');
  expect(code).toBe(3);
  expect(sentence).toContain(path);
  expect(sentence).toContain(reason);
  expect(existsSync(join(folder, 'refused'))).toBe(false);
});

test('a run folder that cannot be made is refused in one sentence', () => {
  const { code, sentence } = train('--games', GAMES, '--out', `${GAMES}/run`);
  expect(code).toBe(3);
  expect(sentence).toMatch(/^tengen: games\.sgfs\/run: the folder of the run cannot be made \(ENOTDIR\)\.$/);
});
