/** A run as tables for spreadsheets and statistics: one CSV file (RFC 4180) for each of its files of lines. */
import { join } from 'node:path';
import { writeFileAtomically } from '#nets/atomic-file.ts';
import { makeFolder } from '#nets/make-folder.ts';
import { toCsv } from './csv.ts';
import type { WholeRun } from './run-reader.ts';

/** Writes `metrics.csv`, `generations.csv`, `matches.csv` and `ratings.csv` into `folder`, those that have rows. @returns their paths. */
export function exportCsv(run: WholeRun, folder: string): string[] {
  const tables = {
    metrics: run.metrics,
    generations: run.generations,
    matches: run.matches,
    ratings: run.ratings?.players ?? [],
  };
  makeFolder(folder);
  return Object.entries(tables)
    .filter(([, rows]) => rows.length > 0)
    .map(([name, rows]) => {
      const path = join(folder, `${name}.csv`);
      writeFileAtomically(path, Buffer.from(toCsv(rows)));
      return path;
    });
}
