/** KataGo's nets evaluated, against KataGo's own numbers. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { BLACK, WHITE } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { parseDiagram } from '#engine/record/diagram.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { FEATURE_SETS } from '#nets/features/feature-set.ts';
import { openRawNet } from '#nets/inference/raw-opinion.ts';
import { onnxGraph } from '#nets/onnx/export.ts';
import { modelBytes } from '#nets/onnx/proto.ts';
import { boardOutputs, modelOutputs, onnxOutputs } from '../net-outputs.ts';
import type { Inputs, Outputs } from '../net-outputs.ts';
import { tf32Graph, withTf32 } from '../tf32.ts';
import { SHARED_NETS, hasNets, readNet } from './shared-nets.ts';

beforeAll(() => useBackend('wasm'));

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
    hasNets
      ? readFileSync(new URL('golden-b6c96-9x9.json', SHARED_NETS), 'utf8')
      : '{"cases":[{"evals":[]}]}',
  ) as { cases: { evals: Golden[] }[] };

  /** KataGo's numbers are of a GPU at reduced precision, which shows most where a probability is large: of 0.295 it says
   * 0.00086 less or more than the same sums in float64. */
  const inFloat32 = (probability: number): number => 1e-4 + 3e-3 * probability;

  function expectGolden(outputs: Outputs, expected: Golden, tolerance = inFloat32): void {
    const { symmetry } = expected;
    const points = expected.policy.flatMap((row, y) =>
      row.map((probability, x) => ({ probability, x, y, at: place(symmetry, x, y) })),
    );
    const legal = points.filter(({ probability }) => probability !== null);
    const pass = Math.exp(outputs.policy[size * size]);
    const sum = legal.reduce((total, { at }) => total + Math.exp(outputs.policy[at]), pass);
    for (const { probability, at } of legal)
      expect(Math.abs(Math.exp(outputs.policy[at]) / sum - (probability ?? NaN))).toBeLessThan(
        tolerance(probability ?? NaN),
      );
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
      const net = readNet('g170-b6c96-s175395328-d26788732');
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

  test.each(cases[0].evals)(
    'on b6c96 under symmetry $symmetry to 5e-4 everywhere, where operands are rounded as on such a GPU',
    async (expected) => {
      const net = readNet('g170-b6c96-s175395328-d26788732');
      const inputs = golden(expected.symmetry);
      const graph = modelBytes(tf32Graph(onnxGraph(net)));
      expectGolden(await boardOutputs(graph, net, inputs), expected, () => 5e-4);
      expectGolden(
        withTf32(() => modelOutputs(net, inputs)),
        expected,
        () => 5e-4,
      );
    },
  );

  test('on b6c96 asked as a player asks it', async () => {
    const net = await openRawNet(readNet('g170-b6c96-s175395328-d26788732'));
    let position = Position.start({ width: size, height: size, rules: RULE_PRESETS.chinese });
    for (const move of [6 * size + 2, 3 * size + 2]) {
      const played = position.play(move);
      if (played.ok) position = played.position;
    }
    const opinions = await net.opinions(
      position,
      cases[0].evals.map(({ symmetry }) => symmetry),
    );
    opinions.forEach(({ evaluation, heads }, i) => {
      const expected = cases[0].evals[i];
      expect(Math.abs((heads?.loss ?? NaN) - expected.whiteWin)).toBeLessThan(5e-4);
      expect(Math.abs((heads?.noResult ?? NaN) - expected.noResult)).toBeLessThan(5e-6);
      expect(Math.abs((heads?.scoreMeanSquare ?? NaN) - expected.whiteScoreSelfplaySq)).toBeLessThan(0.1);
      expect(heads?.valueError).toBeNaN();
      const { valueToPlay, scoreToPlay, ownershipToPlay } = evaluation;
      expect((1 - expected.noResult - valueToPlay) / 2).toBeCloseTo(heads?.loss ?? NaN, 5);
      expect(Math.abs(-scoreToPlay - expected.whiteLead)).toBeLessThan(0.01);
      expected.whiteOwnership.flat().forEach((owner, p) => {
        expect(Math.abs(-(ownershipToPlay?.[p] ?? NaN) - owner)).toBeLessThan(1e-3);
      });
    });
    await net.close();
  });
});

const LARGE = `
  . . . . . . . . . . . . . . . . . . .
  . . . . . . . . . . . . . . . . . . .
  . . X X . . . . . . O . X . . O O . .
  . . X O . O . . . . . . . . . O X . .
  . . . . . . . . . . . . . . . . X . .
  . . . X . . . . . . . . . . O O X . .
  . . . . . . . . . . . . . . . X . . .
  . . . . . . . . . . . . . . . . . . .
  . . . . . . . . . . . . . . . . . . .
  . . X . . . . . . . . . . . . . . . .
  . . . . . . . . . . . . . . . . . . .
  . . . . . . . . . . . . . . . . . . .
  . . . . . . . . . . . . . . . . . . .
  . . . . . O . . . . . . . O . X . . .
  . . . O . X . . . . . . . . . . . . .
  . . X O . . . . . . . . . O . X . . .
  . . X X O O O . . . . . . O X . . . .
  . . . . X X . . . . . . . . . . . . .
  . . . . . . . . . . . . . . . . . . .`;
