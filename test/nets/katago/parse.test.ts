/** KataGo's model files: read as they were written, and refused in a sentence whatever is wrong with them. */
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NetFile } from '#nets/file.ts';
import { parseKataGo } from '#nets/katago/parse.ts';
import { isKataGoNet, makeKataGoFile } from '#nets/katago/write.ts';
import type { FileForm } from '#nets/katago/write.ts';
import { NetSpec } from '#nets/spec.ts';
import { weightsProblem } from '#nets/weight-shapes.ts';
import {
  attention,
  everyNet,
  feedForward,
  gpool,
  ordinary,
  randomKataGoNet,
  randomWeights,
} from './random-nets.ts';
import { SHARED_NETS, hasNets } from './shared-nets.ts';

const BINARY: FileForm = { isText: false, isZipped: false };
const FORMS: readonly FileForm[] = [true, false].flatMap((isText) =>
  [true, false].map((isZipped) => ({ isText, isZipped })),
);

function parsed(bytes: Uint8Array): NetFile {
  const result = parseKataGo(bytes);
  if (!result.ok) throw new Error(result.message);
  return result.net;
}

function refusal(bytes: Uint8Array): string {
  const result = parseKataGo(bytes);
  return result.ok ? 'accepted' : result.message;
}

test.each(everyNet())('a net is read as it was written, as text and binary, zipped or not: %s', (_, net) => {
  for (const form of FORMS) expect(parsed(makeKataGoFile(net, form))).toEqual(net);
  expect(NetSpec.parse(net.spec)).toEqual(net.spec);
});

test.skipIf(!hasNets).each([
  ['tinymish', 11866],
  ['tinymodel', 76030],
  ['g170-b6c96-s175395328-d26788732', 4124446],
  ['b7c96h3tfrs-test5-cnorm', 3281208],
  ['b7c96h6kv3qk32v16tflrs-fson-bnh', 3413764],
])("KataGo's own net %s is read to the last byte, and written back (needs ../shared)", (name, size) => {
  const bytes = gunzipSync(readFileSync(new URL(`${name}.bin.gz`, SHARED_NETS)));
  expect(bytes.length).toBe(size);
  const net = parsed(bytes);
  expect(weightsProblem(net.spec, net.weights)).toBeNull();
  expect(refusal(bytes.subarray(0, -2))).toMatch(/the file ends/);
  if (!isKataGoNet(net)) throw new Error('not of its architecture');
  expect(parsed(makeKataGoFile(net, BINARY))).toEqual(net);
});

test('a norm is kept as the scale and shift that it comes to, also where it has none of its own', () => {
  const net = randomKataGoNet(8, [], 'relu');
  const text = Buffer.from(makeKataGoFile(net, { isText: true, isZipped: false })).toString();
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line === 'value/norm');
  const [epsilon, mean, variance] = [0.5, [1, 2, 3], [3.5, 0.5, 1.5]];
  lines.splice(at + 2, 7, String(epsilon), '0', '0', mean.join(' '), variance.join(' '));
  const { weights } = parsed(Buffer.from(lines.join('\n')));
  const scale = variance.map((v) => 1 / Math.sqrt(v + epsilon));
  const close = (name: string, values: number[]): void => {
    const found = weights.get(name)?.values ?? [];
    expect([...found].map((value) => value.toFixed(5))).toEqual(values.map((value) => value.toFixed(5)));
  };
  close('value/norm/scale', scale);
  close(
    'value/norm/shift',
    mean.map((m, c) => -m * scale[c]),
  );
});

test('a net that takes suicide for legal in what is pass-alive sees so, and is written so', () => {
  const plain = randomKataGoNet(17, [ordinary('relu')], 'relu');
  const bytes = withLine(plain, 'v17-test', 12, '1');
  const flagged = parsed(bytes);
  expect(flagged).toEqual({ ...plain, spec: { ...plain.spec, featureSet: 'katago-v7-suicide' } });
  if (!isKataGoNet(flagged)) throw new Error('not of its architecture');
  expect(Buffer.from(makeKataGoFile(flagged, { isText: true, isZipped: false }))).toEqual(Buffer.from(bytes));
});

/** The text of a net with the first line of this content, after the record of this name, replaced. */
function withLine(
  net: Parameters<typeof makeKataGoFile>[0],
  record: string,
  after: number,
  line: string,
): Uint8Array {
  const lines = Buffer.from(makeKataGoFile(net, { isText: true, isZipped: false }))
    .toString()
    .split('\n');
  const at = lines.indexOf(record);
  expect(at).toBeGreaterThanOrEqual(0);
  lines[at + after] = line;
  return Buffer.from(lines.join('\n'));
}

