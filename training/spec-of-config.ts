/** The net that a config asks for: one with a name, or one like that it begins from, with the fields it changes. */
import { namedImageSpec, namedSpec } from '#nets/architectures/named.ts';
import { changeSpec } from '#nets/changed-spec.ts';
import type { ChangedSpec } from '#nets/changed-spec.ts';
import { loadAnyNet } from '#nets/file.ts';
import { isImageSpec } from '#nets/spec.ts';
import type { AnySpec, ImageSpec, NetSpec } from '#nets/spec.ts';
import type { GameData, SupervisedConfig } from './config.ts';

type Asked = Pick<SupervisedConfig, 'net' | 'start' | 'trunk' | 'heads'>;

/** A refusal is one sentence, as of `namedSpec` and `loadAnyNet`. */
export function gameSpec(config: Asked, { featureSet }: Pick<GameData, 'featureSet'>): ChangedSpec<NetSpec> {
  const { net, start } = config;
  const found = net === undefined ? startSpec(start) : namedSpec(net, featureSet);
  if (!found.ok) return found;
  const { spec } = found;
  if (isImageSpec(spec)) return refuse(`${start}: this net is for images; name a net for boards`);
  if (spec.featureSet !== featureSet)
    return refuse(
      `${start}: this net sees ${spec.featureSet}; the config's data.featureSet is ${featureSet}`,
    );
  return changeSpec(spec, config);
}

/** The same for images. */
export function imageSpec(config: Asked, image: ImageSpec['image'], classes: number): ChangedSpec<ImageSpec> {
  const { net, start } = config;
  const found = net === undefined ? startSpec(start) : namedImageSpec(net, image, classes);
  if (!found.ok) return found;
  const { spec } = found;
  if (!isImageSpec(spec)) return refuse(`${start}: this net is for boards; name a net for images`);
  const sides = ({ height, width, channels }: ImageSpec['image']): string =>
    `${height} x ${width} x ${channels}`;
  if (sides(spec.image) !== sides(image))
    return refuse(`${start}: this net is for images of ${sides(spec.image)}, and these are ${sides(image)}`);
  return changeSpec({ ...spec, heads: { ...spec.heads, classes } }, config);
}

const refuse = (message: string): { readonly ok: false; readonly message: string } => ({
  ok: false,
  message,
});

/** @param path there is one where a config names no net. */
function startSpec(path: string | null): ChangedSpec<AnySpec> {
  if (path === null) throw new Error('internal: a config without a net');
  const loaded = loadAnyNet(path);
  return loaded.ok ? { ok: true, spec: loaded.net.spec } : loaded;
}
