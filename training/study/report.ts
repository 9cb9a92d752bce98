/** What a study leaves in its folder: the table as text and as JSON, and the pictures. */
import { join } from 'node:path';
import { writeFileAtomically } from '#nets/atomic-file.ts';
import { RunFolder } from '../run-folder.ts';
import { writeJsonFile } from '../text-files.ts';
import { writeCurves, writeGradients } from './pictures.ts';
import type { PlannedRun } from './plan.ts';
import type { MeasuredRun } from './run-study.ts';
import type { Study } from './study-file.ts';
import { studyRows, studyTable } from './table.ts';
import type { StudyRow } from './table.ts';

export type StudyReport = { readonly rows: readonly StudyRow[]; readonly table: string };

/** Writes `table.txt`, `table.json`, and of what was measured `curves.svg` and `gradients.svg`. */
export function reportStudy(
  out: string,
  study: Study,
  plan: readonly PlannedRun[],
  runs: readonly MeasuredRun[],
): StudyReport {
  const baselines = new Map(study.nets.map(({ name, baseline }) => [name, baseline]));
  const rows = studyRows(runs, (net) => baselines.get(net) ?? study.baseline ?? study.nets[0].name);
  const table = studyTable(rows);
  writeFileAtomically(join(out, 'table.txt'), Buffer.from(`${study.title}\n\n${table}\n`));
  writeJsonFile(join(out, 'table.json'), { study, rows, runs });
  if (study.measures.answers) {
    const curves = plan.slice(0, runs.length).map(({ net, seed, folder }) => {
      const metrics = new RunFolder(folder).metrics();
      return { net: net.name, seed, metrics };
    });
    writeCurves(join(out, 'curves.svg'), curves, rows);
  }
  if (study.measures.gradients) writeGradients(join(out, 'gradients.svg'), runs);
  return { rows, table };
}