test('every way to damage a file gets its own sentence, with the record and the byte', () => {
  const net = randomKataGoNet(17, [ordinary('relu'), gpool('relu'), attention('fixed'), feedForward], 'relu');
  const cases: [record: string, after: number, line: string, message: RegExp][] = [
    ['v17-test', 1, '7', /^the net v17-test, at byte \d+: its version is 7; those from 8 to 17 can be read/],
    ['v17-test', 1, '18', /its version is 18/],
    ['v17-test', 2, '13', /its number of planes is 13, not 22/],
    ['v17-test', 4, 'x', /its multiplier of td scores is x/],
    [
      'v17-test',
      11,
      '1',
      /: it imitates people .* as KataGo's human nets do \(a metadata encoder\); only nets/,
    ],
    ['v17-test', 11, '2', /: it imitates people/],
    ['v17-test', 13, '1', /a spare field, which must be 0, is 1/],
    ['trunk', 1, '999999999', /its number of blocks is 999999999, not a number from 0 to 256/],
    ['trunk', 1, '5', /a block is trunk\/norm, which is no kind that is known/],
    [
      'trunk',
      2,
      '4096',
      /the convolution trunk\/input, at byte \d+: its number of output channels is 8, not 4096/,
    ],
    ['trunk/input', 1, '4', /it has 4 rows; only odd ones can be read/],
    ['trunk/input', 4, '16000', /output channels is 16000, not 8/],
    ['trunk/input', 5, '2', /its dilation is 2, not 1/],
    ['trunk/block0', 0, '', /the norm 8, at byte \d+: its number of channels is 1e-20, not 8/],
    ['trunk/block0/norm1', 2, '-1', /its epsilon is -1/],
    ['trunk/block0/norm1', 3, '2', /its scale flag is 2/],
    ['trunk/block0/norm1/activation', 1, 'ACTIVATION_TANH', /its kind is ACTIVATION_TANH/],
    ['trunk/block0/conv1', 4, '4096', /the file ends inside its weights/],
    ['trunk/block2', 2, '3', /its 4 heads do not share 3 keys evenly/],
    ['trunk/block2', 3, '6', /no multiple of 4/],
    ['trunk/block3', 3, '0', /its gate flag is 0, not 1/],
    ['policy', 1, '3', /its number of policies is 3/],
    [
      'policy/pass1/kernel',
      1,
      '7',
      /the matrix policy\/pass1\/kernel, at byte \d+: its number of inputs is 7, not 12/,
    ],
    ['ownership/points', 7, '1 2 NaN', /number 2 of its weights is NaN/],
    ['ownership/points', 7, '1 2 1e39', /number 2 of its weights is 1e39/],
    ['ownership/points', 7, '1 2 3 4', /2 bytes follow the end of the net/],
    ['ownership/points', 7, '1.5 2.5', /the file ends before number 2 of its weights/],
  ];
  for (const [record, after, line, message] of cases) {
    const said = refusal(withLine(net, record, after, line));
    expect(said).toMatch(message);
    expect(said).toMatch(/, at byte \d+: /);
  }
});

test('a variance below 0 is refused also where the epsilon would hide it', () => {
  const damaged = (variance: string): Uint8Array => {
    const lines = Buffer.from(
      makeKataGoFile(randomKataGoNet(8, [], 'relu'), { isText: true, isZipped: false }),
    )
      .toString()
      .split('\n');
    const at = lines.indexOf('value/norm');
    lines.splice(at + 2, 1, '0.5');
    lines[at + 6] = `1 ${variance} 1`;
    return Buffer.from(lines.join('\n'));
  };
  expect(refusal(damaged('0'))).toBe('accepted');
  expect(refusal(damaged('-0.25'))).toMatch(
    /^the norm value\/norm, at byte \d+: it has a variance that is neg/,
  );
});

test('transformers are refused before the version that has them, and so is a spec that has them then', () => {
  const own = randomKataGoNet(17, [attention('none'), feedForward], 'relu');
  for (const version of [11, 16]) {
    const lines = Buffer.from(
      makeKataGoFile(randomKataGoNet(version, [], 'relu'), { isText: true, isZipped: false }),
    )
      .toString()
      .split('\n');
    const at = lines.indexOf('trunk');
    lines[at + 1] = '1';
    lines.splice(lines.indexOf('trunk/norm'), 0, 'transformer_ffn_block');
    expect(refusal(Buffer.from(lines.join('\n')))).toMatch(
      /^the matrix trunk\/globals\/kernel, at byte \d+: a block is transformer_ffn_block, before version 17/,
    );
    const { heads } = randomKataGoNet(version, [], 'relu').spec;
    expect(NetSpec.safeParse({ ...own.spec, heads }).success).toBe(false);
  }
});

