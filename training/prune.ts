/** Nets with fewer filters: those within blocks that say the least go, with their maps and what listens to these. */
import { makeBatch } from './example.ts';
import { modelFromNet } from '#nets/convert.ts';
import { disposeBatch } from '#nets/batch.ts';
import { FEATURE_SETS } from '#nets/features/feature-set.ts';
import type { NetFile } from '#nets/file.ts';
import { filterEnergies, largest } from '#nets/prune/importance.ts';
import type { Shown } from '#nets/prune/importance.ts';
import { innerFilters, keepFilters } from '#nets/prune/inner-filters.ts';
import { askedExample } from './record-positions.ts';
import type { AskedPosition } from './record-positions.ts';
import { pieces } from './spread.ts';

/** Positions in a batch: the maps of all blocks are there at once. */
const AT_ONCE = 16;

export type PruneOptions = {
  /** Share of the filters of each block that stay, at least one. */
  readonly keep: number;
  readonly onProgress?: (positions: number, total: number) => void;
};

/**
 * @param net with `innerFilters`. @param asked what they are judged by, see `filterEnergies`.
 * @returns the narrower net, which has to learn again what it has lost.
 */
export async function pruneFilters(
  net: NetFile,
  asked: readonly AskedPosition[],
  { keep, onProgress }: PruneOptions,
): Promise<NetFile> {
  const filters = innerFilters(net.spec);
  const made = modelFromNet(net);
  if (!made.ok) throw new Error(`internal: ${made.message}`);
  const { model } = made;
  let energies: ReadonlyMap<string, Float64Array>;
  try {
    energies = await filterEnergies(model, net.weights, filters, shown(net, asked, onProgress));
  } finally {
    model.dispose();
  }
  const kept = filters.map(({ block, count }) => {
    const energy = energies.get(block) as Float64Array;
    return [block, largest(energy, Math.max(1, Math.round(keep * count)))] as const;
  });
  return keepFilters(net, new Map(kept));
}

function* shown(
  { spec }: Pick<NetFile, 'spec'>,
  asked: readonly AskedPosition[],
  onProgress: PruneOptions['onProgress'],
): Generator<Shown> {
  const features = FEATURE_SETS[spec.featureSet];
  let done = 0;
  for (const some of pieces(asked, AT_ONCE)) {
    const batch = makeBatch(some.map((one) => askedExample(one, features)));
    try {
      yield batch;
    } finally {
      disposeBatch(batch);
    }
    done += some.length;
    onProgress?.(done, asked.length);
  }
}
