/** What flows through a net as nodes of a graph, emitted only when something needs it. */
import type { Affine } from '../layers/fold.ts';
import type { Boards } from './board.ts';

/** How a value lies in memory: [B, C, H, W], [B, H * W, C] or [B, C]. */
type Layout = 'map' | 'sequence' | 'vector';

type Kind = {
  readonly channels: number;
  readonly layout: Layout;
  /** Those that it lies on; of a vector, those that it speaks of. */
  readonly boards: Boards;
  /** Whether it is 0 off the board. */
  readonly isZeroed: boolean;
};

/**
 * A value that flows through the net. It is emitted when something needs it first, so that what makes it can be changed
 * as long as nothing does.
 */
export type Value = Kind & {
  /** How many values are made of this one. */
  uses: number;
  /** Emits it once; the name of the result. */
  readonly emit: () => string;
  /** Emits scale x + shift in its place, where that costs nothing; only for a value with a single use. */
  readonly emitScaled: ((affine: Affine) => string) | null;
};

/** A value made of `inputs`. */
export function makeValue(
  kind: Kind,
  inputs: readonly Value[],
  emit: () => string,
  emitScaled: Value['emitScaled'] = null,
): Value {
  for (const input of inputs) input.uses++;
  let name: string | null = null;
  return { ...kind, uses: 0, emit: () => (name ??= emit()), emitScaled };
}

/** A vector of the same boards. */
export function makeVector(
  channels: number,
  inputs: readonly Value[],
  emit: () => string,
  emitScaled: Value['emitScaled'] = null,
): Value {
  const { boards } = inputs[0];
  return makeValue({ channels, layout: 'vector', boards, isZeroed: true }, inputs, emit, emitScaled);
}
