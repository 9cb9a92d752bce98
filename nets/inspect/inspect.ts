/** A net laid open: its layers with what they cost and see, and the sums. */
import { isImageSpec } from '../spec.ts';
import type { AnySpec } from '../spec.ts';
import { layerCosts, type LayerCost } from './cost.ts';
import { receptiveFields, type Field } from './receptive-field.ts';

export type SeenField = {
  /** Points along a side of the largest field of a point, the board being large enough; null for a vector. */
  readonly side: number | null;
  /** Whether everything comes in by global pooling, attention or dense layers. */
  readonly whole: boolean;
};

/** "9 x 9", what stands for the whole input, or both; nothing of what sees neither. */
export const fieldText = ({ side, whole }: SeenField, everything: string): string =>
  [...(side === null ? [] : [`${side} x ${side}`]), ...(whole ? [everything] : [])].join(', ');

export type InspectedLayer = LayerCost & { readonly field: SeenField };

export type Inspection = {
  /** Rows and columns of the board or image. */
  readonly input: readonly [height: number, width: number];
  readonly layers: readonly InspectedLayer[];
  readonly parameters: number;
  /** Moving means and variances, which are no parameters. */
  readonly statistics: number;
  /** Of one position or image; see `LayerCost`. */
  readonly flops: number;
  /** The largest of all maps; of a net without maps everything. */
  readonly field: SeenField;
};

function seen({ rowsSeenBy, whole }: Field, size: number): SeenField {
  if (rowsSeenBy === null) return { side: null, whole };
  const sides = Array.from({ length: size }, (_, row) => {
    const [first, last] = rowsSeenBy(row);
    return last - first + 1;
  });
  return { side: Math.max(...sides), whole };
}

/** For the parameters see `layerCosts`. */
export function inspectNet(spec: AnySpec, size: number, evaluations?: number): Inspection {
  const fields = receptiveFields(spec);
  const layers = layerCosts(spec, size, evaluations).map((cost) => {
    const field = fields.get(cost.name);
    if (field === undefined) throw new Error(`internal: layer ${cost.name} has no receptive field`);
    return { ...cost, field: seen(field, cost.output[0]) };
  });
  const sides = layers.flatMap(({ field }) => (field.side === null ? [] : [field.side]));
  const sum = (of: (layer: LayerCost) => number): number =>
    layers.reduce((total, layer) => total + of(layer), 0);
  return {
    input: isImageSpec(spec) ? [spec.image.height, spec.image.width] : [size, size],
    layers,
    parameters: sum(({ parameters }) => parameters),
    statistics: sum(({ statistics }) => statistics),
    flops: sum(({ flops }) => flops),
    field: {
      side: sides.length === 0 ? null : Math.max(...sides),
      whole: layers.some(({ field }) => field.whole),
    },
  };
}
