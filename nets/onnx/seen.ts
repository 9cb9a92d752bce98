/** What nets see, as inputs of a graph. */
import type { ImageSpec } from '../spec.ts';
import { Boards } from './board.ts';
import type { GraphBuilder } from './graph.ts';
import { makeValue } from './value.ts';
import type { Value } from './value.ts';

/** A map, and what else a net knows of boards; null for images. */
export type Seen = { readonly planes: Value; readonly globals: Value | null };

/** Inputs `planes` [B, planes, H, W], of which the first is 1 on the board, and `globals` [B, globals]. */
export function seeBoards(
  builder: GraphBuilder,
  counts: { readonly planes: number; readonly globals: number },
  fullBoards: boolean,
): Seen {
  builder.graph.inputs.push(
    { name: 'planes', shape: ['B', counts.planes, 'H', 'W'] },
    { name: 'globals', shape: ['B', counts.globals] },
  );
  const boards = new Boards(builder, {
    mask: () =>
      builder.op('Slice', ['planes', builder.ints([0]), builder.ints([1]), builder.ints([1])], [], 'mask'),
    isMasked: !fullBoards,
    size: null,
    measured: () => 'planes',
  });
  const seen = { boards, isZeroed: true };
  return {
    planes: makeValue({ ...seen, channels: counts.planes, layout: 'map' }, [], () => 'planes'),
    globals: makeValue({ ...seen, channels: counts.globals, layout: 'vector' }, [], () => 'globals'),
  };
}

/** Input `image` [B, C, H, W]. */
export function seeImages(builder: GraphBuilder, { height, width, channels }: ImageSpec['image']): Seen {
  builder.graph.inputs.push({ name: 'image', shape: ['B', channels, height, width] });
  const boards = new Boards(builder, {
    mask: () => builder.floats([1, 1, height, width], new Float32Array(height * width).fill(1)),
    isMasked: false,
    size: [height, width],
    measured: () => 'image',
  });
  const planes = makeValue({ channels, layout: 'map', boards, isZeroed: true }, [], () => 'image');
  return { planes, globals: null };
}
