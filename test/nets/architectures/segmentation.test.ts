/** The U-shaped head of ownership. */
import { beforeAll, expect, test } from 'vitest';
import { segmentation } from '#nets/architectures/segmentation.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { inspectNet } from '#nets/inspect/inspect.ts';
import { exportKataGo } from '#nets/katago/export.ts';
import { NetSpec, resnetSpec } from '#nets/spec.ts';
import { onBoard, padded } from '../buffers.ts';
import { expectSameOutputs, modelOutputs, onnxOutputs, randomInputs } from '../net-outputs.ts';
import { randomNet } from './small-nets.ts';
import { wiring } from './wiring.ts';

beforeAll(() => useBackend('cpu'));

const plain = resnetSpec(1, 6);
const spec = NetSpec.parse({ ...plain, heads: { ...plain.heads, ownership: 'unet' } });

test('it halves boards twice and comes back to every point, and sees far', () => {
  const { layers } = inspectNet(spec, 9);
  const outputs = (part: string): unknown =>
    layers.filter(({ name }) => name.startsWith(`ownership/${part}`)).map(({ output }) => output);
  expect(outputs('half')).toEqual([[5, 5, 6], [3, 3, 6]]); // prettier-ignore
  expect(outputs('beside')).toEqual([[5, 5, 12], [9, 9, 12]]); // prettier-ignore
  const field = (of: NetSpec): unknown =>
    inspectNet(of, 19).layers.find(({ name }) => name === 'ownership/points')?.field.side;
  expect(field(plain)).toBe(7);
  expect(field(spec)).toBeGreaterThan(19);
});

const wired = wiring('board', (l) => segmentation(l, 'ownership', 'map', 6));

test('what it halves by is the largest of four points (Ronneberger et al. 2015, section 2)', () => {
  const windows = [...wired.values()].filter(({ word }) => word === 'window').map(({ args }) => args[1]);
  const halving = { kind: 'max', size: 2, stride: 2 };
  expect(windows).toEqual([halving, halving]);
});

test('on the way up what comes from below stands beside the map of that size from the way down (figure 1)', () => {
  expect(wired.get('ownership/beside1')?.args).toEqual([['ownership/double1', 'ownership/down1/bn']]);
  expect(wired.get('ownership/beside0')?.args).toEqual([['ownership/double0', 'map']]);
});

test.each([8, 9, 13])(
  'on boards of %i a side it says the same alone and in a larger buffer, here and in ONNX Runtime',
  async (side) => {
    const net = randomNet(spec);
    const alone = randomInputs(net, [[side, side]], 2);
    const expected = modelOutputs(net, alone);
    const inBuffer = padded(alone, 19);
    expectSameOutputs(onBoard(modelOutputs(net, inBuffer), 19, side), expected);
    expectSameOutputs(onBoard(await onnxOutputs(net, inBuffer), 19, side), expected);
    expectSameOutputs(await onnxOutputs(net, alone, { fullBoards: true }), expected);
  },
);

test("it has no form in KataGo's format", () => {
  expect(exportKataGo(randomNet(spec), { isText: true, isZipped: false })).toEqual({
    ok: false,
    message: "KataGo's format has no form for a U-shaped head of ownership",
  });
});
