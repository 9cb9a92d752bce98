/** What an ONNX graph knows of the boards in its batch: where they are, how large, and maps as sequences of points. */
import { OFF_BOARD_LOGIT } from '../architectures/layers.ts';
import type { GraphBuilder, Value } from './graph.ts';

export class Boards {
  /** float32 [B, 1, H, W]: 1 on the board. */
  readonly mask: string;
  readonly isMasked: boolean;
  private readonly graph: GraphBuilder;
  private readonly sequences = new Map<Value, string>();
  private readonly maps = new Map<Value, string>();

  /** @param isMasked false where every board fills the buffer, so that nothing needs masking. */
  constructor(graph: GraphBuilder, isMasked: boolean) {
    this.graph = graph;
    this.isMasked = isMasked;
    this.mask = graph.op('Slice', ['planes', graph.ints([0]), graph.ints([1]), graph.ints([1])], [], 'mask');
  }

  /** A map with 0 off the board. */
  masked(map: string): string {
    return this.isMasked ? this.graph.op('Mul', [map, this.mask]) : map;
  }

  /** [B, 1, H, W]: 0 on the board, -1e4 off it. */
  hidden(): string {
    const { graph } = this;
    return graph.once('hidden', () =>
      graph.op('Mul', [graph.op('Sub', [graph.scalar(1), this.mask]), graph.scalar(OFF_BOARD_LOGIT)]),
    );
  }

  /** [B, 1]: d = (sqrt(points) - 14) / 10. */
  sizeTerm(): string {
    const { graph } = this;
    return graph.once('d', () => {
      const points = graph.op('ReduceSum', [this.mask, graph.ints([2, 3])], [{ name: 'keepdims', int: 0 }]);
      return graph.op('Div', [
        graph.op('Sub', [graph.op('Sqrt', [points]), graph.scalar(14)]),
        graph.scalar(10),
      ]);
    });
  }

  /** Mean over the board of a map that is 0 off it, [B, C]. Global pools stay in the layout of the convolutions, which reductions do not. */
  mean(map: string): string {
    const { graph } = this;
    const mean = graph.op('Flatten', [graph.op('GlobalAveragePool', [map])]);
    if (!this.isMasked) return mean;
    const share = graph.once('share of the buffer', () =>
      graph.op('Flatten', [graph.op('GlobalAveragePool', [this.mask])]),
    );
    return graph.op('Div', [mean, share]);
  }

  /** Largest on the board of a map that is 0 off it, [B, C]. */
  max(map: string, isSigned: boolean): string {
    const { graph } = this;
    const onBoard = isSigned && this.isMasked ? graph.op('Add', [map, this.hidden()]) : map;
    return graph.op('Flatten', [graph.op('GlobalMaxPool', [onBoard])]);
  }

  /** A value as [B, C, H, W]. */
  asMap(value: Value): string {
    if (value.layout !== 'sequence') return value.emit();
    let name = this.maps.get(value);
    if (name === undefined) {
      const { graph } = this;
      const shape = graph.once(`map of ${value.channels}`, () =>
        graph.op(
          'Concat',
          [graph.ints([0]), graph.ints([value.channels]), this.side('rows'), this.side('columns')],
          [{ name: 'axis', int: 0 }],
        ),
      );
      name = graph.op('Reshape', [graph.transpose(value.emit(), [0, 2, 1]), shape]);
      this.maps.set(value, name);
    }
    return name;
  }

  /** A value as [B, H * W, C]. */
  asSequence(value: Value): string {
    if (value.layout !== 'map') return value.emit();
    let name = this.sequences.get(value);
    if (name === undefined) {
      name = this.graph.transpose(this.graph.reshape(value.emit(), [0, value.channels, -1]), [0, 2, 1]);
      this.sequences.set(value, name);
    }
    return name;
  }

  /** [B, H * W, 1] of `mask`. */
  maskSequence(): string {
    return this.graph.once('mask sequence', () => this.graph.reshape(this.mask, [0, -1, 1]));
  }

  /** int64 [1]: rows or columns of the buffer. */
  side(of: 'rows' | 'columns'): string {
    const { graph } = this;
    const shape = graph.once('shape', () => graph.op('Shape', ['planes']));
    const at = of === 'rows' ? 2 : 3;
    return graph.once(of, () => graph.op('Slice', [shape, graph.ints([at]), graph.ints([at + 1])]));
  }
}
