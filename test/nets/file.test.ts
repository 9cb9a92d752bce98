/** Net files: read back bit for bit, and refused in a sentence whatever is wrong with them. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import { loadAnyNet, loadNet, loadState, makeNetFile, parseNetFile, saveNet } from '#nets/file.ts';
import type { NetFile } from '#nets/file.ts';
import { openEvaluator } from '#nets/evaluator.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { resnetSpec } from '#nets/spec.ts';
import { imageSpecOf } from './architectures/small-nets.ts';
import { randomWeights } from './katago/random-nets.ts';
import { expectSameOutputs, onnxOutputs, randomInputs } from './net-outputs.ts';

const net: NetFile = {
  spec: resnetSpec(1, 4),
  weights: new Map([
    ['a/kernel', { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    ['b/bias', { shape: [2], values: Float32Array.of(-1, 0.5) }],
  ]),
  provenance: { recipe: 'test', step: 3 },
};

/** With the weights of its spec, without which it is no net to use. */
const whole: NetFile = { ...net, weights: randomWeights(net.spec, 1) };

function messageOf(bytes: Uint8Array): string {
  const result = parseNetFile(bytes);
  return result.ok ? 'accepted' : result.message;
}

/** The file with its JSON header replaced in place by one of the same length. */
function withHeader(change: (json: string) => string): Uint8Array {
  const bytes = makeNetFile(net);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const json = Buffer.from(bytes.subarray(8, 8 + length)).toString();
  const changed = change(json);
  expect(changed).not.toBe(json);
  const out = bytes.slice();
  out.set(Buffer.from(changed.padEnd(length).slice(0, length)), 8);
  return out;
}

test('a net survives the file, bit for bit', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'tengen-')), 'net.safetensors');
  saveNet(path, whole);
  expect(loadNet(path)).toEqual({ ok: true, net: whole });
});

test('a net file is laid out as safetensors: offsets run on from 0 and the header ends on a multiple of eight', () => {
  const bytes = makeNetFile(net);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  expect(length % 8).toBe(0);
  const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString());
  expect(header['a/kernel']).toEqual({ dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] });
  expect(header['b/bias'].data_offsets).toEqual([24, 32]);
});

test('a kernel stored in half precision is rounded to the nearest half, once; vectors and frequencies stay as they are', () => {
  const finite = fc.float({ min: Math.fround(-65504), max: Math.fround(65504), noNaN: true });
  fc.assert(
    fc.property(fc.array(finite, { minLength: 3, maxLength: 9 }), (list) => {
      const values = Float32Array.from(list);
      const weights = new Map([
        ['kernel', { shape: [1, values.length], values }],
        ['bias', { shape: [values.length], values }],
        ['frequencies', { shape: [1, 1, values.length], values }],
      ]);
      const bytes = makeNetFile({ ...net, weights }, { halves: true });
      const read = parseNetFile(bytes);
      if (!read.ok) throw new Error(read.message);
      for (const name of ['bias', 'frequencies']) expect(read.net.weights.get(name)!.values).toEqual(values);
      expect([...read.net.weights.get('kernel')!.values]).toEqual(list.map(Math.f16round));
      expect(makeNetFile(read.net, { halves: true })).toEqual(bytes);
    }),
  );
});

test('the shipped net in half precision says the same, within a twentieth of a nat', async () => {
  const full = loadNet(defaultNetPath);
  if (!full.ok) throw new Error(full.message);
  const path = join(mkdtempSync(join(tmpdir(), 'tengen-')), 'half.safetensors');
  saveNet(path, full.net, { halves: true });
  const half = loadNet(path);
  if (!half.ok) throw new Error(half.message);
  const inputs = randomInputs(full.net, [[9, 9]], 1);
  expectSameOutputs(await onnxOutputs(half.net, inputs), await onnxOutputs(full.net, inputs), 0.05);
});

test('a weight that half precision cannot hold is refused by its name, one that it rounds down to its largest is not', () => {
  const withKernel = (value: number): NetFile => ({
    ...net,
    weights: new Map([['a/kernel', { shape: [1, 2], values: Float32Array.of(0, value) }]]),
  });
  expect(() => makeNetFile(withKernel(-65520), { halves: true })).toThrow(
    'weight a/kernel holds -65520, which is too large for half precision; store this net in full',
  );
  const largest = parseNetFile(makeNetFile(withKernel(65519), { halves: true }));
  expect(largest.ok && largest.net.weights.get('a/kernel')!.values[1]).toBe(65504);
});

test('every way to damage a file gets its own sentence', () => {
  const bytes = makeNetFile(net);
  expect(messageOf(bytes.subarray(0, 5))).toMatch(/too short/);
  expect(messageOf(bytes.subarray(0, 100))).toMatch(/ends inside its header/);
  expect(messageOf(bytes.subarray(0, bytes.length - 4))).toMatch(/cut off/);
  expect(messageOf(Buffer.concat([bytes, Buffer.alloc(3)]))).toMatch(/3 bytes follow/);
  const flipped = bytes.slice();
  flipped[flipped.length - 3] ^= 1;
  expect(messageOf(flipped)).toMatch(/checksum/);
  const infinite = new Map(net.weights).set('b/bias', { shape: [2], values: Float32Array.of(1, Infinity) });
  expect(messageOf(makeNetFile({ ...net, weights: infinite }))).toMatch(/b\/bias.*not finite/);
  expect(messageOf(withHeader((json) => json.replace('[2,3]', '[3,3]')))).toMatch(/a\/kernel has offsets/);
  expect(messageOf(withHeader((json) => json.replace('F32', 'F64')))).toMatch(
    /a\/kernel has an invalid dtype/,
  );
  expect(messageOf(withHeader((json) => json.replace('F32', 'F16')))).toMatch(/a\/kernel has offsets/);
  expect(messageOf(withHeader((json) => json.replace('tengen-net-1', 'tengen-net-9')))).toMatch(
    /not a Tengen net/,
  );
  expect(messageOf(withHeader((json) => json.replace('resnet', 'rexnet')))).toMatch(
    /spec is invalid at trunk.kind/,
  );
  const huge = bytes.slice();
  new DataView(huge.buffer).setBigUint64(0, 2n ** 63n, true);
  expect(messageOf(huge)).toMatch(/not a safetensors file/);
});

