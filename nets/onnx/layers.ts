/** `Layers` as ONNX nodes: NCHW, norms folded into the sums before them, maps masked only where boards are smaller than the buffer. */
import type { Layers } from '../architectures/layers.ts';
import type { AnyNetFile } from '../file.ts';
import { foldedBatchNorm } from '../layers/fold.ts';
import { weightOf } from '../weight-of.ts';
import { activate } from './activation.ts';
import { attention, feedForward, rms } from './attention.ts';
import type { GraphBuilder } from './graph.ts';
import { judgement } from './judgement.ts';
import { addVector, affine, conv, dense } from './linear.ts';
import type { Context } from './linear.ts';
import { flatten, localNorm, merge, pointMean, pool, upsample, window } from './maps.ts';
import { ode } from './ode.ts';
import type { Seen } from './seen.ts';
import { makeValue, makeVector } from './value.ts';
import type { Value } from './value.ts';

/** @param raw whether everything that KataGo's heads say becomes an output. */
export function onnxLayers(net: AnyNetFile, graph: GraphBuilder, seen: Seen, raw: boolean): Layers<Value> {
  const context: Context = { graph, weight: (name) => weightOf(net, name) };
  return {
    ...seen,
    conv: (name, x, _filters, _size, options = {}) => conv(context, name, x, options),
    dense: (name, x, _units, options = {}) => dense(context, name, x, options),
    batchNorm: (name, x, { relu = true } = {}) =>
      affine(graph, x, foldedBatchNorm(net, name), relu ? 'relu' : 'identity'),
    affine: (name, x, activation) => {
      const [scale, shift] = ['scale', 'shift'].map((part) => weightOf(net, `${name}/${part}`).values);
      return affine(graph, x, { scale, shift }, activation);
    },
    rms: (name, x, options) => rms(context, name, x, options),
    localNorm: (_, x, options) => localNorm(graph, x, options),
    activate: (_, x, activation) => makeValue(x, [x], () => activate(graph, x.emit(), activation)),
    add: (_, x, y) => merge(graph, 'Add', [x, y]),
    concat: (_, xs) => merge(graph, 'Concat', xs),
    addVector: (_, x, vector) => addVector(graph, x, vector),
    window: (_, x, options) => window(graph, x, options),
    upsample: (_, x, like) => upsample(graph, x, like),
    pointMean: (_, x) => pointMean(x),
    flatten: (name, x) => flatten(graph, name, x),
    pool: (_, x, options) => pool(graph, x, options),
    // Nets that do not train drop nothing.
    dropout: (_, x) => x,
    join: (_, xs) => merge(graph, 'Mean', xs),
    attention: (name, x, block) => attention(context, name, x, block),
    feedForward: (name, x, block) => feedForward(context, name, x, block),
    ode: (name, x, options) => ode(context, name, x, options),
    first: (_, x) =>
      makeValue({ ...x, channels: 1 }, [x], () =>
        x.channels === 1
          ? x.emit()
          : graph.op('Slice', [x.emit(), graph.ints([0]), graph.ints([1]), graph.ints([1])]),
      ),
    moveLogits: (_, points, pass) => {
      const { boards } = points;
      return makeVector(1, [points, pass], () => {
        const onBoard = boards.isMasked
          ? graph.op('Add', [boards.masked(points.emit()), boards.hidden()])
          : points.emit();
        return graph.op('Concat', [graph.reshape(onBoard, [0, -1]), pass.emit()], [{ name: 'axis', int: 1 }]);
      });
    },
    ownership: (_, points) =>
      makeVector(1, [points], () =>
        graph.reshape(points.boards.masked(graph.op('Tanh', [points.emit()])), [0, -1]),
      ),
    judgement: (_, outcomes, scores, heads) => judgement(graph, outcomes, scores, heads, raw),
  };
}
