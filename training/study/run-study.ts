/** Carries a study out: each run is trained to its end where it is not yet, and measured once. */
import { orSolverFailure } from '#nets/ode/failure.ts';
import { withPaths } from '../config-paths.ts';
import { DataReader } from '../data-reader.ts';
import type { ReadingReport } from '../data-reader.ts';
import { writeLossPlot } from '../loss-plot.ts';
import { openTask, testExamples } from '../open-task.ts';
import { RunFolder } from '../run-folder.ts';
import { lockRun } from '../run-lock.ts';
import { startProblem } from '../start.ts';
import { trainSupervised } from '../trainer.ts';
import type { TrainOptions, TrainingStatus } from '../trainer.ts';
import { readMeasured, writeMeasured } from './measured.ts';
import type { Measured } from './measured.ts';
import { measureRun } from './measure-run.ts';
import type { PlannedRun } from './plan.ts';
import { runProblem } from './same-folder.ts';
import type { Study } from './study-file.ts';

export type MeasuredRun = Measured & {
  readonly net: string;
  readonly seed: number;
  /** Different where the test examples are. */
  readonly testedOn: string;
};

export type StudyHooks = {
  /** Milliseconds since any fixed moment. */
  readonly now: () => number;
  /** What it computes with, as a run that begins now keeps it. */
  readonly backend: string;
  readonly reading: ReadingReport;
  readonly onRun: (run: PlannedRun, index: number) => void;
  /** Told before a run that is to be trained is, once all that it learns from is read. */
  readonly onTraining?: () => void;
  readonly onPreparing?: TrainOptions['onPreparing'];
  readonly onStatus: (run: PlannedRun, status: TrainingStatus) => void;
  /** Told why a run has no figures, or none where its net is used in one of its ways. */
  readonly onDiverged: (run: PlannedRun, reason: string) => void;
  readonly shouldStop: () => boolean;
};

type Failure = {
  readonly ok: false;
  readonly reason: 'bad-input' | 'locked';
  readonly message: string;
};

export type StudyResult =
  { readonly ok: true; readonly runs: readonly MeasuredRun[]; readonly isFinished: boolean } | Failure;

const badInput = (message: string): Failure => ({ ok: false, reason: 'bad-input', message });

/** @returns what was measured of all runs, or where it was asked to stop of those that are done. */
export async function runStudy(
  study: Study,
  plan: readonly PlannedRun[],
  hooks: StudyHooks,
): Promise<StudyResult> {
  const reader = new DataReader(hooks.reading);
  const runs: MeasuredRun[] = [];
  for (const [index, run] of plan.entries()) {
    hooks.onRun(run, index);
    const without = neededNet(run, plan, runs);
    const done: Done =
      without === null ? await carryOut(study, run, reader, hooks) : { ok: true, measured: failed(without) };
    if (!done.ok) return done;
    if (done.measured === null) {
      // Where nets or seeds were added, later runs may be done already.
      const later = plan.slice(index + 1).flatMap((next) => {
        const known = readMeasured(next.folder, askedOf(study, next));
        return known === null ? [] : [told(next, known)];
      });
      return { ok: true, runs: [...runs, ...later], isFinished: false };
    }
    for (const reason of reasonsOf(done.measured)) hooks.onDiverged(run, reason);
    runs.push(told(run, done.measured));
  }
  return { ok: true, runs, isFinished: true };
}

/** What is asked of a run: it is measured again where that has changed. */
const askedOf = ({ size, examples, measures }: Study, { net }: PlannedRun): string =>
  JSON.stringify([size, examples, measures, net.playedAs]);

const told = ({ net, seed, config }: PlannedRun, measured: Measured): MeasuredRun => ({
  ...measured,
  net: net.name,
  seed,
  testedOn: testedOnOf(config),
});

const failed = (reason: string): Measured => ({ diverged: reason, ways: [], gradients: [] });

