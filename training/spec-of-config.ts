/** The net that a config names, with the fields it changes. */
import { namedImageSpec, namedSpec } from '#nets/architectures/named.ts';
import { changeSpec } from '#nets/changed-spec.ts';
import type { ChangedSpec } from '#nets/changed-spec.ts';
import type { ImageSpec, NetSpec } from '#nets/spec.ts';
import type { GameData, SupervisedConfig } from './config.ts';

type Named = Pick<SupervisedConfig, 'net' | 'trunk' | 'heads'>;

/** A refusal is one sentence, as of `namedSpec`. */
export function gameSpec(config: Named, { featureSet }: Pick<GameData, 'featureSet'>): ChangedSpec<NetSpec> {
  const named = namedSpec(config.net, featureSet);
  return named.ok ? changeSpec(named.spec, config) : named;
}

/** The same for images. */
export function imageSpec(config: Named, image: ImageSpec['image'], classes: number): ChangedSpec<ImageSpec> {
  const named = namedImageSpec(config.net, image, classes);
  return named.ok ? changeSpec(named.spec, config) : named;
}
