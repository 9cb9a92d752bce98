/** `tengen net import|export|info|inspect` on KataGo's nets, and playing with them. */
import { mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { beforeAll, expect, test } from 'vitest';
import { exportNet } from '#cli/net/export.ts';
import { explain } from '#cli/report-error.ts';
import { loadNet, makeNetFile, saveNet } from '#nets/file.ts';
import { makeKataGoFile } from '#nets/katago/write.ts';
import { resnetSpec } from '#nets/spec.ts';
import { imageSpecOf, randomNet } from '../nets/architectures/small-nets.ts';
import { gpool, ordinary, randomKataGoNet, randomWeights } from '../nets/katago/random-nets.ts';
import { LAUNCHER, runToEnd } from './tengen.ts';
import type { Run } from './tengen.ts';

const folder = mkdtempSync(join(tmpdir(), 'tengen-net-'));
const net = randomKataGoNet(8, [ordinary('relu'), ordinary('relu'), gpool('relu')], 'relu');

const tengen = (...argv: string[]): Run => runToEnd(LAUNCHER, folder, argv);

beforeAll(() => {
  writeFileSync(join(folder, 'small.bin.gz'), makeKataGoFile(net, { isText: false, isZipped: true }));
  writeFileSync(
    join(folder, 'cut.bin'),
    makeKataGoFile(net, { isText: false, isZipped: false }).slice(0, 9000),
  );
  const spec = resnetSpec(1, 4);
  saveNet(join(folder, 'own.safetensors'), { spec, weights: randomWeights(spec, 1), provenance: {} });
  saveNet(join(folder, 'images.safetensors'), randomNet(imageSpecOf('lenet-5:2')));
});

test('a net of KataGo plays under the name of its file, and tells what it is', () => {
  const { code, out } = tengen(
    'match',
    'net:small.bin.gz',
    'random',
    '--games',
    '1',
    '--size',
    '5',
    '--json',
  );
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ games: 1 });
  const info = tengen('net', 'info', 'small.bin.gz').out;
  expect(info).toContain('3 blocks x 8 channels (2 ordinary of 6, 1 gpool of 5 and 4), relu, affine tip');
  expect(info).toContain("KataGo's, version 8");
  expect(info).toMatch(/sees +katago-v7/);
  expect(info).toMatch(/name +v8-test/);
});

test('its layers are laid open, with their sums and its speed', () => {
  const { code, out } = tengen('net', 'inspect', 'small.bin.gz', '--size', '13');
  expect(code).toBe(0);
  expect(out).toMatch(/^trunk\/input +conv +13 x 13 x 8 .+ 5 x 5 /m);
  expect(out).toMatch(/^receptive field +17 x 17 points by windows, and everything/m);
  expect(out).toMatch(/^time +[\d.]+ ms each/m);
  const { layers, ...sums } = JSON.parse(tengen('net', 'inspect', 'own.safetensors', '--json').out);
  expect(layers[0]).toMatchObject({ name: 'trunk/input', output: [9, 9, 4] });
  expect(sums).toMatchObject({
    input: [9, 9],
    field: { side: 7, whole: true },
    milliseconds: expect.any(Number),
  });
});

test('the file of a net and its layers tell of as many parameters', () => {
  const [info, inspected] = ['info', 'inspect'].map((command) => {
    const { parameters, statistics } = JSON.parse(tengen('net', command, 'own.safetensors', '--json').out);
    return { parameters, statistics };
  });
  expect(info).toEqual(inspected);
  expect(info.statistics).toBeGreaterThan(0);
});

test('a net too large to be made is laid open all the same', () => {
  const { code, out } = tengen('net', 'inspect', 'alexnet', '--image', '227x227x3', '--no-time');
  expect(code).toBe(0);
  expect(out).toMatch(/^parameters +7\d\d,\d{3},\d{3}$/m);
  expect(out).toMatch(/^time +not measured, as asked$/m);
});

test('the time of a net whose equation takes as long as each position asks is not told', () => {
  const { out } = tengen('net', 'inspect', 'ode:4');
  expect(out).toMatch(/^FLOPs +at least [\d,]+ for 9 x 9 points/m);
  expect(out).toMatch(/^receptive field +at least /m);
  expect(out).toMatch(/^time +differs from position to position/m);
});

test('what its layers know of the edge is told line by line', () => {
  const { code, out } = tengen('net', 'edge', 'small.bin.gz', '--size', '11');
  expect(code).toBe(0);
  expect(out).toMatch(/^trunk\/input +conv +\d of 8 +[\d.]+% +2 +2$/m);
  expect(out).toMatch(/^trunk\/block1\/sum +add +\d of 8 .+ all 5$/m);
  const { layers, ...board } = JSON.parse(tengen('net', 'edge', 'own.safetensors', '--json').out);
  expect(board).toEqual({ net: 'own.safetensors', size: 19, centre: 9 });
  expect(layers[0]).toMatchObject({ name: 'trunk/input', word: 'conv', channels: 4, reach: 1 });
});