/** Why a run cannot be begun, where one before it that it needs diverged and left no net; or null. */
function neededNet(
  { net, seed }: PlannedRun,
  plan: readonly PlannedRun[],
  before: readonly MeasuredRun[],
): string | null {
  const isGone = (named: string | undefined): boolean =>
    before.some(
      (run, i) =>
        run.net === named &&
        run.seed === seed &&
        run.diverged !== null &&
        !new RunFolder(plan[i].folder).has('net.safetensors'),
    );
  if (isGone(net.start)) return `it begins from ${net.start}, which diverged`;
  return isGone(net.sampler) ? `what it learns is drawn by ${net.sampler}, which diverged` : null;
}

function testedOnOf({ data, holdOut }: PlannedRun['config']): string {
  switch (data.kind) {
    case 'games':
      return JSON.stringify([data.files, data.size, holdOut]);
    case 'images':
      return JSON.stringify([data.folder, data.classes]);
    case 'self-play':
      throw new Error('internal: there are no studies of self-play');
  }
}

function reasonsOf({ diverged, ways }: Measured): string[] {
  const all = [{ way: null, diverged }, ...ways];
  return all.flatMap(({ way, diverged: reason }) =>
    reason === null ? [] : [way === null ? reason : `${way}: ${reason}`],
  );
}

type Done = { readonly ok: true; readonly measured: Measured | null } | Failure;

async function carryOut(
  study: Study,
  planned: PlannedRun,
  reader: DataReader,
  hooks: StudyHooks,
): Promise<Done> {
  const config = withPaths(planned.config);
  const run = { ...planned, config };
  const folder = new RunFolder(run.folder);
  const problem = runProblem(run);
  if (problem !== null) return badInput(problem);
  const asked = askedOf(study, run);
  const known = readMeasured(folder.path, asked);
  if (known !== null) return { ok: true, measured: known };
  if (hooks.shouldStop()) return { ok: true, measured: null };

  const refuse = (message: string): Failure => badInput(`net ${run.net.name}: ${message}`);
  const opened = openTask(config, reader);
  if (!opened.ok) return refuse(opened.message);
  const { task } = opened;
  const test = testExamples(config, task, reader);
  if (!test.ok) return refuse(test.message);
  // A run that is there has begun from its net already.
  const unfit =
    folder.has('config.json') || config.start === null ? null : startProblem(task.spec, config.start);
  if (unfit !== null) return refuse(unfit);
  folder.create();
  const lock = lockRun(folder.path);
  if (!lock.ok) return { ok: false, reason: 'locked', message: lock.message };
  try {
    if (!folder.has('config.json')) folder.writeConfig({ ...config, backend: hooks.backend });
    hooks.onTraining?.();
    const trained = await trainSupervised({
      config,
      task,
      folder,
      now: hooks.now,
      onPreparing: hooks.onPreparing,
      onStatus: (status) => hooks.onStatus(run, status),
      shouldStop: hooks.shouldStop,
    });
    if (!trained.ok && trained.reason === 'bad-input') return refuse(trained.message);
    if (trained.ok && !trained.finished) return { ok: true, measured: null };
    writeLossPlot(folder);
    const outcome = trained.ok
      ? await orSolverFailure(measureRun({ study, run, task, test: test.examples, folder, now: hooks.now }))
      : trained;
    const measured = 'message' in outcome ? failed(outcome.message) : outcome;
    writeMeasured(folder.path, asked, measured);
    return { ok: true, measured };
  } finally {
    lock.release();
  }
}

/** What the runs that are there began to compute with, each once, the first run's first. */
export function backendsOf(plan: readonly PlannedRun[]): string[] {
  const all = plan.flatMap(({ folder }) => {
    const stored = new RunFolder(folder).readConfig();
    const isRead = stored !== null && typeof stored !== 'string';
    return isRead && stored.backend !== undefined ? [stored.backend] : [];
  });
  return [...new Set(all)];
}