test('a spec that no file of its version could hold is refused', () => {
  const { spec } = randomKataGoNet(8, [], 'relu');
  const turned = attention('fixed');
  const { spec: newest } = randomKataGoNet(17, [turned], 'mish');
  const withBlock = (change: object): object => ({
    ...newest,
    trunk: { ...newest.trunk, blocks: [{ ...turned, ...change }] },
  });
  for (const [wrong, path] of [
    [{ ...spec, trunk: { ...spec.trunk, activation: 'mish' } }, 'heads.version'],
    [{ ...spec, featureSet: 'katago-v7-suicide' }, 'heads.version'],
    [{ ...spec, heads: { ...spec.heads, policies: 2 } }, 'heads.version'],
    [{ ...spec, heads: { ...spec.heads, scales: { ...spec.heads.scales, lead: 21 } } }, 'heads.version'],
    [withBlock({ kvHeads: 3 }), 'trunk.blocks.0'],
    [withBlock({ queryDim: 6 }), 'trunk.blocks.0'],
  ] as const)
    expect(NetSpec.safeParse(wrong).error?.issues[0].path.join('.')).toContain(path);
  expect(NetSpec.safeParse(withBlock({})).success).toBe(true);
  expect(NetSpec.safeParse(withBlock({ queryDim: 6, rope: { kind: 'learned' } })).success).toBe(true);
  expect(NetSpec.safeParse(withBlock({ queryDim: 7, rope: { kind: 'none' } })).success).toBe(true);
});

test('what is no net, or unzips to no net, is refused before it is unzipped', () => {
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('hello'),
    gzipSync(Buffer.alloc(50_000_000)),
    gzipSync('hello'),
  ])
    expect(refusal(bytes)).toMatch(/does not begin like a KataGo net, at byte 0/);
  const zipped = makeKataGoFile(randomKataGoNet(8, [], 'relu'), { isText: false, isZipped: true });
  expect(refusal(zipped.subarray(0, zipped.length - 20))).toMatch(/cannot be unzipped/);
  zipped[zipped.length - 6] ^= 1;
  expect(refusal(zipped)).toMatch(/cannot be unzipped/);
});

test('what a net file of ours could not say is refused', () => {
  const { spec, provenance } = randomKataGoNet(15, [], 'relu');
  for (const [width, reason] of [
    ['valueHidden', /outputs is 4097, not a number from 1 to 4096/],
    ['policyChannels', /output channels is 4097, not a number from 1 to 4096/],
  ] as const) {
    const wide = { ...spec, heads: { ...spec.heads, [width]: 4097 } };
    expect(NetSpec.safeParse(wide).success).toBe(false);
    const net = { spec: wide, provenance, weights: randomWeights(wide, 1) };
    expect(refusal(makeKataGoFile(net, BINARY))).toMatch(reason);
  }
});

test('a weight that is no finite number is refused', () => {
  const net = randomKataGoNet(8, [], 'relu');
  const values = Float32Array.of(1, 2, Infinity);
  const bytes = makeKataGoFile(
    { ...net, weights: new Map(net.weights).set('ownership/points/kernel', { shape: [1, 1, 3, 1], values }) },
    BINARY,
  );
  expect(refusal(bytes)).toMatch(
    /^the convolution ownership\/points, at byte \d+: number 2 of its weights is not finite/,
  );
});

const net = randomKataGoNet(17, [ordinary('relu'), attention('learned'), gpool('silu')], 'relu');
const files = FORMS.filter(({ isZipped }) => !isZipped).map((form) => makeKataGoFile(net, form));

test.each(files)('a file that is cut off is refused wherever it is cut', (bytes) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: bytes.length - 3 }), (length) => {
      const said = refusal(bytes.subarray(0, length));
      // The last digits of a text may be missed by nobody.
      if (said !== 'accepted') expect(said).toMatch(/at byte \d+: /);
      else expect(bytes.length - length).toBeLessThan(20);
    }),
  );
});

test.each(files)('flipped bytes are refused with the place, or are weights and names', (bytes) => {
  const change = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
      const damaged = Uint8Array.from(bytes);
      for (const [at, value] of changes) damaged[at] = value;
      const result = parseKataGo(damaged);
      if (!result.ok) expect(result.message).toMatch(/at byte \d+: /);
      else expect(weightsProblem(result.net.spec, result.net.weights)).toBeNull();
    }),
    { numRuns: 1000 },
  );
});

test('numbers made huge are refused, whatever they count', () => {
  const text = Buffer.from(makeKataGoFile(net, { isText: true, isZipped: false })).toString();
  const lines = text.split('\n');
  const counts = lines.flatMap((line, i) => (/^\d{1,2}$/.test(line) && i > 0 ? [i] : []));
  fc.assert(
    fc.property(
      fc.constantFrom(...counts),
      fc.constantFrom('256', '4096', '16384', '2147483647', '9'.repeat(15), '1e9', '-1'),
      (at, huge) => {
        const damaged = [...lines];
        damaged[at] = huge;
        const said = refusal(Buffer.from(damaged.join('\n')));
        // Only the widths in the trunk's header and the multipliers may be that large.
        if (said === 'accepted') expect(at).toBeLessThan(lines.indexOf('trunk') + 8);
        else expect(said).toMatch(/at byte \d+: /);
      },
    ),
    { numRuns: 300 },
  );
});
