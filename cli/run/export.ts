/** `tengen run export`: what a run has measured, for other programs. */
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFileAtomically } from '#nets/atomic-file.ts';
import { makeFolder } from '#nets/make-folder.ts';
import { exportCsv } from '#selfplay/run/export-csv.ts';
import { exportTensorBoard } from '#selfplay/run/export-tensorboard.ts';
import { readWholeRun, type WholeRun } from '#selfplay/run/run-reader.ts';
import { CliError, EXIT } from '../common.ts';
import { checkTarget } from '../target.ts';

/** Seconds since 1970 at which the run began, taking it that it never lay still before its last line. */
function startTime(folder: string, { metrics, generations }: WholeRun): number {
  const name = metrics.length > 0 ? 'metrics.jsonl' : 'generations.jsonl';
  const lastSeconds = metrics.at(-1)?.runSeconds ?? generations.at(-1)?.runSeconds ?? 0;
  return statSync(join(folder, name)).mtimeMs / 1000 - lastSeconds;
}

export async function exportRun(
  folder: string,
  flags: { csv?: string; tensorboard?: string; json?: string },
): Promise<void> {
  const { csv, tensorboard, json } = flags;
  if (csv === undefined && tensorboard === undefined && json === undefined)
    throw new CliError(EXIT.usage, 'Say what to write: --csv FOLDER, --tensorboard FOLDER or --json FILE.');
  statSync(folder);
  const run = await readWholeRun(folder);
  if (run.metrics.length === 0 && run.generations.length === 0)
    throw new CliError(EXIT.badInput, `${folder}: there is no run here that has measured anything yet`);
  if (json !== undefined) {
    makeFolder(dirname(json));
    checkTarget(json, folder);
  }
  for (const note of run.notes) process.stderr.write(`${folder}: ${note}\n`);
  const written: string[] = [];
  if (csv !== undefined) written.push(...exportCsv(run, csv));
  if (tensorboard !== undefined) written.push(exportTensorBoard(run, tensorboard, startTime(folder, run)));
  if (json !== undefined) {
    const { notes: _, ...content } = run;
    writeFileAtomically(json, Buffer.from(`${JSON.stringify(content)}\n`));
    written.push(json);
  }
  process.stdout.write(written.map((path) => `${path}\n`).join(''));
}
