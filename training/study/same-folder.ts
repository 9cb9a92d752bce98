/** Whether a study may go on in its folder: the runs there are those that it plans, and the table there is of no others. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { parseJson } from '#nets/json.ts';
import { withPaths } from '../config-paths.ts';
import { difference } from '../config-tree.ts';
import { RunFolder } from '../run-folder.ts';
import type { PlannedRun } from './plan.ts';

/** The runs of a study, and where they are asked for those of the same seeds that it would have with --quick, or without where they have it. */
type Plans = {
  readonly isQuick: boolean;
  readonly plan: readonly PlannedRun[];
  readonly otherwise: () => readonly PlannedRun[];
};

/** A sentence where the folder `out` holds what this study would not go on with, or would lose; or null. */
export function folderProblem(out: string, { isQuick, plan, otherwise }: Plans): string | null {
  if (new RunFolder(out).has('config.json'))
    return `${out}: this is the folder of a run, not of a study; choose a new --out`;
  for (const [i, run] of plan.entries()) {
    const problem = runProblem(run);
    if (problem === null) continue;
    const other = otherwise().at(i);
    if (other === undefined || runProblem(other) !== null) return problem;
    return isQuick
      ? `${run.folder}: this run is of the whole study; choose a new --out for --quick`
      : `${run.folder}: this run is of the study with --quick; choose a new --out for the whole study`;
  }
  return tableProblem(out, plan);
}

/** A sentence where the folder of a run holds another one than the planned, or is damaged; or null. */
export function runProblem({ net, config, folder: path }: PlannedRun): string | null {
  const folder = new RunFolder(path);
  const stored = folder.missingFile() ?? folder.readConfig();
  if (stored === null || typeof stored === 'string') return stored;
  // The study may have been moved or copied, and with it the runs whose nets this one needs.
  const own = [
    net.start === undefined ? null : config.start,
    net.sampler === undefined || config.data.kind !== 'games' ? null : config.data.sampler,
  ];
  const wasMoved = (at: string, from: string): boolean =>
    own.includes(at) && isNetOfRun(at, from) && isSameFile(at, from);
  // A run may be gone on with by another version of the program, or on another machine.
  const asked = withPaths(config, stored, wasMoved);
  const field = difference({ ...stored, ...ANYTHING }, { ...asked, ...ANYTHING });
  return field === null ? null : `${path}: there is a run here with another ${field}; choose a new --out`;
}

/** What does not make a run another. */
const ANYTHING = { commit: '', backend: '' };

/** Whether both are called alike, and so is the run that they are of. */
const isNetOfRun = (path: string, from: string): boolean =>
  basename(path) === basename(from) && basename(dirname(path)) === basename(dirname(from));

/** Whether both hold the same, where both are there: the first may be trained yet. */
const isSameFile = (path: string, from: string): boolean =>
  !existsSync(from) || !existsSync(path) || readFileSync(path).equals(readFileSync(from));

/** What is needed of `table.json` here. */
const Told = z.object({ runs: z.array(z.object({ net: z.string(), seed: z.number() })) });

type TableRun = z.infer<typeof Told>['runs'][number];

const tableOf = (out: string): string => join(out, 'table.json');

/** The runs that the table in `out` tells of and that are not among these. */
export function lostFromTable(out: string, runs: readonly TableRun[]): readonly TableRun[] {
  const path = tableOf(out);
  const told = Told.safeParse(existsSync(path) ? parseJson(readFileSync(path, 'utf8')) : undefined);
  return (told.data?.runs ?? []).filter(
    ({ net, seed }) => !runs.some((run) => run.net === net && run.seed === seed),
  );
}

/** A sentence where the table tells of runs that are not planned, and would be left out of the next one. */
function tableProblem(out: string, plan: readonly PlannedRun[]): string | null {
  const planned = plan.map(({ net, seed }) => ({ net: net.name, seed }));
  const lost = lostFromTable(out, planned);
  if (lost.length === 0) return null;
  const [{ net, seed }] = lost;
  const others = lost.length === 1 ? '' : ` and ${lost.length - 1} more`;
  const gone = lost.find((run) => !planned.some((other) => other.net === run.net));
  const way = gone === undefined ? 'ask for these seeds too' : `keep ${gone.net} in the study`;
  return `${tableOf(out)}: it tells of runs that are not asked for now (${net} with seed ${seed}${others}), and would lose them; ${way}, choose a new --out, or remove this file`;
}
