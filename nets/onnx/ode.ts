/** `Layers.ode` as ONNX nodes: steps of one size written out, or a loop in which each board takes its own. */
import type { OdeOptions } from '../architectures/layers.ts';
import { tableauOf } from '../ode/solve.ts';
import { takeStep } from '../ode/tableau.ts';
import type { Stepper } from '../ode/tableau.ts';
import type { GraphBuilder } from './graph.ts';
import type { Context } from './linear.ts';
import { adaptive } from './ode-adaptive.ts';
import { advance, slopeOf } from './ode-slope.ts';
import type { GraphSlope } from './ode-slope.ts';
import { makeValue } from './value.ts';
import type { Value } from './value.ts';

export function ode(context: Context, name: string, x: Value, { solver }: OdeOptions): Value {
  const { boards, channels } = x;
  return makeValue({ channels, layout: 'map', boards, isZeroed: true }, [x], () => {
    const start = boards.asZeroedMap(x);
    const f = slopeOf(context, boards, name, channels);
    return solver.kind === 'dopri5'
      ? adaptive(context.graph, boards, f, start, solver)
      : inSteps(context.graph, f, start, solver);
  });
}

function inSteps(
  graph: GraphBuilder,
  f: GraphSlope,
  start: string,
  solver: Exclude<OdeOptions['solver'], { kind: 'dopri5' }>,
): string {
  const { steps } = solver;
  let x = start;
  for (let n = 0; n < steps; n++) {
    const step: Stepper<string> = {
      slope: (y, share) => f(y, (n + share) / steps),
      advance: (y, terms) => advance(graph, y, 1 / steps, terms),
    };
    x = takeStep(step, tableauOf(solver), x).end;
  }
  return x;
}
