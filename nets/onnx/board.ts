/** What an ONNX graph knows of the boards in its batch: where they are, how large, and maps as sequences of points. */
import { OFF_BOARD_LOGIT } from '../architectures/layers.ts';
import { anchor, reach, sizeAfter } from '../architectures/windows.ts';
import type { Size, Windows } from '../architectures/windows.ts';
import type { Attribute } from './proto.ts';
import { once } from './graph.ts';
import type { GraphBuilder } from './graph.ts';
import type { Value } from './value.ts';

type Options = {
  /** Makes the mask, float32 [B, 1, H, W] with 1 on the board. */
  readonly mask: () => string;
  /** False where every board fills the buffer, so that nothing needs masking. */
  readonly isMasked: boolean;
  /** Where it is fixed. */
  readonly size: Size | null;
  /** Something of the same height and width whose shape can be asked for. */
  readonly measured: () => string;
};

/** The nodes of pools and convolutions, which have the same windows. */
export function windowAttributes(windows: Windows): Attribute[] {
  const [before, after] = reach(windows);
  return [
    { name: 'kernel_shape', ints: [windows.size, windows.size] },
    { name: 'pads', ints: [before, before, after, after] },
    ...(windows.stride === 1 ? [] : [{ name: 'strides', ints: [windows.stride, windows.stride] }]),
  ];
}

export class Boards {
  readonly isMasked: boolean;
  readonly size: Size | null;
  private readonly options: Options;
  private readonly graph: GraphBuilder;
  private readonly made = new Map<string, string>();
  private readonly sequences = new Map<Value, string>();
  private readonly maps = new Map<Value, string>();
  private readonly zeroedMaps = new Map<Value, string>();
  private readonly smaller = new Map<string, Boards>();

  constructor(graph: GraphBuilder, options: Options) {
    this.graph = graph;
    this.options = options;
    ({ isMasked: this.isMasked, size: this.size } = options);
  }

  /** As `GraphBuilder.once`, for boards of this size. */
  once(key: string, make: () => string): string {
    return once(this.made, key, make);
  }

  /** float32 [B, 1, H, W]: 1 on the board. */
  mask(): string {
    return this.once('mask', this.options.mask);
  }

  /** The boards on which the windows lie that are put on these. */
  under(windows: Windows): Boards {
    const { size, stride, padding } = windows;
    if (stride === 1 && padding === 'same') return this;
    const key = `${size} ${stride} ${padding}`;
    let boards = this.smaller.get(key);
    if (boards === undefined) {
      const { graph } = this;
      const [from, to, step] = [anchor(windows), Number.MAX_SAFE_INTEGER, stride];
      const mask = (): string =>
        graph.op('Slice', [
          this.mask(),
          ...[
            [from, from],
            [to, to],
            [2, 3],
            [step, step],
          ].map((ints) => graph.ints(ints)),
        ]);
      boards = new Boards(graph, {
        mask,
        isMasked: this.isMasked,
        size: this.size && sizeAfter(this.size, windows),
        measured: () => (boards as Boards).mask(),
      });
      this.smaller.set(key, boards);
    }
    return boards;
  }

  /** A map with 0 off the board. */
  masked(map: string): string {
    return this.isMasked ? this.graph.op('Mul', [map, this.mask()]) : map;
  }

  /** [B, 1, H, W]: 0 on the board, -1e4 off it. */
  hidden(): string {
    const { graph } = this;
    return this.once('hidden', () =>
      graph.op('Mul', [graph.op('Sub', [graph.scalar(1), this.mask()]), graph.scalar(OFF_BOARD_LOGIT)]),
    );
  }

  /** [B, 1]: d = (sqrt(points) - 14) / 10. */
  sizeTerm(): string {
    const { graph } = this;
    return this.once('d', () => {
      const points = graph.op('ReduceSum', [this.mask(), graph.ints([2, 3])], [{ name: 'keepdims', int: 0 }]);
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
    const share = this.once('share of the buffer as a vector', () => graph.op('Flatten', [this.share()]));
    return graph.op('Div', [mean, share]);
  }

  /** Mean over all numbers of a board of a map that is 0 off it, [B, 1, 1, 1]. */
  meanOfAll(map: string): string {
    const mean = this.graph.reduce('ReduceMean', map, [1, 2, 3]);
    return this.isMasked ? this.graph.op('Div', [mean, this.share()]) : mean;
  }

  /** [B, 1, 1, 1]: the share of the buffer that the board fills. */
  private share(): string {
    return this.once('share of the buffer', () => this.graph.op('GlobalAveragePool', [this.mask()]));
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
    const { graph } = this;
    return once(this.maps, value, () => {
      const shape = this.once(`map of ${value.channels}`, () =>
        graph.op(
          'Concat',
          [graph.ints([0]), graph.ints([value.channels]), this.side('rows'), this.side('columns')],
          [{ name: 'axis', int: 0 }],
        ),
      );
      return graph.op('Reshape', [graph.transpose(value.emit(), [0, 2, 1]), shape]);
    });
  }

  /** A value as [B, C, H, W], 0 off the board, for what looks beyond a point. */
  asZeroedMap(value: Value): string {
    if (value.isZeroed) return this.asMap(value);
    return once(this.zeroedMaps, value, () => this.masked(this.asMap(value)));
  }

  /** A value as [B, H * W, C]. */
  asSequence(value: Value): string {
    if (value.layout !== 'map') return value.emit();
    return once(this.sequences, value, () =>
      this.graph.transpose(this.graph.reshape(value.emit(), [0, value.channels, -1]), [0, 2, 1]),
    );
  }

  /** [B, H * W, 1] of `mask`. */
  maskSequence(): string {
    return this.once('mask sequence', () => this.graph.reshape(this.mask(), [0, -1, 1]));
  }

  /** int64 [1]: rows or columns of the buffer. */
  side(of: 'rows' | 'columns'): string {
    const { graph } = this;
    if (this.size !== null) return graph.ints([this.size[of === 'rows' ? 0 : 1]]);
    const shape = this.once('shape', () => graph.op('Shape', [this.options.measured()]));
    const at = of === 'rows' ? 2 : 3;
    return this.once(of, () => graph.op('Slice', [shape, graph.ints([at]), graph.ints([at + 1])]));
  }
}
