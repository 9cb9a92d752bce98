/** A run for TensorBoard: every figure over the step of training at which it was taken. */
import { join } from 'node:path';
import { writeFileAtomically } from '#nets/atomic-file.ts';
import { makeFolder } from '#nets/make-folder.ts';
import { generationFigures } from './generation-figures.ts';
import type { WholeRun } from './run-reader.ts';
import { eventFile, type Scalar } from './tfevents.ts';

/** Where and when a line of metrics stands, which is not a figure of its own. */
const NOT_FIGURES = new Set(['step', 'generation', 'runSeconds']);

function scalarsOf(
  prefix: string,
  figures: Readonly<Record<string, number | null | undefined>>,
  at: { readonly step: number; readonly wallTime: number },
): Scalar[] {
  return Object.entries(figures).flatMap(([name, value]) =>
    NOT_FIGURES.has(name) || value === undefined
      ? []
      : [{ tag: `${prefix}/${name}`, ...at, value: value ?? Number.NaN }],
  );
}

/** @param startTime seconds since 1970 at which the run began; what it lay still is left out of the times. */
export function runScalars(run: WholeRun, startTime: number): Scalar[] {
  /** The step that training had reached where a line of metrics says so; without any, generations stand for steps. */
  function stepWhere(isBefore: (line: WholeRun['metrics'][number]) => boolean, generation: number): number {
    if (run.metrics.length === 0) return generation;
    return run.metrics.findLast(isBefore)?.step ?? 0;
  }
  const metrics = run.metrics.flatMap((line) =>
    scalarsOf('train', line, { step: line.step, wallTime: startTime + (line.runSeconds ?? 0) }),
  );
  const generations = run.generations.flatMap((line) => {
    const step = stepWhere(({ runSeconds }) => (runSeconds ?? Infinity) <= line.runSeconds, line.generation);
    return scalarsOf('selfplay', generationFigures(line), { step, wallTime: startTime + line.runSeconds });
  });
  const ratings = (run.ratings?.players ?? []).flatMap(({ generation, elo, low, high }) => {
    if (generation === null) return [];
    const step = stepWhere((line) => (line.generation ?? Infinity) < generation, generation);
    const made = run.generations.findLast((line) => line.generation < generation)?.runSeconds ?? 0;
    return scalarsOf('elo', { elo, low, high }, { step, wallTime: startTime + made });
  });
  return [...metrics, ...generations, ...ratings.toSorted((a, b) => a.step - b.step)];
}

/** @returns the path of the event file written into `folder`. */
export function exportTensorBoard(run: WholeRun, folder: string, startTime: number): string {
  makeFolder(folder);
  // TensorBoard looks for "tfevents" in names, and reads every such file: what is exported again takes the place of the last.
  const path = join(folder, 'events.out.tfevents.tengen');
  writeFileAtomically(path, eventFile(startTime, runScalars(run, startTime)));
  return path;
}
