/** Activations as ONNX nodes. */
import type { Activation } from '../katago/spec.ts';
import type { GraphBuilder } from './graph.ts';

export function activate(graph: GraphBuilder, x: string, activation: Activation | 'tanh'): string {
  switch (activation) {
    case 'identity':
      return x;
    case 'relu':
      return graph.op('Relu', [x]);
    case 'tanh':
      return graph.op('Tanh', [x]);
    case 'silu':
      return graph.op('Mul', [x, graph.op('Sigmoid', [x])]);
    case 'mish':
      return graph.op('Mul', [x, graph.op('Tanh', [graph.op('Softplus', [x])])]);
  }
}
