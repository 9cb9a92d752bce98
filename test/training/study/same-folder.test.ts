/** A study goes on only where nothing in its folder is lost by it, which is said before anything is trained. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { RunFolder } from '#training/run-folder.ts';
import { planRuns } from '#training/study/plan.ts';
import type { PlannedRun } from '#training/study/plan.ts';
import { folderProblem, lostFromTable } from '#training/study/same-folder.ts';
import { Study, quickVersion } from '#training/study/study-file.ts';

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'tengen-'));
  return () => rmSync(out, { recursive: true });
});

const study = Study.parse({
  title: 'Widths',
  data: 'games',
  nets: ['narrow', 'wide'].map((name) => ({ name, options: { net: '1x4' } })),
  quick: { options: { steps: 7 } },
});
const quick = quickVersion(study);

function planned(of: Study, seeds = of.seeds): readonly PlannedRun[] {
  const data = { kind: 'games', files: ['a.sgf'] };
  const plan = planRuns({ ...of, seeds }, { out, data, commit: undefined });
  if (!plan.ok) throw new Error(plan.message);
  return plan.runs;
}

function begin(...runs: readonly PlannedRun[]): void {
  for (const { folder, config } of runs) {
    const run = new RunFolder(folder);
    run.create();
    run.writeConfig(config);
  }
}

const tell = (runs: readonly PlannedRun[]): void =>
  writeFileSync(
    join(out, 'table.json'),
    JSON.stringify({ runs: runs.map(({ net, seed }) => ({ net: net.name, seed })) }),
  );

/** What is said to the whole study, or to the quick one. */
const problem = (of: Study, seeds = of.seeds): string | null =>
  folderProblem(out, {
    isQuick: of === quick,
    plan: planned(of, seeds),
    otherwise: () => planned(of === quick ? study : quick, seeds),
  });

test('a folder with runs of --quick is not one of the whole study, nor the other way round', () => {
  begin(...planned(quick));
  expect(problem(quick)).toBeNull();
  expect(problem(study)).toBe(
    `${join(out, 'narrow-s1')}: this run is of the study with --quick; choose a new --out for the whole study`,
  );
  begin(...planned(study));
  expect(problem(study)).toBeNull();
  expect(problem(quick)).toBe(
    `${join(out, 'narrow-s1')}: this run is of the whole study; choose a new --out for --quick`,
  );
});

test('any run of other options is found, wherever it comes in the study', () => {
  const [run] = planned(study).slice(-1);
  begin({ ...run, config: { ...run.config, batch: 9 } });
  expect(problem(study)).toBe(`${run.folder}: there is a run here with another batch; choose a new --out`);
});

test('a table of runs that are not asked for is not replaced by a smaller one', () => {
  begin(...planned(study));
  tell(planned(study));
  expect(problem(study)).toBeNull();
  expect(problem(study, [1, 2, 3, 4])).toBeNull();
  expect(problem(study, [1])).toBe(
    `${join(out, 'table.json')}: it tells of runs that are not asked for now (narrow with seed 2 and 3 more), and would lose them; ask for these seeds too, choose a new --out, or remove this file`,
  );
  expect(problem({ ...study, nets: study.nets.slice(1) })).toMatch(
    /\(narrow with seed 1 and 2 more\), and would lose them; keep narrow in the study, choose/,
  );
  tell(planned(study, [1]));
  expect(problem(study, [1])).toBeNull();
});

test('the folder of a run is none of a study', () => {
  const [run] = planned(study);
  new RunFolder(out).writeConfig(run.config);
  expect(problem(study)).toBe(`${out}: this is the folder of a run, not of a study; choose a new --out`);
});

test('what a table tells of and runs leave out is found', () => {
  expect(lostFromTable(out, [])).toEqual([]);
  tell(planned(study, [1]));
  expect(lostFromTable(out, [{ net: 'wide', seed: 1 }, { net: 'narrow', seed: 2 }])).toEqual([{ net: 'narrow', seed: 1 }]); // prettier-ignore
});
