/** Nets for images as a person makes them: trained, measured alone and together, and begun from. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultNetPath } from '#nets/weights.ts';
import { randomGame } from '../training/games.ts';
import { idx } from '../training/images/idx-files.ts';
import { MAIN, runToEnd } from './tengen.ts';

const folder = mkdtempSync(join(tmpdir(), 'tengen-'));

function tengen(...argv: string[]): { code: number | null; out: string; err: string } {
  return runToEnd(MAIN, folder, argv);
}

/** Images of 4 x 4, of which as many rows are bright as their label says. */
for (const part of ['train', 't10k']) {
  const labels = Array.from({ length: 60 }, (_, i) => i % 4);
  const pixels = labels.flatMap((label) =>
    Array.from({ length: 16 }, (_, i) => (Math.floor(i / 4) < label ? 255 : 0)),
  );
  writeFileSync(join(folder, `${part}-images-idx3-ubyte`), idx([60, 4, 4], pixels));
  writeFileSync(join(folder, `${part}-labels-idx1-ubyte`), idx([60], labels));
}

writeFileSync(join(folder, 'heads.json'), JSON.stringify({ heads: { classes: 1 } }));

const TRAIN = ['train', 'supervised', '--backend', 'wasm', '--batch', '16', '--net', 'lenet-300-100:12'];

test('a net for images is trained in cycles, measured with its snapshots, and begun from for other classes', () => {
  const cycles = ['--steps', '60', '--cycles', '2', '--augment', 'shift=0.2', '--penalties', 'l2=0.001'];
  const trained = tengen(...TRAIN, '--images', '.', '--out', 'run', ...cycles, '--classes', '0-2', '--json');
  expect(trained.code, trained.err).toBe(0);
  expect(JSON.parse(trained.out)).toMatchObject({ finished: true, step: 60 });
  const snapshots = readdirSync(join(folder, 'run')).filter((name) => name.startsWith('snapshot'));
  expect(snapshots).toHaveLength(2);

  // The net tells which classes it knows.
  const measure = ['net', 'eval', '--images', '.', '--backend', 'wasm'];
  const measured = tengen(...measure, ...snapshots.map((name) => `run/${name}`), '--json');
  expect(measured.code, measured.err).toBe(0);
  expect(JSON.parse(measured.out)).toMatchObject({ images: 45, errors: 0, disagreement: expect.any(Number) });
  expect(tengen(...measure, '--classes', '1-3', 'run')).toMatchObject({
    code: 3,
    err: expect.stringContaining(
      'run/net.safetensors: it tells the classes 0,1,2 apart, in this order; leave out --classes.',
    ),
  });

  const transfer = ['--start', 'run/net.safetensors', '--freeze', 'trunk/*', '--steps', '4'];
  const begun = tengen(...TRAIN, '--images', '.', '--out', 'other', ...transfer);
  expect(begun.code, begun.err).toBe(0);
  expect(tengen(...measure, 'run', 'other')).toMatchObject({
    code: 3,
    err: expect.stringMatching(
      /other\/net\.safetensors: it tells all \d classes apart, and run\/net\.safetensors the classes 0,1,2; name nets for the same classes\./,
    ),
  });

  const ofBoards = tengen(
    'train',
    'supervised',
    '--images',
    '.',
    '--out',
    'boards',
    '--start',
    defaultNetPath,
  );
  expect(ofBoards).toMatchObject({
    code: 2,
    err: 'tengen: The options: field net: it is for boards, whether it is named or that of the net to begin from; name one for images.\n',
  });

  writeFileSync(join(folder, 'from-run.json'), JSON.stringify({ start: 'run' }));
  const byConfig = ['--config', 'from-run.json', '--steps', '4'];
  const named = tengen(...TRAIN, '--images', '.', '--out', 'third', ...byConfig);
  expect(named.code, named.err).toBe(0);
});

