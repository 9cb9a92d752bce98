/** From a spec to a tfjs model; those of nets for boards take any board size up to their input buffer. */
import { input, model as makeModel } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { buildClassifier, buildNet } from './architectures/net.ts';
import { FEATURE_SETS } from './features/feature-set.ts';
import { boardLayers, imageLayers } from './layers/model-layers.ts';
import { isImageSpec } from './spec.ts';
import type { AnySpec, ImageSpec, NetSpec } from './spec.ts';

/**
 * Of boards: inputs planes [B, H, W, P] and globals [B, G]; outputs policy logits [B, H * W + 1] (off-board -1e4, pass
 * last), value [B, 1] in [-1, 1], score [B, 1] in units of 20 points, ownership [B, H * W] in [-1, 1], and from KataGo's
 * heads the score's stdev [B, 1] in the same units; all for the side to move; then, where the heads have it, the logits of
 * the opponent's reply [B, H * W + 1], and policy and value of each auxiliary head. Of images: input [B, H, W, C]; outputs
 * the logits of the classes, and those of each auxiliary head. Weights are named as in `Layers`; see `Applied` for how to
 * apply it.
 * @param seed of the initial weights; the same seed gives the same weights.
 */
export function buildModel(spec: AnySpec, seed: number): LayersModel {
  return isImageSpec(spec) ? imageModel(spec, seed) : boardModel(spec, seed);
}

function boardModel(spec: NetSpec, seed: number): LayersModel {
  const sizes = FEATURE_SETS[spec.featureSet];
  const planes = input({ shape: [null, null, sizes.planes], name: 'planes' });
  const globals = input({ shape: [sizes.globals], name: 'globals' });
  const { policy, value, score, ownership, stdev, reply, auxiliary } = buildNet(
    boardLayers(planes, globals, seed),
    spec,
  );
  const ofTaps = auxiliary.flatMap((tap) => [tap.policy, tap.value]);
  const outputs = [policy, value, score, ownership, stdev, reply, ...ofTaps];
  return makeModel({ inputs: [planes, globals], outputs: tensorsOf(outputs) });
}

function imageModel(spec: ImageSpec, seed: number): LayersModel {
  const { height, width, channels } = spec.image;
  const image = input({ shape: [height, width, channels], name: 'image' });
  const { classes, auxiliary } = buildClassifier(imageLayers(image, seed), spec);
  return makeModel({ inputs: image, outputs: tensorsOf([classes, ...auxiliary]) });
}

const tensorsOf = (outputs: readonly ({ readonly tensor: SymbolicTensor } | null)[]): SymbolicTensor[] =>
  outputs.flatMap((output) => (output === null ? [] : [output.tensor]));
