/** The net that a config asks for: one with a name, or one like that it begins from, with the fields it changes. */
import { namedImageSpec, namedSpec } from '#nets/architectures/named.ts';
import { changeSpec } from '#nets/changed-spec.ts';
import type { ChangedSpec } from '#nets/changed-spec.ts';
import { loadAnyNet } from '#nets/file.ts';
import { isImageSpec } from '#nets/spec.ts';
import type { AnySpec, ImageSpec, NetSpec } from '#nets/spec.ts';
import type { GameData, SupervisedConfig } from './config.ts';

type Asked = Pick<SupervisedConfig, 'net' | 'start' | 'trunk' | 'heads'>;
type Features = Pick<GameData, 'featureSet'>;

/** A refusal is one sentence, as of `namedSpec` and `loadAnyNet`. */
export function gameSpec(config: Asked, features: Features): ChangedSpec<NetSpec> {
  const { net, start } = config;
  const found = net === undefined ? startGameSpec(start, features) : namedSpec(net, features.featureSet);
  return found.ok ? changeSpec(found.spec, config) : found;
}

/** The same for images. */
export function imageSpec(config: Asked, image: ImageSpec['image'], classes: number): ChangedSpec<ImageSpec> {
  const { net, start } = config;
  const found =
    net === undefined ? startImageSpec(start, image, classes) : namedImageSpec(net, image, classes);
  return found.ok ? changeSpec(found.spec, config) : found;
}

const refuse = (message: string): { readonly ok: false; readonly message: string } => ({
  ok: false,
  message,
});

function startGameSpec(path: Asked['start'], { featureSet }: Features): ChangedSpec<NetSpec> {
  const found = startSpec(path);
  if (!found.ok) return found;
  const { spec } = found;
  if (isImageSpec(spec)) return refuse(`${path}: this net is for images; begin from one for boards`);
  return spec.featureSet === featureSet
    ? { ok: true, spec }
    : refuse(`${path}: this net sees ${spec.featureSet}, and data.featureSet is ${featureSet}; say the same`);
}

function startImageSpec(
  path: Asked['start'],
  { height, width, channels }: ImageSpec['image'],
  classes: number,
): ChangedSpec<ImageSpec> {
  const found = startSpec(path);
  if (!found.ok) return found;
  const { spec } = found;
  if (!isImageSpec(spec)) return refuse(`${path}: this net is for boards; begin from one for images`);
  const { image } = spec;
  if (image.channels !== channels || image.height < height || image.width < width)
    return refuse(
      `${path}: it takes images of ${image.height} x ${image.width} x ${image.channels}, and these have ${height} x ${width} x ${channels}; begin from another net`,
    );
  return { ok: true, spec: { ...spec, heads: { ...spec.heads, classes } } };
}

/** @param path there is one where a config names no net. */
function startSpec(path: Asked['start']): ChangedSpec<AnySpec> {
  if (path === null) throw new Error('internal: a config without a net');
  const loaded = loadAnyNet(path);
  return loaded.ok ? { ok: true, spec: loaded.net.spec } : loaded;
}