test('boards of records are labelled, learned and told apart, and images that are there are kept', () => {
  const games = Array.from({ length: 30 }, (_, seed) => randomGame(seed, 5, 12, seed % 2 === 0 ? 20 : -20));
  writeFileSync(join(folder, 'games.sgfs'), games.join('\n'));
  const options = ['--by', 'winner', '--size', '5', '--from', '2', '--every', '1', '--hold-out', '0.3'];
  const label = (...argv: string[]): ReturnType<typeof tengen> => tengen('label', ...options, ...argv);
  const labelled = label('--games', 'games.sgfs', '--out', 'labelled', '--json');
  expect(labelled.code, labelled.err).toBe(0);
  const { classes } = JSON.parse(labelled.out) as {
    classes: { name: string; train: number; test: number }[];
  };
  expect(classes.map(({ name }) => name)).toEqual(['the side to move loses', 'the side to move wins']);
  const again = label('--games', 'games.sgfs', '--out', 'labelled');
  expect(again).toMatchObject({ code: 3, err: expect.stringContaining('labelled: it holds images already') });
  rmSync(join(folder, 'labelled/classes.json'));
  const part = label('--games', 'games.sgfs', '--out', 'labelled');
  expect(part).toMatchObject({
    code: 3,
    err: expect.stringContaining('labelled: it holds images without classes.json, which are a part of a set'),
  });
  const none = label('--games', 'games.sgfs', '--out', 'none', '--size', '9');
  expect(none).toMatchObject({ code: 3, err: expect.stringContaining('no game to learn from is on 9 x 9') });
  expect(readdirSync(folder)).not.toContain('none');

  const learn = ['train', 'supervised', '--images', 'labelled', '--net', '1x4', '--out', 'boards'];
  const trained = tengen(
    ...learn,
    '--steps',
    '4',
    '--batch',
    '8',
    '--augment',
    'quarterTurns=0.75',
    '--backend',
    'wasm',
  );
  expect(trained.code, trained.err).toBe(0);
  const measured = tengen('net', 'eval', 'boards', '--images', 'labelled', '--backend', 'wasm', '--json');
  expect(measured.code, measured.err).toBe(0);
  const tests = classes.map((counted) => counted.test);
  expect(JSON.parse(measured.out)).toMatchObject({
    images: tests[0] + tests[1],
    majorityError: Math.min(...tests) / (tests[0] + tests[1]),
  });
});

test.each([
  [['--images', '.', '--games', 'x.sgf'], 2, 'Name one of --games, --runs and --images'],
  [['--images', '.', '--sampler', 'x'], 2, '--sampler goes with --games alone.'],
  [['--runs', 'x', '--augment', 'komi=1'], 2, '--augment goes with --games or --images alone.'],
  [['--games', 'x.sgf', '--classes', '0-4'], 2, '--classes goes with --images alone.'],
  [['--images', 'nowhere'], 3, 'nowhere/train-images-idx3-ubyte: there is no such file'],
  [
    ['--images', '.', '--augment', 'shfit=2'],
    2,
    'The options: field data.augment: there is nothing named "shfit" here',
  ],
  [['--images', '.', '--classes', '0-99999999999'], 2, 'Give two or more labels from 0 to 255, each once'],
  [['--images', '.', '--classes', '3,3'], 2, 'Give two or more labels from 0 to 255, each once'],
  [['--images', '.', '--classes', '2-4'], 3, '.: it has no image of class 4'],
  [
    ['--images', '.', '--freeze', 'trunk/none'],
    2,
    'The options: field learner.freeze: the net has no layer trunk/none to freeze',
  ],
  [['--images', '.', '--start', 'none.safetensors'], 3, 'none.safetensors: there is no such net file'],
  [['--images', '.', '--net', 'lenet-6'], 2, 'The options: there is no net lenet-6'],
  [['--images', '.', '--net', ''], 2, "'--net <name>' argument '' is invalid. Give a name, such as 4x32."],
  [
    ['--images', '.', '--config', 'heads.json'],
    3,
    'heads.json: field heads.classes: data.classes or the labels say how many there are',
  ],
  [['--images', '.', '--steps', '4', '--cycles', '50'], 2, 'cycles: there cannot be more cycles than steps'],
  [
    ['--images', '.', '--backend', 'wasm', '--threads', '2'],
    2,
    '--device and --threads go with --backend torch, not wasm.',
  ],
])('%j is refused in one sentence, and no run is begun', (argv, code, sentence) => {
  const refused = tengen(...TRAIN, '--out', 'refused', ...argv);
  expect(refused.err).toContain(sentence);
  expect(refused.code).toBe(code);
  expect(readdirSync(folder)).not.toContain('refused');
});
