/** The commands given what they cannot use: one sentence on stderr, nothing on stdout, and the right exit code. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { defaultNetPath } from '#nets/weights.ts';
import { LAUNCHER, MAIN, runToEnd } from './tengen.ts';
import type { Run } from './tengen.ts';

/** Where onnxruntime-node has it, if it has been fetched. */
const CUDA_LIBRARY = fileURLToPath(
  new URL(
    `../bin/napi-v6/${process.platform}/${process.arch}/libonnxruntime_providers_cuda.so`,
    import.meta.resolve('onnxruntime-node'),
  ),
);

const folder = mkdtempSync(join(tmpdir(), 'tengen-refusals-'));

const tengen = (...argv: string[]): Run => runToEnd(LAUNCHER, folder, argv);

beforeAll(() => {
  const net = readFileSync(defaultNetPath);
  writeFileSync(join(folder, 'cut.safetensors'), net.subarray(0, 20_000));
  net[net.length - 2] ^= 4;
  writeFileSync(join(folder, 'flipped.safetensors'), net);
  writeFileSync(join(folder, 'prose.safetensors'), 'This is no net.');
  writeFileSync(join(folder, 'listed.json'), '{"data":[1]}');
  writeFileSync(join(folder, 'named.json'), '{"net":"4x32"}');
  writeFileSync(
    join(folder, 'flat.json'),
    '{"data":{"augment":[1]},"learner":{"schedule":"cosine","penalties":3}}',
  );
});