const SMALL = `
  . . . . . . . . . . . . .
  . . . . O . . . . X X X .
  . . X X . . . . . . O X .
  . . X O . O . X O O . O .
  . . . X O . . O X X X X X
  . . . . . . . . X . . . .`;

/** Black to play by Tromp-Taylor rules. Numbers of KataGo's test of its tiny nets, cpp/tests/tinymodel.cpp (MIT). */
const TINY = [
  {
    title: 'version 9 with relu, on 19x19',
    net: 'tinymodel',
    diagram: LARGE,
    symmetry: 6,
    whiteWin: 0.43298,
    tolerance: 1e-4,
    points: { scoreMean: -0.81, lead: -0.61 },
    pointsTolerance: 0.02,
    meanSquare: 130.83,
    varianceTime: 15.79,
    valueError: 0.22408,
    scoreError: 2.787,
  },
  {
    title: 'version 11 with mish and a nested bottleneck, on 19x19',
    net: 'tinymish',
    diagram: LARGE,
    symmetry: 7,
    whiteWin: 0.4792,
    tolerance: 1e-3,
    points: { scoreMean: -0.7, lead: -0.8 },
    pointsTolerance: 0.1,
    meanSquare: 212,
    varianceTime: 15.2,
    valueError: 0.531,
    scoreError: 4.7,
  },
  {
    title: 'version 11 with mish and a nested bottleneck, on 13x6',
    net: 'tinymish',
    diagram: SMALL,
    symmetry: 1,
    whiteWin: 0.3913,
    tolerance: 1e-3,
    points: { scoreMean: -0.5, lead: -0.9 },
    pointsTolerance: 0.1,
    meanSquare: 347.9,
    varianceTime: 10,
    valueError: 0.516,
    scoreError: 3.4,
  },
];

/** As the net sees it under a symmetry that keeps its shape. */
function inputsOf(diagram: string, symmetry: number): Inputs {
  const { width, height, stones } = parseDiagram(diagram);
  const of = (color: number): number[] => [...stones].flatMap((stone, p) => (stone === color ? [p] : []));
  const position = Position.start({
    width,
    height,
    rules: RULE_PRESETS['tromp-taylor'],
    setup: { black: of(BLACK), white: of(WHITE) },
    toPlay: BLACK,
  });
  const features = FEATURE_SETS['katago-v7'];
  const area = width * height;
  const planes = new Float32Array(features.planes * area);
  const globals = new Float32Array(features.globals);
  const strides = { columns: width, pointStride: 1, planeStride: area, planesOffset: 0, globalsOffset: 0 };
  features.encode(position, symmetry, { planes, globals, ...strides });
  return { planes, globals, count: 1, height, width };
}

describe.skipIf(!hasNets)('KataGo itself agrees on its tiny nets (needs ../shared)', () => {
  test.each(TINY)('$title', async (tiny) => {
    const { net, diagram, symmetry, whiteWin, tolerance, points, pointsTolerance } = tiny;
    const raw = await onnxOutputs(readNet(net), inputsOf(diagram, symmetry), { raw: true });
    const near = (value: number, expected: number, within: number): void =>
      expect(Math.abs(value - expected)).toBeLessThan(within);
    near(raw.outcome[1], whiteWin, tolerance);
    near(-20 * raw.scoreMean[0], points.scoreMean, pointsTolerance);
    near(-20 * raw.score[0], points.lead, pointsTolerance);
    near(400 * (raw.stdev[0] ** 2 + raw.scoreMean[0] ** 2), tiny.meanSquare, 0.5);
    near(raw.varianceTime[0], tiny.varianceTime, 0.1);
    near(raw.valueError[0], tiny.valueError, 1e-3);
    near(20 * raw.scoreError[0], tiny.scoreError, 0.06);
  });
});

test.skipIf(!hasNets)(
  'transformers, for which there are no such numbers, think of a position what a convolutional net does (needs ../shared)',
  async () => {
    const inputs = inputsOf(LARGE, 0);
    const lead = async (name: string): Promise<number> =>
      20 * (await onnxOutputs(readNet(name), inputs)).score[0];
    const expected = await lead('g170-b6c96-s175395328-d26788732');
    expect(expected).toBeGreaterThan(15);
    for (const name of ['b7c96h3tfrs-test5-cnorm', 'b7c96h6kv3qk32v16tflrs-fson-bnh'])
      expect(Math.abs((await lead(name)) - expected)).toBeLessThan(5);
  },
);
