/** The net that a config asks for: one with a name, or one that it spells out, with the fields it changes. */
import { namedImageSpec, namedSpec } from '#nets/architectures/named.ts';
import { changeSpec } from '#nets/changed-spec.ts';
import type { ChangedSpec } from '#nets/changed-spec.ts';
import { imageMisfit, isImageSpec } from '#nets/spec.ts';
import type { AnySpec, ImageSpec, NetSpec } from '#nets/spec.ts';
import type { GameData, SupervisedConfig } from './config.ts';

type Asked = Pick<SupervisedConfig, 'net' | 'trunk' | 'heads'>;
type Features = Pick<GameData, 'featureSet'>;

/** A refusal is one sentence, as of `namedSpec`. */
export function gameSpec(config: Asked, features: Features): ChangedSpec<NetSpec> {
  const { net } = config;
  const found = typeof net === 'string' ? namedSpec(net, features.featureSet) : forGames(net, features);
  return found.ok ? changeSpec(found.spec, config) : found;
}

/** The same for images. */
export function imageSpec(config: Asked, image: ImageSpec['image'], classes: number): ChangedSpec<ImageSpec> {
  const { net } = config;
  const found =
    typeof net === 'string' ? namedImageSpec(net, image, classes) : forImages(net, image, classes);
  return found.ok ? changeSpec(found.spec, config) : found;
}

const refuse = (message: string): { readonly ok: false; readonly message: string } => ({
  ok: false,
  message: `field net: ${message}`,
});

function forGames(spec: AnySpec, { featureSet }: Features): ChangedSpec<NetSpec> {
  if (isImageSpec(spec)) return refuse('it is for images; name one for boards, or begin from one');
  return spec.featureSet === featureSet
    ? { ok: true, spec }
    : refuse(`it sees ${spec.featureSet}, and data.featureSet is ${featureSet}; say the same`);
}

function forImages(spec: AnySpec, shown: ImageSpec['image'], classes: number): ChangedSpec<ImageSpec> {
  if (!isImageSpec(spec)) return refuse('it is for boards; name one for images, or begin from one');
  const misfit = imageMisfit(spec, shown);
  if (misfit !== null) return refuse(`${misfit}; begin from another net`);
  return { ok: true, spec: { ...spec, heads: { ...spec.heads, classes } } };
}