test.each<[string, number, RegExp]>([
  ['plaay', 2, /^error: unknown command 'plaay'\n\(Did you mean play\?\)/],
  ['help net prun', 2, /^error: 'prun' is no command of net\n/],
  ['match random random --gamez 3', 2, /^error: unknown option '--gamez'\n\(Did you mean --games\?\)/],
  ['match random', 2, /missing required argument 'b'/],
  ['match random random --games 0', 2, /--games.*Give a whole number from 1/],
  ['match random random --sprt 50', 2, /--sprt.*two differences in Elo, the smaller first/],
  ['match random random --sprt 0,50 --games 1', 2, /^tengen: --sprt is decided by pairs of games; give/],
  ['match random random --sprt 50,0', 2, /--sprt.*two differences in Elo, the smaller first/],
  ['match random random --komi nan', 2, /--komi.*Give a number from -150 to 150/],
  ['match random nonsense', 2, /"nonsense" is no player; players are/],
  ['play net@0', 2, /"0" visits; give a whole number/],
  ['play --size 26', 2, /--size.*2 to 25/],
  ['play --size 3 --handicap 2', 2, /3x3 board takes at most 0 handicap stones/],
  ['gtp --size 9x13', 2, /Give one --size/],
  ['serve --port 65536', 2, /--port.*from 0 to 65535/],
  [
    'serve --host 0.0.0.0 --data games',
    2,
    /^tengen: On 0\.0\.0\.0 other machines can .*: set a --token for them\.\n$/,
  ],
  [
    'serve --runs prose.safetensors --data games',
    3,
    /^tengen: prose\.safetensors: this is no folder; give --runs the one in which runs lie\.\n$/,
  ],
  ['match random random --provider gpu', 2, /--provider.*Allowed choices are cpu, webgpu, cuda/],
  ['doctor --backend gpu', 2, /--backend.*Allowed choices are auto, torch/],
  [
    'bench nothing',
    2,
    /"nothing"; there are board, features, known-results, learning, legal-positions, search, selfplay, soak, tensors\.\n$/,
  ],
  ['bench soak --minutes -1', 2, /^tengen: Option '--minutes' argument is ambiguous\. Did you/],
  ['bench soak --minutes 0', 2, /^tengen: --minutes: give a number from 0\.01 to 100000, not "0"\.\n$/],
  ['bench board --foo', 2, /^tengen: Unknown option '--foo'/],
  ['bench learning --size 0', 2, /^tengen: --size: give a whole number from 2 to 25, not "0"\.\n$/],
  [
    'bench learning --backend x',
    2,
    /^tengen: --backend: give torch or tensorflow or .* or cpu, not "x"\.\n$/,
  ],
  ['bench learning --nets=', 2, /^tengen: --nets: it says nothing; give a value, or leave it out\.\n$/],
  ['bench selfplay --visits 0', 2, /^tengen: --visits: give a whole number from 2 to 100000, not "0"\.\n$/],
  ['bench selfplay --nets missing', 3, /^tengen: missing: there is no such net file\.\n$/],
  ['bench tensors --only foo', 2, /^tengen: --only: give pytorch or torch or .*, not "foo"\.\n$/],
  ['bench search --net missing', 3, /^tengen: missing: there is no such net file\.\n$/],
  ['analysis -config .', 3, /^tengen: \.: this is a folder, not a file/],
  [
    'study depht --out study',
    2,
    /^tengen: There is no file depht and no study of that name; there are .*depth, economy, gradient-flow/,
  ],
  ['study depth --out study', 2, /^tengen: This study is on boards: name the game records with --games/],
  [
    'study depth --games a.sgf --images . --out study',
    2,
    /^tengen: This study is on boards: leave out --images\.\n$/,
  ],
  [
    'study mnist --games a.sgf --images . --out study',
    2,
    /^tengen: This study is on images: leave out --games\.\n$/,
  ],
  [
    'train supervised --config listed.json --games a.sgf --out run',
    3,
    /^tengen: listed\.json: field data: it has to be an object, \{ \.\.\. \}\.\n$/,
  ],
  [
    'train zero --config named.json --blocks 6 --out run',
    3,
    /^tengen: named\.json: field net: it has to be an object, \{ \.\.\. \}\.\n$/,
  ],
  ...(['--augment shift=1', '--penalties l1=1', '--cycles 4'] as const).map(
    (option, i): [string, number, RegExp] => [
      `train supervised --config flat.json ${option} --out run`,
      3,
      RegExp(
        `^tengen: flat\\.json: field ${['data.augment', 'learner.penalties', 'learner.schedule'][i]}: it has to be an object`,
      ),
    ],
  ),
  [
    'train supervised --images . --augment shift=1,shift=2 --out run',
    2,
    /--augment.*invalid\. shift is there twice\.\n/,
  ],
  ['net inspect lenet-5 --classes 5', 2, /^tengen: --classes goes with --image alone/],
  [
    'net inspect lenet-5 --image 28x28x1 --size 9',
    2,
    /^tengen: --size is of boards, and --image says how large images are: leave it out\.\n$/,
  ],
  ['study prose.safetensors --out study', 3, /^tengen: prose\.safetensors: not valid JSON at line 1\.\n$/],
  ['study . --out study', 3, /^tengen: \.: this is a folder, not a file \(EISDIR\)\.\n$/],
  ['train supervised', 2, /--out <run>' not specified/],
  ['train supervised --out run', 2, /^tengen: Name the game records with --games/],
  ['net effort missing --games a.sgf', 3, /^tengen: missing: there is no such net file\.\n$/],
  [
    'net eval --games a.sgf --all --hold-out 0.1',
    2,
    /^error: option '--all' cannot be used with option '--hold/,
  ],
  ['net eval --images . --views 3', 2, /--views.*Give 2, 5, 10/],
  ['net eval --games a.sgf --views 10', 2, /^tengen: --views goes with --images alone/],
  ['net eval --images . --symmetries 8', 2, /^tengen: --symmetries goes with --games alone/],
  [
    'net eval --games --all',
    2,
    /^error: option '--games <file\.\.\.>' argument '--all' is invalid\. Give a path/,
  ],
  ['net prune net --games --to x', 2, /'--games <file\.\.\.>' argument '--to' is invalid.*is \.\/--to\.\n/],
  ['train supervised --out --games a.sgf', 2, /'--out <run>' argument '--games' is invalid\. Give a path/],
  ['net eval --games nowhere.sgf', 3, /^tengen: .*nowhere\.sgf: no such file\.\n$/],
])('tengen %s exits with %i and says why', (line, code, sentence) => {
  const refused = tengen(...line.split(' '));
  expect(refused.err).toMatch(sentence);
  expect(refused).toMatchObject({ code, out: '' });
  expect(refused.err).not.toMatch(/\n {4}at /);
});

test('a bench that is refused leaves no folder of its own', () => {
  const temporary = mkdtempSync(join(folder, 'temporary-'));
  const { status } = spawnSync(process.execPath, [MAIN, 'bench', 'selfplay', '--nets', '1x4,missing'], {
    env: { ...process.env, TMPDIR: temporary, TEMP: temporary },
  });
  expect(status).toBe(3);
  expect(readdirSync(temporary).filter((name) => name.startsWith('tengen'))).toEqual([]);
});

test.each([
  [['net', 'ship', 'cut.safetensors', '--to', ''], /--to.*Give a path\./],
  [['net', 'info', ''], /'net'.*Give a path\./],
  [['net', 'eval', '--games', ''], /--games.*Give a path\./],
  [['train', 'supervised', '--games', 'a.sgf', '--out', ''], /--out.*Give a path\./],
  [['match', 'random', 'random', '--sgf-dir', ''], /--sgf-dir.*Give a path\./],
  [['serve', '--data', ''], /--data.*Give a path\./],
  [['serve', '--host', ''], /--host.*Give an address/],
  [['serve', '--host', '0.0.0.0', '--token', ''], /An empty --token protects nothing\./],
])('tengen %j is refused for what is empty', (argv, sentence) => {
  const refused = tengen(...argv);
  expect(refused.err).toMatch(sentence);
  expect(refused).toMatchObject({ code: 2, out: '' });
});

test.each([
  ['missing.safetensors', 'there is no such net file'],
  ['.', 'net.safetensors: there is no such net file'],
  ['cut.safetensors', 'may be cut off'],
  ['flipped.safetensors', 'do not match their checksum'],
  ['prose.safetensors', 'not a safetensors file'],
])('a net %s is refused by every command that plays with it', (net, reason) => {
  for (const argv of [
    ['net', 'info', net],
    ['match', 'random', `net:${net}`, '--games', '1', '--json'],
    ['serve', '--net', net, '--data', join(folder, 'games')],
  ]) {
    const { code, out, err } = tengen(...argv);
    expect(err).toMatch(new RegExp(`^tengen: .*${reason}.*\\.\\n$`));
    expect(code).toBe(3);
    expect(out).toBe('');
  }
});

test('a GTP engine that is not there makes a match unavailable, not wrong', () => {
  const { code, out, err } = tengen('match', 'random', 'gtp:no-such-engine', '--games', '1', '--json');
  expect(err).toBe(
    'tengen: Cannot start the GTP engine "no-such-engine": there is no such program; install it or give its full path.\n',
  );
  expect({ code, out }).toEqual({ code: 4, out: '' });
});

test
  .skipIf(existsSync(CUDA_LIBRARY))
  .each(['match random net --games 1', 'train zero --backend wasm --out never'])(
  'without CUDA --provider cuda is unavailable to tengen %s',
  (line) => {
    const { code, out, err } = tengen(...line.split(' '), '--provider', 'cuda', '--json');
    expect({ code, out }).toEqual({ code: 4, out: '' });
    expect(existsSync(join(folder, 'never'))).toBe(false);
    expect(err).toMatch(
      /\ntengen: .*ONNX Runtime cannot run it on cuda \(.+\); tengen doctor says what runs here\.\n$/,
    );
  },
);

test('--json puts one JSON object on stdout and nothing else', () => {
  const played = tengen('match', 'random', 'playouts@5', '--games', '2', '--size', '5', '--json');
  expect(played.code).toBe(0);
  expect(JSON.parse(played.out)).toMatchObject({ games: 2, width: 5, seed: 1 });
  expect(JSON.parse(tengen('net', 'info', '--json').out)).toMatchObject({
    spec: { featureSet: 'katago-v7' },
  });
});
