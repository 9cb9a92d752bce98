/** KataGo's nets evaluated by ONNX Runtime and by tfjs, which agree; and what their raw outputs are. */
import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import type { NetFile } from '#nets/file.ts';
import { expectSameOutputs, modelOutputs, onnxOutputs, randomInputs } from '../net-outputs.ts';
import { everyNet } from './random-nets.ts';
import { hasNets, readNet } from './shared-nets.ts';

/** Nets of KataGo's own tests: versions 11, 9, 8, and two transformers of version 17. */
const NETS = [
  'tinymish',
  'tinymodel',
  'g170-b6c96-s175395328-d26788732',
  'b7c96h3tfrs-test5-cnorm',
  'b7c96h6kv3qk32v16tflrs-fson-bnh',
];

beforeAll(() => useBackend('wasm'));

async function expectParity(net: NetFile): Promise<void> {
  const mixed = randomInputs(net, [[9, 9], [7, 9], [5, 6], [9, 4]], 1); // prettier-ignore
  expectSameOutputs(await onnxOutputs(net, mixed), modelOutputs(net, mixed));
  const full = randomInputs(net, [[7, 6], [7, 6]], 2); // prettier-ignore
  const expected = modelOutputs(net, full);
  expectSameOutputs(await onnxOutputs(net, full), expected);
  expectSameOutputs(await onnxOutputs(net, full, { fullBoards: true }), expected);
}

describe('ONNX Runtime gives what the tfjs model gives, on boards of one size and of several', () => {
  test.each(everyNet())('%s', (_, net) => expectParity(net));
  test.skipIf(!hasNets).each(NETS)('KataGo net %s (needs ../shared)', (name) => expectParity(readNet(name)));
});

test('the raw outputs go by the version: probabilities sum to 1, and errors come from version 9 on', async () => {
  for (const [title, net] of everyNet()) {
    const { outcome, value, valueError, scoreError, varianceTime } = await onnxOutputs(
      net,
      randomInputs(net, [[5, 5]], 3),
      { raw: true },
    );
    expect(outcome[0] + outcome[1] + outcome[2], title).toBeCloseTo(1, 5);
    expect(value[0], title).toBeCloseTo(outcome[0] - outcome[1], 5);
    expect(varianceTime[0], title).toBeGreaterThan(0);
    const hasErrors = net.spec.heads.version >= 9;
    expect([valueError !== undefined, scoreError !== undefined], title).toEqual([hasErrors, hasErrors]);
  }
});

test('where a superko rule decides an area-scored game there is no game without result', async () => {
  const [, net] = everyNet()[0];
  const inputs = randomInputs(net, [[5, 5]], 4);
  const noResult = async (superko: number, territory: number): Promise<number> => {
    const globals = inputs.globals.slice();
    [globals[6], globals[9]] = [superko, territory];
    return (await onnxOutputs(net, { ...inputs, globals }, { raw: true })).outcome[2];
  };
  expect(await noResult(1, 0)).toBe(0);
  for (const [superko, territory] of [
    [0, 0],
    [0, 1],
    [1, 1],
  ])
    // prettier-ignore
    expect(await noResult(superko, territory)).toBeGreaterThan(0);
});
