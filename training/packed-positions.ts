/** Positions as features, packed: a game is encoded once and read by many batches. */
import type { Rules } from '#engine/go/rules.ts';
import type { PositionView } from '#engine/go/view.ts';
import type { FeatureSet } from '#nets/features/feature-set.ts';

/** What positions of one game share. */
export type GameBoard = { readonly width: number; readonly height: number; readonly rules: Rules };

/** N positions on boards of one size, under one set of rules. */
export type PackedPositions = GameBoard & {
  readonly features: FeatureSet;
  /** uint32 [N, H * W]: bit c of a point is plane c of the features. */
  readonly planes: Uint32Array;
  /** float32 [N, G] */
  readonly globals: Float32Array;
};

/** @param positions `count` of them; each is read before the next is asked for, so that they may be one that moves. */
export function packPositions(
  features: FeatureSet,
  { width, height, rules }: GameBoard,
  count: number,
  positions: Iterable<PositionView>,
): PackedPositions {
  const area = width * height;
  const planes = new Uint32Array(count * area);
  const globals = new Float32Array(count * features.globals);
  const dense = new Uint8Array(area * features.planes);
  let index = 0;
  for (const position of positions) {
    dense.fill(0);
    features.encode(position, 0, {
      planes: dense,
      globals,
      columns: width,
      pointStride: features.planes,
      planeStride: 1,
      planesOffset: 0,
      globalsOffset: index * features.globals,
    });
    for (let p = 0; p < area; p++) {
      let bits = 0;
      for (let c = 0; c < features.planes; c++) bits |= dense[p * features.planes + c] << c;
      planes[index * area + p] = bits;
    }
    index++;
  }
  return { width, height, rules, features, planes, globals };
}