test('a variance may be zero but not negative', () => {
  const withVariance = (...values: number[]): Uint8Array =>
    makeNetFile({
      ...net,
      weights: new Map([['bn/moving_variance', { shape: [2], values: Float32Array.from(values) }]]),
    });
  expect(messageOf(withVariance(0, 1))).toBe('accepted');
  expect(messageOf(withVariance(1, -1e-3))).toBe('tensor bn/moving_variance holds a negative variance');
});

test('a net for images is read as one, and refused where a net is to play', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'tengen-')), 'net.safetensors');
  const spec = imageSpecOf('lenet-5');
  const images = { ...net, spec, weights: randomWeights(spec, 1) };
  saveNet(path, images);
  expect(loadAnyNet(path)).toEqual({ ok: true, net: images });
  expect(loadNet(path)).toEqual({
    ok: false,
    message: `${path}: this is a net for images, which plays no Go`,
  });
});

test('a net for images of a size that its windows do not fit is refused', () => {
  const spec = imageSpecOf('lenet-5');
  const narrow = { ...spec, image: { ...spec.image, width: 3 } };
  expect(messageOf(makeNetFile({ ...net, spec: narrow }))).toMatch(
    /^its spec is invalid: windows of 5 do not fit a map of /,
  );
});

test('the folder of a run stands for its net', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tengen-'));
  const path = join(folder, 'net.safetensors');
  const missing = { ok: false, message: `${path}: there is no such net file` };
  expect(loadNet(folder)).toEqual(missing);
  saveNet(path, whole);
  expect(loadNet(folder)).toEqual({ ok: true, net: whole });
  expect(loadNet(`${folder}#steps=2`)).toMatchObject({ message: expect.stringContaining('#steps is for') });
});

test('an unreadable path is named', () => {
  expect(loadNet('/nowhere/net.safetensors')).toEqual({
    ok: false,
    message: '/nowhere/net.safetensors: there is no such net file',
  });
  expect(loadNet('/dev/null')).toMatchObject({ ok: false, message: expect.stringContaining('not a file') });
  const path = join(mkdtempSync(join(tmpdir(), 'tengen-')), 'x');
  writeFileSync(path, 'hello, I am no net');
  const result = loadNet(path);
  expect(result.ok ? '' : result.message.startsWith(path)).toBe(true);
  expect(readFileSync(path, 'utf8')).toBe('hello, I am no net');
});

test('a net whose weights are not those of its spec is refused before it plays', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'tengen-')), 'net.safetensors');
  const shipped = loadNet(defaultNetPath);
  if (!shipped.ok) throw new Error(shipped.message);
  const { weights } = shipped.net;
  const [name, { shape, values }] = [...weights].find(([key]) => key === 'value/hidden/kernel')!;
  for (const wrong of [
    [...weights].filter(([key]) => key !== name),
    [...new Map(weights).set(name, { shape: [shape[0] / 2, shape[1] * 2], values })],
    [...weights, ['momentum/x', { shape: [1], values: new Float32Array(1) }] as const],
    [...new Map(weights).set('value/value/bias', { shape: [1], values: Float32Array.of(NaN) })],
    [...new Map(weights).set(name, { shape, values: values.map(() => 1e38) })],
  ]) {
    saveNet(path, { ...shipped.net, weights: new Map(wrong) });
    const opened = await openEvaluator(path);
    expect(opened.ok ? '' : opened.message).toMatch(/net\.safetensors: /);
  }
});

test('a net whose weights are not those of its spec is no net for anything; only what a checkpoint holds is not held to it', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'tengen-')), 'net.safetensors');
  const { weights } = whole;
  const [name, { shape, values }] = [...weights].find(([key]) => key === 'value/hidden/kernel')!;
  for (const [wrong, message] of [
    [[...weights].filter(([key]) => key !== name), `weight ${name} is missing`],
    [
      [...new Map(weights).set(name, { shape: shape.toReversed(), values })],
      `weight ${name} has the shape [${shape.toReversed().join()}], not [${shape.join()}]`,
    ],
    [
      [...weights, ['momentum/x', { shape: [1], values: new Float32Array(1) }] as const],
      'weight momentum/x is no part of the net',
    ],
  ] as const) {
    saveNet(path, { ...whole, weights: new Map(wrong) });
    for (const load of [loadNet, loadAnyNet])
      expect(load(path)).toEqual({ ok: false, message: `${path}: ${message}` });
    expect(loadState(path)).toMatchObject({ ok: true });
  }
});

test('5,000 mutated files are refused or read, never thrown at', () => {
  const rng = makeRng(7);
  const files = [makeNetFile(net), makeNetFile(net, { halves: true })];
  let refused = 0;
  for (let i = 0; i < 5000; i++) {
    const bytes = files[i % 2];
    const mutated = bytes.slice(0, rng.nextInt(4) === 0 ? rng.nextInt(bytes.length) : bytes.length);
    for (let k = rng.nextInt(4); k >= 0 && mutated.length > 0; k--)
      mutated[rng.nextInt(mutated.length)] = rng.nextInt(256);
    const result = parseNetFile(mutated);
    if (!result.ok) refused++;
  }
  expect(refused).toBeGreaterThan(4000);
});
