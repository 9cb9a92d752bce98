/** What a study leaves in its folder: the table as text and as JSON, and the pictures. */
import { join } from 'node:path';
import { writeFileAtomically } from '#nets/atomic-file.ts';
import { RunFolder } from '../run-folder.ts';
import { writeJsonFile } from '../text-files.ts';
import { writeCurves, writeGradients } from './pictures.ts';
import type { PlannedRun } from './plan.ts';
import { backendsOf } from './run-study.ts';
import type { MeasuredRun } from './run-study.ts';
import type { Study } from './study-file.ts';
import { studyRows, studyTable } from './table.ts';
import type { StudyRow } from './table.ts';

export type StudyReport = {
  readonly rows: readonly StudyRow[];
  readonly table: string;
  /** A sentence where runs are missing, which `table.txt` ends with; or null. */
  readonly unfinished: string | null;
};

/** Writes `table.txt`, `table.json`, and of what was measured `curves.svg` and `gradients.svg`. */
export function reportStudy(
  out: string,
  study: Study,
  plan: readonly PlannedRun[],
  { runs, isFinished }: { readonly runs: readonly MeasuredRun[]; readonly isFinished: boolean },
): StudyReport {
  const baselines = new Map(study.nets.map(({ name, baseline }) => [name, baseline]));
  const rows = studyRows(runs, (net) => baselines.get(net) ?? study.baseline ?? study.nets[0].name);
  const table = studyTable(rows);
  const done = plan.filter(({ net, seed }) => runs.some((run) => run.net === net.name && run.seed === seed));
  const unfinished = isFinished
    ? null
    : `Unfinished: ${runs.length} of ${plan.length} runs are done; the same command goes on.`;
  const backends = backendsOf(done);
  const computed = backends.length === 0 ? [] : [`computed with ${backends.join('; ')}`];
  const text = [study.title, table, ...computed, ...(unfinished === null ? [] : [unfinished])].join('\n\n');
  writeFileAtomically(join(out, 'table.txt'), Buffer.from(`${text}\n`));
  writeJsonFile(join(out, 'table.json'), { study, isFinished, backends, rows, runs });
  if (study.measures.answers) {
    const curves = done.map(({ net, seed, folder }) => {
      const metrics = new RunFolder(folder).metrics();
      return { net: net.name, seed, metrics };
    });
    writeCurves(join(out, 'curves.svg'), curves, rows);
  }
  if (study.measures.gradients) writeGradients(join(out, 'gradients.svg'), runs);
  return { rows, table, unfinished };
}
