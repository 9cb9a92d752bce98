/** Dormand and Prince's method as a loop of ONNX nodes, in which each board has its own time and size of step. */
import { MAX_STEPS, REACH, UP_FRONT } from '../ode/adaptive.ts';
import type { Tolerance } from '../ode/algebra.ts';
import { GROW, GUESS, SAFETY, SHRINK, STEADY, TINY } from '../ode/step-size.ts';
import { DORMAND_PRINCE, DORMAND_PRINCE_ERROR, takeStep, termsOf } from '../ode/tableau.ts';
import type { Stepper } from '../ode/tableau.ts';
import type { Boards } from './board.ts';
import type { GraphBuilder } from './graph.ts';
import { advance } from './ode-slope.ts';
import type { GraphSlope } from './ode-slope.ts';

/** The output. */
const EVALUATIONS = 'evaluations';

/** See `Algebra.norm`. */
type Norm = (e: string, x: string, y: string) => string;

/**
 * As `solveAdaptively` does it. Gives the net an output `evaluations` [B, 1], how often f was evaluated for each board, which
 * is no number where the solver could not go on.
 */
export function adaptive(
  graph: GraphBuilder,
  boards: Boards,
  f: GraphSlope,
  start: string,
  tolerance: Tolerance,
): string {
  const norm: Norm = (e, x, y) => normOf(graph, boards, e, x, y, tolerance);
  const op = (name: string, ...inputs: string[]): string => graph.op(name, inputs);
  /** 1 for boards that have not arrived. */
  const isGoing = (t: string): string => graph.cast(op('Less', t, graph.scalar(1)), 'float');
  const slope = f(start, 0);
  const size = firstSize(graph, norm, f, start, slope);
  const begin = op('Mul', size, graph.scalar(0));
  const counted = op('Add', begin, graph.scalar(UP_FRONT));
  const carried = [start, slope, begin, size, counted];
  const [end, , arrived, , evaluations] = graph.loop(MAX_STEPS, carried, ([x, k, t, wanted, count]) => {
    const left = op('Sub', graph.scalar(1), t);
    const isLast = op('LessOrEqual', left, op('Mul', wanted, graph.scalar(1 + REACH)));
    const h = op('Where', isLast, left, wanted);
    const step: Stepper<string> = {
      slope: (y, share) => f(y, op('Add', t, op('Mul', h, graph.scalar(share)))),
      advance: (y, terms) => advance(graph, y, h, terms),
    };
    const { slopes, end: next } = takeStep(step, DORMAND_PRINCE, x, k);
    const nextSlope = step.slope(next, 1);
    const difference = advance(graph, null, h, termsOf(DORMAND_PRINCE_ERROR, [...slopes, nextSlope]));
    const error = norm(difference, x, next);
    const isTaken = op('LessOrEqual', error, graph.scalar(1));
    const nextTime = op('Where', isTaken, op('Where', isLast, graph.scalar(1), op('Add', t, h)), t);
    return {
      goesOn: graph.cast(graph.op('ReduceMax', [isGoing(nextTime)], [{ name: 'keepdims', int: 0 }]), 'bool'),
      next: [
        op('Where', isTaken, next, x),
        op('Where', isTaken, nextSlope, k),
        nextTime,
        op('Mul', h, growth(graph, error)),
        op('Add', count, op('Mul', isGoing(t), graph.scalar(DORMAND_PRINCE.b.length))),
      ],
    };
  });
  const isLost = op('Less', arrived, graph.scalar(1));
  graph.op('Flatten', [op('Where', isLost, graph.scalar(NaN), evaluations)], [], EVALUATIONS);
  graph.graph.outputs.push({ name: EVALUATIONS, shape: ['B', 1] });
  return end;
}

/** See `growth` of the solver. */
function growth(graph: GraphBuilder, error: string): string {
  const raw = graph.op('Pow', [error, graph.scalar(-1 / 5)]);
  const limits = [graph.scalar(SHRINK), graph.scalar(GROW)];
  const limited = graph.op('Clip', [graph.op('Mul', [raw, graph.scalar(SAFETY)]), ...limits]);
  const isNumber = graph.op('LessOrEqual', [error, graph.scalar(Infinity)]);
  return graph.op('Where', [isNumber, limited, limits[0]]);
}

/** [B, 1, 1, 1]; see `Algebra.norm`. */
function normOf(
  graph: GraphBuilder,
  boards: Boards,
  e: string,
  x: string,
  y: string,
  { rtol, atol }: Tolerance,
): string {
  const [a, b] = [x, y].map((map) => graph.once(`abs ${map}`, () => graph.op('Abs', [map])));
  const larger = a === b ? a : graph.op('Max', [a, b]);
  const allowed = graph.op('Add', [graph.op('Mul', [larger, graph.scalar(rtol)]), graph.scalar(atol)]);
  const ratio = graph.op('Div', [e, allowed]);
  return graph.op('Sqrt', [boards.meanOfAll(graph.op('Mul', [ratio, ratio]))]);
}

/** See `firstSizes`. */
function firstSize(graph: GraphBuilder, norm: Norm, f: GraphSlope, x: string, slope: string): string {
  const op = (name: string, ...inputs: string[]): string => graph.op(name, inputs);
  const isBelow = (y: string, limit: number): string => op('Less', y, graph.scalar(limit));
  const times = (y: string, factor: number): string => op('Mul', y, graph.scalar(factor));
  const [states, slopes] = [x, slope].map((y) => norm(y, x, x));
  const isTiny = op('Or', isBelow(states, TINY), isBelow(slopes, TINY));
  const ratio = times(op('Div', states, slopes), 0.01);
  const guess = op('Min', op('Where', isTiny, graph.scalar(GUESS), ratio), graph.scalar(1));
  const moved = f(advance(graph, x, guess, [[1, slope]]), guess);
  const change = norm(op('Sub', moved, slope), x, x);
  const bend = op('Max', slopes, op('Div', change, guess));
  const usual = op('Pow', op('Div', graph.scalar(0.01), bend), graph.scalar(1 / 5));
  const steady = op('Max', graph.scalar(GUESS), times(guess, 1e-3));
  const size = op('Where', isBelow(bend, STEADY), steady, usual);
  return op('Min', times(guess, 100), size, graph.scalar(1));
}
