/** The slope of `Layers.ode` as ONNX nodes, and what is made of slopes. */
import type { WeightArray } from '../file.ts';
import type { Term } from '../ode/algebra.ts';
import { ODE_EPSILON, halves, odeWeights } from '../ode/weights.ts';
import type { Half } from '../ode/weights.ts';
import { overRms } from './attention.ts';
import { windowAttributes } from './board.ts';
import type { Boards } from './board.ts';
import type { GraphBuilder } from './graph.ts';
import { scaleAndShift, toOihw } from './linear.ts';
import type { Context } from './linear.ts';

/** A number that is known, or a value [B, 1, 1, 1] that differs from board to board. */
type Scale = number | string;

/** dx/dt as a name. */
export type GraphSlope = (x: string, t: Scale) => string;

/** See `odeWeights`. */
export function slopeOf(
  { graph, weight }: Context,
  boards: Boards,
  name: string,
  channels: number,
): GraphSlope {
  const parts = halves(odeWeights(channels).map(([part]) => ({ name: part, ...weight(`${name}/${part}`) })));
  const half = (x: string, { gamma, beta, kernel, bias, slope }: Half<Named>, t: Scale): string => {
    const normed = overRms(graph, x, boards.meanOfAll(graph.op('Mul', [x, x])), ODE_EPSILON);
    const scaled = scaleAndShift(graph, normed, { scale: gamma.values, shift: beta.values });
    const shift = typeof t === 'string' ? bias.values : bias.values.map((b, c) => b + t * slope.values[c]);
    const weights = graph.once(`${name}/${kernel.name}`, () =>
      graph.floats([channels, channels, 3, 3], toOihw(kernel, null)),
    );
    const sum = graph.op(
      'Conv',
      [boards.masked(graph.op('Relu', [scaled])), weights, graph.floats([channels], shift)],
      windowAttributes({ size: 3, stride: 1, padding: 'same' }),
    );
    if (typeof t === 'number') return boards.masked(sum);
    const rise = graph.op('Mul', [t, graph.floats([1, channels, 1, 1], slope.values)]);
    return boards.masked(graph.op('Add', [sum, rise]));
  };
  return (x, t) => parts.reduce((map, part) => half(map, part, t), x);
}

type Named = WeightArray & { readonly name: string };

/** x + size * (sum of weight * slope); x null is 0. */
export function advance(
  graph: GraphBuilder,
  x: string | null,
  size: Scale,
  terms: readonly Term<string>[],
): string {
  const by = typeof size === 'number' ? size : 1;
  const scaled = terms.map(([weight, k]) => graph.op('Mul', [k, graph.scalar(weight * by)]));
  if (typeof size === 'number') return graph.op('Sum', x === null ? scaled : [x, ...scaled]);
  const moved = graph.op('Mul', [graph.op('Sum', scaled), size]);
  return x === null ? moved : graph.op('Add', [x, moved]);
}
