/** The net that a config asks for: one with a name, or one that it spells out, with the fields it changes. */
import { namedImageSpec, namedSpec } from '#nets/architectures/named.ts';
import { SmallMap } from '#nets/architectures/windows.ts';
import { changeSpec } from '#nets/changed-spec.ts';
import type { ChangedSpec } from '#nets/changed-spec.ts';
import { imageMisfit, isImageSpec } from '#nets/spec.ts';
import type { AnySpec, ImageSpec, NetSpec } from '#nets/spec.ts';
import { weightShapes } from '#nets/weight-shapes.ts';
import { trainedSpec } from './board-lesson.ts';
import type { GameData, SupervisedConfig } from './config.ts';

type Asked = Pick<SupervisedConfig, 'net' | 'trunk' | 'heads'>;
type Features = Pick<GameData, 'featureSet'>;

/** A refusal is one sentence, as of `namedSpec`. */
export function gameSpec(config: Asked, features: Features): ChangedSpec<NetSpec> {
  const { net } = config;
  const found = typeof net === 'string' ? namedSpec(net, features.featureSet) : forGames(net, features);
  return found.ok ? changeSpec(found.spec, config) : found;
}

/** The same with the heads that only training has. */
export function trainedGameSpec(config: SupervisedConfig, features: Features): ChangedSpec<NetSpec> {
  const { learner } = config;
  const named = gameSpec(config, features);
  if (!named.ok) return named;
  if (named.spec.heads.kind === 'katago' && learner.lossWeights.reply > 0)
    return {
      ok: false,
      message: 'field learner.lossWeights.reply: heads of kind katago have no reply; leave it out',
    };
  return { ok: true, spec: trainedSpec(named.spec, learner) };
}

/** The same for images. */
export function imageSpec(config: Asked, image: ImageSpec['image'], classes: number): ChangedSpec<ImageSpec> {
  const { net } = config;
  const found =
    typeof net === 'string' ? namedImageSpec(net, image, classes) : forImages(net, image, classes);
  const changed = found.ok ? changeSpec(found.spec, config) : found;
  return changed.ok ? withRoom(changed.spec, image) : changed;
}

/** The net for images that are shown so, which it may pad, if its maps are not halved to nothing. */
function withRoom(spec: ImageSpec, shown: ImageSpec['image']): ChangedSpec<ImageSpec> {
  try {
    weightShapes(spec);
    return { ok: true, spec };
  } catch (error) {
    if (!(error instanceof SmallMap)) throw error;
    const [given, padded] = [shown, spec.image].map(({ height, width }) => `${height} x ${width}`);
    const images = given === padded ? given : `${given}, padded to ${padded}`;
    return {
      ok: false,
      message: `field trunk: ${error.message}, which is left of images of ${images}; give smaller windows or strides, or larger images`,
    };
  }
}

const refuse = (message: string): { readonly ok: false; readonly message: string } => ({
  ok: false,
  message: `field net: ${message}`,
});

function forGames(spec: AnySpec, { featureSet }: Features): ChangedSpec<NetSpec> {
  if (isImageSpec(spec))
    return refuse(
      'it is for images, whether it is named or that of the net to begin from; name one for boards',
    );
  return spec.featureSet === featureSet
    ? { ok: true, spec }
    : refuse(`it sees ${spec.featureSet}, and data.featureSet is ${featureSet}; say the same`);
}

function forImages(spec: AnySpec, shown: ImageSpec['image'], classes: number): ChangedSpec<ImageSpec> {
  if (!isImageSpec(spec))
    return refuse(
      'it is for boards, whether it is named or that of the net to begin from; name one for images',
    );
  const misfit = imageMisfit(spec, shown);
  if (misfit !== null) return refuse(`${misfit}; begin from another net`);
  return { ok: true, spec: { ...spec, heads: { ...spec.heads, classes } } };
}
