/** What KataGo's value head says of the game, as ONNX nodes. */
import type { Judgement } from '../architectures/layers.ts';
import { SCORE_SCALE } from '../architectures/net.ts';
import { IMPOSSIBLE, SCORE_CHANNEL, SUPERKO_GLOBAL, TERRITORY_GLOBAL } from '../katago/outputs.ts';
import { scoreOutputs } from '../katago/spec.ts';
import type { KataGoHeads } from '../katago/spec.ts';
import type { GraphBuilder } from './graph.ts';
import { makeVector } from './value.ts';
import type { Value } from './value.ts';

/** Points to a unit of the score error in version 9. KataGo's. */
const V9_SCORE_ERROR = 10;

/**
 * Win, loss and no result are a softmax, without the last where a superko rule decides an area-scored game; the means of
 * score and squared score count a game without result as 0 points (KataGo's NNEvaluator).
 * @param raw whether to give the further outputs that `toOnnx` names.
 */
export function judgement(
  graph: GraphBuilder,
  outcomes: Value,
  scores: Value,
  heads: KataGoHeads,
  raw: boolean,
): Judgement<Value> {
  const { scales } = heads;
  const column = (x: string, at: number): string =>
    graph.op('Slice', [x, graph.ints([at]), graph.ints([at + 1]), graph.ints([1])]);
  const mul = (...factors: string[]): string => factors.reduce((x, y) => graph.op('Mul', [x, y]));
  const score = (channel: keyof typeof SCORE_CHANNEL): string =>
    column(scores.emit(), SCORE_CHANNEL[channel]);
  const inUnits = (x: string, points: number): string => mul(x, graph.scalar(points / SCORE_SCALE));

  const probabilities = (): string =>
    graph.once('outcome', () => {
      const superko = column('globals', SUPERKO_GLOBAL);
      const territory = column('globals', TERRITORY_GLOBAL);
      const isImpossible = mul(superko, graph.op('Sub', [graph.scalar(1), territory]));
      const ban = mul(isImpossible, graph.floats([1, 3], [0, 0, -IMPOSSIBLE]));
      return graph.op('Softmax', [graph.op('Add', [outcomes.emit(), ban])], [{ name: 'axis', int: 1 }]);
    });
  const weighted = (weights: number[]): string =>
    graph.op('MatMul', [probabilities(), graph.floats([3, 1], weights)]);
  const known = (): string => graph.once('known', () => weighted([1, 1, 0]));
  const lead = (): string => mul(inUnits(score('lead'), scales.lead), known());
  const mean = (): string => graph.once('mean', () => inUnits(score('mean'), scales.scoreMean));
  const stdev = (): string => {
    const ofKnown = inUnits(softplus(graph, score('stdev')), scales.scoreStdev);
    const square = mul(graph.op('Add', [mul(mean(), mean()), mul(ofKnown, ofKnown)]), known());
    const expected = mul(mean(), known());
    const variance = graph.op('Sub', [square, mul(expected, expected)]);
    return graph.op('Sqrt', [graph.op('Max', [variance, graph.scalar(0)])]);
  };

  const inputs = [outcomes, scores];
  const vector = (emit: () => string): Value => makeVector(1, inputs, emit);
  if (raw) {
    const output = (name: string, width: number, x: string): void => {
      graph.op('Identity', [x], [], name);
      graph.graph.outputs.push({ name, shape: ['B', width] });
    };
    output('outcome', 3, probabilities());
    output('scoreMean', 1, mul(mean(), known()));
    output('varianceTime', 1, mul(softplus(graph, score('varianceTime')), graph.scalar(scales.varianceTime)));
    if (scoreOutputs(heads) > SCORE_CHANNEL.scoreError) {
      output('valueError', 1, shortTermError(graph, heads, score('valueError'), scales.valueError, 1));
      const scoreError = shortTermError(graph, heads, score('scoreError'), scales.scoreError, V9_SCORE_ERROR);
      output('scoreError', 1, mul(scoreError, graph.scalar(1 / SCORE_SCALE)));
    }
  }
  return { value: vector(() => weighted([1, -1, 0])), score: vector(lead), stdev: vector(stdev) };
}

/**
 * ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|) of a few numbers, by way of double precision: in single precision ONNX Runtime
 * rounds it by its place in the batch, and a game would depend on what others are played beside it.
 */
function softplus(graph: GraphBuilder, x: string): string {
  const wide = graph.cast(x, 'double');
  const number = (value: number): string => graph.cast(graph.scalar(value), 'double');
  const small = graph.op('Exp', [graph.op('Neg', [graph.op('Abs', [wide])])]);
  const rest = graph.op('Log', [graph.op('Add', [small, number(1)])]);
  return graph.cast(graph.op('Add', [graph.op('Max', [wide, number(0)]), rest]), 'float');
}

/** The short-term error behind a raw output: a scaled softplus in version 9, the root of one as a square from 10 on, whose own square it is from 14 on. */
function shortTermError(
  graph: GraphBuilder,
  { version }: KataGoHeads,
  x: string,
  squareScale: number,
  v9Scale: number,
): string {
  const times = (y: string, factor: number): string => graph.op('Mul', [y, graph.scalar(factor)]);
  if (version === 9) return times(softplus(graph, x), v9Scale);
  if (version < 14) return graph.op('Sqrt', [times(softplus(graph, x), squareScale)]);
  return times(softplus(graph, times(x, 0.5)), Math.sqrt(squareScale));
}
