/** What runs learn from, read once for all runs that learn from the same. */
import { FEATURE_SETS } from '#nets/features/feature-set.ts';
import type { GameData, SelfPlayData } from './config.ts';
import { buildDataset } from './dataset.ts';
import type { Dataset, DatasetOptions } from './dataset.ts';
import { readGameFiles } from './game-files.ts';
import type { Split } from './holdout.ts';
import { readImageSet } from './images/image-set.ts';
import { readSelfPlay } from './self-play-games.ts';
import type { SelfPlayResult, SelfPlaySplit } from './self-play-games.ts';
import type { ImagePart, ImageSetResult } from './images/image-set.ts';

/** What may be told while games are read. */
export type ReadingReport = {
  readonly onProgress?: (done: number, total: number) => void;
  /** Told of records that are left out, with the reason. */
  readonly onSkipped?: (count: number, reason: string) => void;
  /** Told of damage that costs games of self-play. */
  readonly onNote?: (sentence: string) => void;
};

export type DatasetResult =
  { readonly ok: true; readonly dataset: Dataset } | { readonly ok: false; readonly message: string };

export class DataReader {
  private readonly report: ReadingReport;
  private readonly datasets = new Map<string, DatasetResult>();
  private readonly selfPlayWindows = new Map<string, SelfPlayResult>();
  private readonly imageSets = new Map<string, ImageSetResult>();

  constructor(report: ReadingReport = {}) {
    this.report = report;
  }

  games({ files, featureSet, size }: GameData, { holdOut, trainShare }: Split): DatasetResult {
    const key = JSON.stringify([files, featureSet, size, holdOut, trainShare]);
    const features = FEATURE_SETS[featureSet];
    return once(this.datasets, key, () => this.readGames(files, { features, size, holdOut, trainShare }));
  }

  selfPlay(
    { runs, featureSet, valueFromSearch }: SelfPlayData,
    { holdOut, trainShare, bag }: SelfPlaySplit,
  ): SelfPlayResult {
    const key = JSON.stringify([runs, featureSet, valueFromSearch, holdOut, trainShare, bag]);
    return once(this.selfPlayWindows, key, () =>
      readSelfPlay({ runs, featureSet, valueFromSearch }, { holdOut, trainShare, bag }, this.report),
    );
  }

  images(folder: string, part: ImagePart): ImageSetResult {
    return once(this.imageSets, JSON.stringify([folder, part]), () => readImageSet(folder, part));
  }

  private readGames(files: readonly string[], options: DatasetOptions): DatasetResult {
    const read = readGameFiles(files);
    if (!read.ok) return read;
    const { onProgress, onSkipped } = this.report;
    const dataset = buildDataset(read.files, { ...options, onProgress });
    for (const [reason, count] of dataset.skipped) onSkipped?.(count, reason);
    if (dataset.train.length === 0)
      return { ok: false, message: `no game in ${files.join(', ')} can be trained on; ${causes(options)}` };
    return { ok: true, dataset };
  }
}

/** Which options leave games out. */
function causes({ size, holdOut, trainShare }: DatasetOptions): string {
  const asked = [
    ...(size === null || size === undefined ? [] : [`data.size ${size}`]),
    ...(trainShare === 1 ? [] : [`trainShare ${trainShare}`]),
    `holdOut ${holdOut}`,
  ];
  return `games are left out by ${asked.join(', ')}`;
}

function once<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
