/** KataGo's nets evaluated by ONNX Runtime and by tfjs, which agree; and what their raw outputs are. */
import { beforeAll, describe, expect, test } from 'vitest';
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { useBackend } from '#nets/backend/backends.ts';
import type { NetFile } from '#nets/file.ts';
import { openRawNet } from '#nets/inference/raw-opinion.ts';
import { DEFAULT_SCALES } from '#nets/katago/outputs.ts';
import { expectSameOutputs, modelOutputs, onnxOutputs, randomInputs } from '../net-outputs.ts';
import { everyNet, randomKataGoNet } from './random-nets.ts';
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

describe('what the raw numbers of the value head come to, by hand from the description of the format', () => {
  const OUTCOMES = [0.4, -0.3, -1.2];
  const SCORES = [0.7, 0.2, -0.6, 0.9, -0.4, 1.3];
  const softplus = (x: number): number => Math.log1p(Math.exp(x));

  /** The net with a value head that says these numbers of every position. */
  function saying(net: NetFile): NetFile {
    const weights = new Map(net.weights);
    for (const [name, numbers] of [
      ['value/outcomes', OUTCOMES],
      ['value/scores', SCORES],
    ] as const) {
      const { shape, values } = weights.get(`${name}/kernel`)!;
      weights.set(`${name}/kernel`, { shape, values: new Float32Array(values.length) });
      const values32 = Float32Array.from(numbers.slice(0, shape[1]));
      weights.set(`${name}/bias`, { shape: [values32.length], values: values32 });
    }
    return { ...net, weights };
  }

  test.each([8, 9, 10, 12, 13, 14, 17])('version %d', async (version) => {
    const plain = randomKataGoNet(version, [], 'relu');
    const scales =
      version < 13
        ? DEFAULT_SCALES
        : { ...DEFAULT_SCALES, scoreMean: 22, scoreStdev: 23, lead: 24, varianceTime: 41, valueError: 0.3, scoreError: 31 }; // prettier-ignore
    const heads = { ...plain.spec.heads, scales };
    const net = saying({ ...plain, spec: { ...plain.spec, heads } });
    const inputs = randomInputs(net, [[5, 5]], 5);
    // Without superko, so that no result is possible.
    inputs.globals[6] = 0;

    const exponentials = OUTCOMES.map(Math.exp);
    const all = exponentials.reduce((sum, x) => sum + x, 0);
    const [win, loss, none] = exponentials.map((x) => x / all);
    const known = 1 - none;
    const mean = SCORES[0] * scales.scoreMean;
    const stdev = softplus(SCORES[1]) * scales.scoreStdev;
    const error = (x: number, scale: number): number =>
      version < 14 ? Math.sqrt(softplus(x) * scale) : Math.sqrt(softplus(x / 2) ** 2 * scale);
    // Of points 20 are a unit.
    const played = {
      value: win - loss,
      score: (SCORES[2] * scales.lead * known) / 20,
      stdev: Math.sqrt((mean ** 2 + stdev ** 2) * known - (mean * known) ** 2) / 20,
    };
    const expected: Record<string, number> = {
      ...played,
      scoreMean: (mean * known) / 20,
      varianceTime: softplus(SCORES[3]) * scales.varianceTime,
    };
    if (version === 9)
      Object.assign(expected, {
        valueError: softplus(SCORES[4]),
        scoreError: (10 * softplus(SCORES[5])) / 20,
      });
    if (version > 9)
      Object.assign(expected, {
        valueError: error(SCORES[4], scales.valueError),
        scoreError: error(SCORES[5], scales.scoreError) / 20,
      });
    const said = await onnxOutputs(net, inputs, { raw: true });
    for (const [name, number] of Object.entries(expected)) expect(said[name][0], name).toBeCloseTo(number, 4);
    const model = modelOutputs(net, inputs);
    for (const [name, number] of Object.entries(played)) expect(model[name][0], name).toBeCloseTo(number, 4);

    const asked = await openRawNet(net);
    const position = Position.start({ width: 5, height: 5, rules: RULE_PRESETS.chinese });
    const [{ evaluation, heads: told }] = await asked.opinions(position, [3]);
    await asked.close();
    if (told === null) throw new Error('the net has these heads');
    const inUnits: Record<string, number> = {
      ...told,
      value: evaluation.valueToPlay,
      score: evaluation.scoreToPlay / 20,
      stdev: evaluation.scoreStdev / 20,
      scoreMean: told.scoreMean / 20,
      scoreError: told.scoreError / 20,
    };
    for (const [name, number] of Object.entries(expected)) expect(inUnits[name], name).toBeCloseTo(number, 4);
    expect(told.scoreMeanSquare / 400).toBeCloseTo(((mean ** 2 + stdev ** 2) * known) / 400, 4);
  });

  test('a score without deviation has none, though win and loss are rounded to more than 1 together', async () => {
    const plain = randomKataGoNet(15, [], 'relu');
    const { shape } = plain.weights.get('value/scores/kernel')!;
    const weights = new Map(plain.weights)
      .set('value/scores/kernel', { shape, values: new Float32Array(shape[0] * shape[1]) })
      .set('value/scores/bias', { shape: [6], values: Float32Array.of(5, -100, 0, 0, 0, 0) });
    const net = { ...plain, weights };
    const inputs = randomInputs(net, Array<[number, number]>(64).fill([5, 5]), 6);
    // Superko, so that a result is certain.
    for (let board = 0; board < 64; board++)
      [inputs.globals[19 * board + 6], inputs.globals[19 * board + 9]] = [1, 0];
    for (const { stdev } of [await onnxOutputs(net, inputs), modelOutputs(net, inputs)])
      for (const one of stdev) expect(Math.abs(one)).toBeLessThan(1e-2);
  });
});

test('where a superko rule decides an area-scored game there is no game without result', async () => {
  const [, net] = everyNet()[0];
  const inputs = randomInputs(net, [[5, 5]], 4);
  const noResult = async (superko: number, territory: number): Promise<number> => {
    const globals = inputs.globals.slice();
    [globals[6], globals[9]] = [superko, territory];
    const { outcome, value } = await onnxOutputs(net, { ...inputs, globals }, { raw: true });
    expect(modelOutputs(net, { ...inputs, globals }).value[0]).toBeCloseTo(value[0], 5);
    return outcome[2];
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
