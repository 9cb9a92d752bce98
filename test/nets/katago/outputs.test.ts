/** KataGo's nets evaluated: against KataGo's own numbers, and ONNX Runtime against tfjs. */
import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { evaluateAll } from '#engine/search/evaluator.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { makeEvaluator } from '#nets/evaluator.ts';
import type { NetFile } from '#nets/file.ts';
import { parseKataGo } from '#nets/katago/parse.ts';
import { expectSameOutputs, modelOutputs, onnxOutputs, randomInputs } from '../net-outputs.ts';
import type { Inputs, Outputs } from '../net-outputs.ts';
import { everyNet } from './random-nets.ts';

const FOLDER = new URL('../../../../shared/data/nets/', import.meta.url);
const hasNets = existsSync(FOLDER);
/** Nets of KataGo's own tests: versions 11, 9, 8, and two transformers of version 17. */
const NETS = [
  'tinymish',
  'tinymodel',
  'g170-b6c96-s175395328-d26788732',
  'b7c96h3tfrs-test5-cnorm',
  'b7c96h6kv3qk32v16tflrs-fson-bnh',
];

function read(name: string): NetFile {
  const parsed = parseKataGo(readFileSync(new URL(`${name}.bin.gz`, FOLDER)));
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.net;
}

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
  test.skipIf(!hasNets).each(NETS)('KataGo net %s (needs ../shared)', (name) => expectParity(read(name)));
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

type Golden = {
  readonly symmetry: number;
  readonly whiteWin: number;
  readonly whiteLead: number;
  readonly whiteScoreSelfplay: number;
  readonly whiteScoreSelfplaySq: number;
  readonly noResult: number;
  readonly policyPass: number;
  readonly policy: readonly (readonly (number | null)[])[];
  readonly whiteOwnership: readonly (readonly number[])[];
};

describe.skipIf(!hasNets)('KataGo itself agrees (needs ../shared)', () => {
  const size = 9;
  /** The point where a symmetry shows (x, y): flips the rows, then the columns, then transposes. */
  const place = (symmetry: number, x: number, y: number): number => {
    const [column, row] = [symmetry & 2 ? size - 1 - x : x, symmetry & 1 ? size - 1 - y : y];
    return symmetry & 4 ? column * size + row : row * size + column;
  };

  /** Black C3, white C6, black to play; Chinese rules, komi 7.5. */
  function golden(symmetry: number): Inputs {
    const area = size * size;
    const planes = new Float32Array(22 * area);
    const [black, white] = [place(symmetry, 2, 6), place(symmetry, 2, 3)];
    planes.fill(1, 0, area);
    // Own stones, the move before the last, own area.
    for (const plane of [1, 10, 18]) planes[plane * area + black] = 1;
    for (const plane of [2, 9, 19]) planes[plane * area + white] = 1;
    const globals = new Float32Array(19);
    [globals[5], globals[18]] = [-7.5 / 20, -0.5];
    return { planes, globals, count: 1, height: size, width: size };
  }

  const { cases } = JSON.parse(
    hasNets ? readFileSync(new URL('golden-b6c96-9x9.json', FOLDER), 'utf8') : '{"cases":[{"evals":[]}]}',
  ) as { cases: { evals: Golden[] }[] };

  function expectGolden(outputs: Outputs, expected: Golden): void {
    const { symmetry } = expected;
    const points = expected.policy.flatMap((row, y) =>
      row.map((probability, x) => ({ probability, x, y, at: place(symmetry, x, y) })),
    );
    const legal = points.filter(({ probability }) => probability !== null);
    const pass = Math.exp(outputs.policy[size * size]);
    const sum = legal.reduce((total, { at }) => total + Math.exp(outputs.policy[at]), pass);
    // KataGo's numbers are of a GPU at reduced precision, which shows most where a probability is large.
    for (const { probability, at } of legal)
      expect(Math.abs(Math.exp(outputs.policy[at]) / sum - (probability ?? NaN))).toBeLessThan(1e-3);
    expect(Math.abs(pass / sum - expected.policyPass)).toBeLessThan(1e-5);
    for (const { x, y, at } of points)
      expect(Math.abs(-outputs.ownership[at] - expected.whiteOwnership[y][x])).toBeLessThan(1e-3);
    const lossToPlay = (1 - expected.noResult - outputs.value[0]) / 2;
    expect(Math.abs(lossToPlay - expected.whiteWin)).toBeLessThan(5e-4);
    expect(Math.abs(-20 * outputs.score[0] - expected.whiteLead)).toBeLessThan(0.01);
    const stdev = Math.sqrt(expected.whiteScoreSelfplaySq - expected.whiteScoreSelfplay ** 2);
    expect(Math.abs(20 * outputs.stdev[0] - stdev)).toBeLessThan(0.01);
  }

  test.each(cases[0].evals)(
    'on b6c96 under symmetry $symmetry, in ONNX Runtime and in tfjs',
    async (expected) => {
      const net = read('g170-b6c96-s175395328-d26788732');
      const inputs = golden(expected.symmetry);
      const raw = await onnxOutputs(net, inputs, { raw: true });
      expectGolden(raw, expected);
      expectGolden(await onnxOutputs(net, inputs, { fullBoards: true }), expected);
      expectGolden(modelOutputs(net, inputs), expected);
      expect(Math.abs(raw.outcome[1] - expected.whiteWin)).toBeLessThan(5e-4);
      expect(Math.abs(raw.outcome[2] - expected.noResult)).toBeLessThan(5e-6);
      expect(Math.abs(-20 * raw.scoreMean[0] - expected.whiteScoreSelfplay)).toBeLessThan(0.01);
    },
  );

  test('on b6c96 asked as a player asks it', async () => {
    const evaluator = await makeEvaluator(read('g170-b6c96-s175395328-d26788732'));
    let position = Position.start({ width: size, height: size, rules: RULE_PRESETS.chinese });
    for (const move of [6 * size + 2, 3 * size + 2]) {
      const played = position.play(move);
      if (played.ok) position = played.position;
    }
    const requests = cases[0].evals.map(({ symmetry }) => ({ position, symmetry }));
    const evaluations = await evaluateAll(evaluator, requests);
    evaluations.forEach(({ valueToPlay, scoreToPlay, ownershipToPlay }, i) => {
      const expected = cases[0].evals[i];
      const lossToPlay = (1 - expected.noResult - valueToPlay) / 2;
      expect(Math.abs(lossToPlay - expected.whiteWin)).toBeLessThan(5e-4);
      expect(Math.abs(-scoreToPlay - expected.whiteLead)).toBeLessThan(0.01);
      expected.whiteOwnership.flat().forEach((owner, p) => {
        expect(Math.abs(-(ownershipToPlay?.[p] ?? NaN) - owner)).toBeLessThan(1e-3);
      });
    });
    await evaluator.close();
  });
});
