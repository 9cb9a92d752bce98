/** A run as tables for spreadsheets and statistics: one CSV file (RFC 4180) for each of its files of lines. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '#nets/atomic-file.ts';
import type { WholeRun } from './run-reader.ts';

type Cell = number | string | null | undefined;

function cellText(value: Cell): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Columns in the order in which rows first name them; what a row lacks, or was no finite number, is empty. */
export function toCsv(rows: readonly Readonly<Record<string, Cell>>[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [columns, ...rows.map((row) => columns.map((name) => row[name]))];
  return lines.map((cells) => `${cells.map(cellText).join(',')}\r\n`).join('');
}

/** Writes `metrics.csv`, `generations.csv`, `matches.csv` and `ratings.csv` into `folder`, those that have rows. @returns their paths. */
export function exportCsv(run: WholeRun, folder: string): string[] {
  const tables = {
    metrics: run.metrics,
    generations: run.generations,
    matches: run.matches,
    ratings: run.ratings?.players ?? [],
  };
  mkdirSync(folder, { recursive: true });
  return Object.entries(tables)
    .filter(([, rows]) => rows.length > 0)
    .map(([name, rows]) => {
      const path = join(folder, `${name}.csv`);
      writeFileAtomically(path, Buffer.from(toCsv(rows)));
      return path;
    });
}