test('imported it is an ordinary net file, and exported again the same net', () => {
  expect(tengen('net', 'import', 'small.bin.gz')).toMatchObject({ code: 0, err: '' });
  expect(loadNet(join(folder, 'small.safetensors'))).toEqual({ ok: true, net });
  expect(tengen('net', 'import', 'small.bin.gz')).toMatchObject({ code: 3, out: '' });
  expect(tengen('net', 'import', 'small.bin.gz', '--to', 'small.safetensors').code).toBe(0);
  expect(readFileSync(join(folder, 'small.safetensors'))).toEqual(Buffer.from(makeNetFile(net)));
  expect(tengen('net', 'export', 'small.safetensors', '--katago', 'back.txt').code).toBe(0);
  expect(loadNet(join(folder, 'back.txt'))).toEqual({ ok: true, net });
});

test('a net of ours is exported as an ONNX graph and for KataGo', async () => {
  const { code, out } = tengen(
    'net',
    'export',
    'own.safetensors',
    '--onnx',
    'own.onnx',
    '--katago',
    'own.bin.gz',
  );
  expect([code, out]).toEqual([0, 'own.safetensors is now also own.onnx and own.bin.gz\n']);
  const session = await InferenceSession.create(join(folder, 'own.onnx'));
  expect(session.outputNames).toEqual(['policy', 'value', 'score', 'ownership']);
  expect(loadNet(join(folder, 'own.bin.gz'))).toMatchObject({
    ok: true,
    net: { spec: { heads: { version: 15 } } },
  });
});

test('a net shipped in half precision has half the bytes and loads', () => {
  const shipped = tengen('net', 'ship', 'own.safetensors', '--to', 'half.safetensors', '--fp16', '--json');
  const full = statSync(join(folder, 'own.safetensors')).size;
  expect(JSON.parse(shipped.out).bytes).toBeLessThan(0.8 * full);
  expect(loadNet(join(folder, 'half.safetensors'))).toMatchObject({ ok: true });
});

test.each<[string, string, string, RegExp]>([
  [
    'own.safetensors',
    'first.onnx',
    'nowhere/own.bin.gz',
    /nowhere\/own\.bin\.gz: there is no such file or folder/,
  ],
  ['own.safetensors', 'first.onnx', 'small.bin.gz/own.bin', /own\.bin: a part of this path is a file/],
  ['own.safetensors', 'first.bin', '../first.bin', /first\.bin: this cannot be both/],
])('of %s neither %s nor %s is written where one of them cannot be', (from, onnx, katago, sentence) => {
  const inFolder = (path: string): string => `${folder}/${path.replace('..', `../${basename(folder)}`)}`;
  let refusal = '';
  try {
    exportNet(inFolder(from), { onnx: inFolder(onnx), katago: inFolder(katago) });
  } catch (error) {
    refusal = explain(error);
  }
  expect(refusal).toMatch(sentence);
  expect(readdirSync(folder).filter((name) => name.startsWith('first'))).toEqual([]);
});

test.each<[string, number, RegExp]>([
  ['net import cut.bin', 3, /^tengen: cut\.bin: the .+, at byte \d+: the file ends/],
  ['net import small.bin.gz --to ./small.bin.gz', 3, /small\.bin\.gz: this is what is read/],
  ['net import small.bin.gz --to .', 3, /^tengen: \.: this is not a file/],
  ['net export own.safetensors --onnx own.safetensors', 3, /own\.safetensors: this is what is read/],
  ['net import own.safetensors', 3, /a net file of Tengen's already/],
  ['net inspect resnt-20', 3, /resnt-20: there is no such file, and .*resnet-20/],
  [
    'net edge small.bin.gz --size 4',
    3,
    /--size 4: even the first layer of small\.bin\.gz .*; give 5 or more/,
  ],
  ['net edge images.safetensors', 3, /^tengen: images\.safetensors: this is a net for images/],
  ...['--image 8x8x1', '--classes 3'].map((option): [string, number, RegExp] => [
    `net inspect own.safetensors ${option}`,
    2,
    /^tengen: --image and --classes go with the name of an architecture alone: leave them out for own\./,
  ]),
  [
    'net inspect images.safetensors --size 9',
    2,
    /^tengen: --size is of boards, and images\.safetensors is a net for images: leave it out\.\n$/,
  ],
  ['net inspect lenet-5 --image 600x600x1', 2, /such as 28x28x1; at most 512 points a side and 16 channels/],
  ['net inspect lenet-5 --image 28x28', 2, /Give height, width and channels, such as 28x28x1/],
  ['net export own.safetensors --katago own.net', 2, /own\.net: .*\.bin\.gz/],
])('tengen %s is refused in a sentence', (line, code, sentence) => {
  const run = tengen(...line.split(' '));
  expect(run).toMatchObject({ code, out: '' });
  expect(run.err).toMatch(sentence);
});
