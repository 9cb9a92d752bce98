/** Activations as ONNX nodes. */
import type { LayerActivation } from '../architectures/layers.ts';
import { LECUN_SCALE, LECUN_SLOPE } from '../layers/activation.ts';
import type { GraphBuilder } from './graph.ts';

export function activate(graph: GraphBuilder, x: string, activation: LayerActivation): string {
  switch (activation) {
    case 'identity':
      return x;
    case 'relu':
      return graph.op('Relu', [x]);
    case 'tanh':
      return graph.op('Tanh', [x]);
    case 'lecun-tanh': {
      const steep = graph.op('Tanh', [graph.op('Mul', [x, graph.scalar(LECUN_SLOPE)])]);
      return graph.op('Mul', [steep, graph.scalar(LECUN_SCALE)]);
    }
    case 'silu':
      return graph.op('Mul', [x, graph.op('Sigmoid', [x])]);
    case 'mish': {
      // tanh(softplus x) = (1 - u^2) / (1 + u^2) with u = sigmoid(-x): ONNX Runtime's softplus takes half of a net's time.
      const u = graph.op('Sigmoid', [graph.op('Neg', [x])]);
      const [square, one] = [graph.op('Mul', [u, u]), graph.scalar(1)];
      const share = graph.op('Div', [graph.op('Sub', [one, square]), graph.op('Add', [one, square])]);
      return graph.op('Mul', [x, share]);
    }
  }
}
