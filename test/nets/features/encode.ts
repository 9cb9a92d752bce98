/** What a feature set writes of a position, point by point. */
import type { PositionView } from '#engine/go/view.ts';
import type { FeatureSet } from '#nets/features/feature-set.ts';

export type Encoded = {
  /** uint8 [rows * columns * P]: all planes of a point, then those of the next. */
  readonly planes: Uint8Array;
  readonly globals: Float32Array;
};

/** @param columns @param rows of the buffer; by default a square that holds the board however it is turned. */
export function encode(
  features: FeatureSet,
  position: PositionView,
  symmetry = 0,
  columns: number = Math.max(position.board.width, position.board.height),
  rows: number = Math.max(position.board.width, position.board.height),
): Encoded {
  const planes = new Uint8Array(columns * rows * features.planes);
  const globals = new Float32Array(features.globals);
  features.encode(position, symmetry, {
    planes,
    globals,
    columns,
    pointStride: features.planes,
    planeStride: 1,
    planesOffset: 0,
    globalsOffset: 0,
  });
  return { planes, globals };
}

/** One plane as a diagram without spaces: # for 1 and . for 0. */
export function picture(features: FeatureSet, position: PositionView, plane: number): string[] {
  const { width, height } = position.board;
  const { planes } = encode(features, position, 0, width, height);
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => '.#'[planes[(y * width + x) * features.planes + plane]]).join(''),
  );
}

/** The points where a plane is 1. */
export function pointsOf(features: FeatureSet, position: PositionView, plane: number): number[] {
  return Array.from(picture(features, position, plane).join('')).flatMap((mark, p) =>
    mark === '#' ? [p] : [],
  );
}
