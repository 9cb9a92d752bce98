/** Self-play training as a person starts it: killed at any moment, told what is wrong, and the smoke preset to its end. */
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { SelfPlayPool } from '#selfplay/zero/pool.ts';
import { tally } from '#selfplay/rating/judge-request.ts';
import { TINY, bytesOf, newFolder } from '../training/zero/tiny-run.ts';
import type { ZeroFolder } from '#training/zero/zero-folder.ts';
import { MAIN, runToEnd } from './tengen.ts';

const folder = mkdtempSync(join(tmpdir(), 'tengen-'));
const CONFIG = join(folder, 'tiny.json');
writeFileSync(CONFIG, JSON.stringify(TINY));

const zero = (...argv: string[]): { code: number | null; out: string; sentence: string } => {
  const { code, out, err } = runToEnd(MAIN, folder, ['train', 'zero', ...argv]);
  return { code, out, sentence: err.split('\n').find((l) => l.startsWith('tengen: ')) ?? err };
};

const begin = (out: string, config = CONFIG): string[] => [
  '--backend',
  'wasm',
  '--workers',
  '1',
  '--config',
  config,
  '--out',
  out,
];

/** What of a run is on the disk; it changes whenever something has been done. */
function stateOf({ path, gamesPath }: ZeroFolder): string {
  const files = [path, gamesPath].flatMap((at) =>
    existsSync(at) ? readdirSync(at).map((name) => join(at, name)) : [],
  );
  const told = files.filter((file) => !file.endsWith('lock.json') && !file.endsWith('live.json'));
  return told.map((file) => `${file} ${statSync(file, { throwIfNoEntry: false })?.size}`).join('\n');
}

/** '' where there is none, as while it is taken over. */
function lockOf(run: ZeroFolder): string {
  try {
    return readFileSync(join(run.path, 'lock.json'), 'utf8');
  } catch {
    return '';
  }
}

/** Each start takes seconds: ten kills only where slow tests are asked for. */
const IS_SLOW = process.env['TENGEN_SLOW'] === '1';
const KILLS = IS_SLOW ? 10 : 3;

test(`a run that was killed ${KILLS} times at work ends with the bytes of its uninterrupted twin, no game lost and none twice`, async () => {
  const [killed, straight] = [newFolder(), newFolder()];
  const LONGER = join(folder, 'longer.json');
  writeFileSync(LONGER, JSON.stringify({ ...TINY, generations: KILLS + 1 }));
  expect(zero(...begin(straight.path, LONGER)).code).toBe(0);
  const rng = makeRng(1);
  for (let kill = 0; kill < KILLS; kill++) {
    const argv = [MAIN, 'train', 'zero', ...begin(killed.path, LONGER)];
    const run = spawn(process.execPath, argv, { stdio: 'ignore' });
    const ended = new Promise((resolve) => void run.once('exit', resolve));
    while (!lockOf(killed).includes(`${run.pid}`)) await pause(20);
    // Until it has done something, and any time after.
    for (let before = stateOf(killed); stateOf(killed) === before && run.exitCode === null;) await pause(10);
    await pause(rng.nextInt(400));
    run.kill('SIGKILL');
    await ended;
    expect(run.signalCode).toBe('SIGKILL');
  }
  const { code, sentence } = zero(...begin(killed.path, LONGER));
  expect(code, sentence).toBe(0);
  expect(bytesOf(killed)).toEqual(bytesOf(straight));
}, 3_600_000);

