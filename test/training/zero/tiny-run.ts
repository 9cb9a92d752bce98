/** A self-play run so small that a test can have several. */
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SelfPlayPool } from '#selfplay/zero/pool.ts';
import { ZeroConfig } from '#training/zero/config.ts';
import { RunProgress } from '#training/zero/progress.ts';
import { trainZero } from '#training/zero/run.ts';
import type { ZeroResult } from '#training/zero/run.ts';
import { ZeroFolder } from '#training/zero/zero-folder.ts';

export const TINY = {
  selfPlay: { boards: [{ size: 3, komi: 1 }], visits: 4, cheapVisits: 2 },
  net: { blocks: 1, channels: 4 },
  learner: { learningRate: 0.02, warmup: 2 },
  window: { smallest: 40 },
  judge: { every: 2, games: 2, visits: 2 },
  generations: 3,
  gamesPerGeneration: 6,
  batch: 8,
} as const;

export const newFolder = (): ZeroFolder => new ZeroFolder(mkdtempSync(join(tmpdir(), 'tengen-zero-')));

export type Happenings = {
  readonly signal?: AbortSignal;
  readonly workers?: number;
  /** Called after each line of metrics, generation and match. */
  readonly onEvent?: () => void;
  readonly notes?: string[];
};

/** Begins the run or goes on with it. */
export async function runIn(
  folder: ZeroFolder,
  changes: object = {},
  { signal = new AbortController().signal, workers = 1, onEvent, notes = [] }: Happenings = {},
): Promise<ZeroResult> {
  const config = ZeroConfig.parse({ ...TINY, ...changes });
  folder.create();
  folder.writeConfig(config);
  const pool = new SelfPlayPool({ workers, concurrentGames: 2 });
  const progress = new RunProgress(() => 0, folder.told());
  try {
    return await trainZero({
      config,
      folder,
      pool,
      backend: 'wasm',
      progress,
      onMetrics: () => onEvent?.(),
      onGeneration: () => onEvent?.(),
      onMatch: () => onEvent?.(),
      onRatings: () => undefined,
      onNote: (sentence) => void notes.push(sentence),
      signal,
    });
  } finally {
    await pool.close();
  }
}

/** The bytes of all that a run learned from and made, by the names of files; what its generations were like, but for how they were computed. */
export function bytesOf(folder: ZeroFolder): Record<string, unknown> {
  const files = ['games', 'nets'].flatMap((part) =>
    readdirSync(join(folder.path, part)).map((name) => join(part, name)),
  );
  const lasting = [...files.toSorted(), 'checkpoint.safetensors', 'net.safetensors'];
  const computed = { seconds: 0, runSeconds: 0, evaluations: 0, batchFill: 0 };
  const same = (lines: readonly object[] | string): unknown =>
    typeof lines === 'string' ? lines : lines.map((line) => ({ ...line, ...computed }));
  return {
    ...Object.fromEntries(
      lasting.map((name) => [name, readFileSync(join(folder.path, name)).toString('base64')]),
    ),
    generations: same(folder.generations()),
    matches: same(folder.matches()),
  };
}
