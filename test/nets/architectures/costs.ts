/** Layers and parameters of trunks under the classes of colour images. */
import type { Trunk } from '#nets/architectures/trunk.ts';
import { layerCosts } from '#nets/inspect/cost.ts';
import type { LayerCost } from '#nets/inspect/cost.ts';

export const layersOf = (trunk: Trunk, side: number, classes: number): LayerCost[] => {
  const image = { height: side, width: side, channels: 3 };
  return layerCosts({ image, trunk, heads: { kind: 'classes', classes } }, side);
};

export const parametersOf = (layers: readonly LayerCost[]): number =>
  layers.reduce((sum, { parameters }) => sum + parameters, 0);
