/** Game records that a command is given, with progress and what is left out. */
import { readGameFiles } from '#training/game-files.ts';
import type { GameFile } from '#training/game-files.ts';
import { CliError, EXIT, tellLeftOut } from './common.ts';
import { makeProgress } from './progress.ts';

type Report = {
  /** Counts records that are left out, by reason. */
  readonly skipped: Map<string, number>;
  readonly onProgress: (done: number, total: number) => void;
};

/** What `use` makes of the records, after which it is said which were left out. @throws CliError where files cannot be read. */
export async function withRecords<T>(
  games: readonly string[],
  use: (files: readonly GameFile[], report: Report) => Promise<T>,
): Promise<T> {
  const read = readGameFiles(games);
  if (!read.ok) throw new CliError(EXIT.badInput, read.message);
  const progress = makeProgress('game {value}/{total}');
  const skipped = new Map<string, number>();
  const made = await use(read.files, { skipped, onProgress: progress.update }).finally(progress.stop);
  for (const [reason, count] of skipped) tellLeftOut(count, reason);
  return made;
}