test('bad input gets one sentence that names the field, and makes no folder', () => {
  const bad = join(folder, 'bad.json');
  const cases: [string, string[], string][] = [
    ['{"selfPlay":{"visits":1}}', [], `${bad}: field selfPlay.visits: `],
    ['{"selfPlay":{"speed":1}}', [], `${bad}: field selfPlay: there is nothing named "speed" here`],
    ['{"selfPlay":{"rules":["japanese"]}}', [], 'leave rules out that count territory'],
    ['[1]', [], `${bad}: give one JSON object`],
    ['{', [], `${bad}: not valid JSON`],
    [
      '{}',
      ['--start', defaultNetPath, '--blocks', '2'],
      `Field start: ${defaultNetPath}: its trunk does not fit`,
    ],
  ];
  for (const [text, argv, sentence] of cases) {
    writeFileSync(bad, text);
    const run = zero('--backend', 'wasm', '--config', bad, '--out', 'never', ...argv);
    expect(run.sentence).toContain(sentence);
    expect(run.code, text).toBe(3);
  }
  expect(zero('--size', '1').code).toBe(2);
  expect(zero('--preset', 'moon').code).toBe(2);
  expect(existsSync(join(folder, 'never'))).toBe(false);
});

test('what a killed run left half written is gone when it goes on', () => {
  const run = newFolder();
  expect(zero(...begin(run.path), '--generations', '1').code).toBe(0);
  const { pid } = spawnSync(process.execPath, ['--version']);
  const torn = [join(run.path, `live.json.${pid}.tmp`), join(run.gamesPath, `G000001.part.${pid}.tmp`)];
  for (const path of torn) writeFileSync(path, 'half');
  expect(zero(...begin(run.path), '--generations', '1').code).toBe(0);
  for (const path of torn) expect(existsSync(path)).toBe(false);
});

test('a run goes on where live.json cannot be written, which is only for display', () => {
  const run = newFolder();
  mkdirSync(join(run.path, 'live.json'), { recursive: true });
  const { code, err } = runToEnd(MAIN, folder, ['train', 'zero', ...begin(run.path), '--generations', '1']);
  expect(code, err).toBe(0);
  expect(err.match(/live\.json: this is not a file.*; meanwhile the run goes on untold$/gm)).toHaveLength(1);
});

test('options may not contradict the run that is there', () => {
  const run = newFolder().path;
  expect(zero(...begin(run), '--generations', '1').code).toBe(0);
  const other = zero('--backend', 'wasm', '--out', run, '--visits', '8');
  expect(other).toMatchObject({
    code: 2,
    sentence: `tengen: The run ${run} was started with another value of selfPlay.visits; leave it out to go on with that run, or choose a new --out.`,
  });
  expect(zero('--backend', 'wasm', '--out', run, '--preset', 'smoke').code).toBe(2);
  expect(zero(...begin(run), '--generations', '2').code).toBe(0);
  expect(zero(...begin(run), '--generations', '1')).toMatchObject({
    code: 2,
    sentence: `tengen: The run ${run} has finished 2 generations already; give as many --generations or more.`,
  });
});

test('the command that began a run by a preset goes on with it', () => {
  const run = newFolder().path;
  const same = [
    '--backend',
    'wasm',
    '--preset',
    'smoke',
    '--config',
    CONFIG,
    '--generations',
    '1',
    '--out',
    run,
  ];
  expect(zero(...same).code).toBe(0);
  expect(zero(...same)).toMatchObject({ code: 0 });
});

// A minute and a half of two cores.
test.runIf(IS_SLOW)(
  'the smoke preset ends with a net that beats random play in at least 95 of 100 games',
  async () => {
    const run = join(folder, 'smoke');
    const { code, sentence, out } = zero('--preset', 'smoke', '--out', run, '--json');
    expect(code, sentence).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ finished: true, generation: 8 });
    const live = JSON.parse(readFileSync(join(run, 'live.json'), 'utf8')) as { state: string };
    expect(live.state).toBe('finished');
    const pool = new SelfPlayPool({ workers: 2, concurrentGames: 16 });
    const games = await pool.judge({
      first: { kind: 'net', path: join(run, 'net.safetensors') },
      second: { kind: 'random' },
      games: 100,
      size: 5,
      komi: 0.5,
      rules: 'tromp-taylor',
      visits: 16,
      seed: 1,
      openingPlies: 2,
    });
    await pool.close();
    const { wins, draws } = tally(games);
    expect(wins + draws / 2).toBeGreaterThanOrEqual(95);
  },
  3_600_000,
);
