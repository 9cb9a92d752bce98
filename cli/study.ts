/** `tengen study`: nets trained alike but for what is compared, and a table of how they do. */
import type { Command } from 'commander';
import { makeFolder } from '#nets/make-folder.ts';
import { planRuns } from '#training/study/plan.ts';
import type { PlannedRun } from '#training/study/plan.ts';
import { reportStudy } from '#training/study/report.ts';
import { backendsOf, runStudy } from '#training/study/run-study.ts';
import { folderProblem, lostFromTable } from '#training/study/same-folder.ts';
import { SHIPPED_STUDIES, studyPath } from '#training/study/shipped.ts';
import { quickVersion, readStudy } from '#training/study/study-file.ts';
import type { Study } from '#training/study/study-file.ts';
import { addBackendOptions, type BackendFlags } from './backend-options.ts';
import { CliError, EXIT, emit, filePath, filePaths, wholeNumber } from './common.ts';
import { startTelling } from './train/backend-of-run.ts';
import {
  claim,
  currentCommit,
  interruption,
  refuseLocked,
  reportPreparing,
  reportReading,
} from './train/common.ts';
import type { Interruption } from './train/common.ts';
import { makeTrainingProgress } from './train/training-progress.ts';

type Flags = BackendFlags & {
  readonly out: string;
  readonly games?: string[];
  readonly images?: string;
  readonly seeds?: number;
  readonly quick?: boolean;
  readonly json?: boolean;
};

export function registerStudy(program: Command): void {
  const study = program
    .command('study')
    .description('train nets alike but for what is compared, and tell how they do')
    .argument('<study>', `a file, or one of: ${SHIPPED_STUDIES.join(', ')}`, filePath)
    .requiredOption(
      '--out <folder>',
      'for runs, table and pictures; a study there goes on where it stopped',
      filePath,
    )
    .option('--games <file...>', 'SGF files or folders, for studies on boards', filePaths)
    .option('--images <folder>', "files named as MNIST's, for studies on images", filePath)
    .option('--seeds <n>', 'runs of each net (what the study says)', wholeNumber(1, 100))
    .option('--quick', 'the small version of the study, done in minutes')
    .option('--json', 'print one JSON object at the end');
  addBackendOptions(study)
    .addHelpText(
      'after',
      `
Examples:
  tengen study depth --games games/*.sgfs.gz --out studies/depth
  tengen study mnist --images mnist --quick --out studies/mnist

Ctrl-C saves a checkpoint and stops; the same command goes on. How to write a study: docs/studies.md.`,
    )
    .action(conduct);
}

/** The study as it is asked for, and with as many seeds the one with --quick or without that is not. */
function requireStudy(fileOrName: string, flags: Flags): { readonly study: Study; readonly other: Study } {
  const path = studyPath(fileOrName);
  if (path === null)
    throw new CliError(
      EXIT.usage,
      `There is no file ${fileOrName} and no study of that name; there are ${SHIPPED_STUDIES.join(', ')}.`,
    );
  const read = readStudy(path);
  if (!read.ok) throw new CliError(EXIT.badInput, read.message);
  const whole = read.study;
  const [asked, other] = flags.quick === true ? [quickVersion(whole), whole] : [whole, quickVersion(whole)];
  const seeds =
    flags.seeds === undefined ? asked.seeds : Array.from({ length: flags.seeds }, (_, i) => i + 1);
  return { study: { ...asked, seeds }, other: { ...other, seeds } };
}

/** Where the data of the study lie. */
function dataOf({ data }: Study, { games, images }: Flags): Record<string, unknown> {
  const [given, other] = data === 'games' ? [games, images] : [images, games];
  if (other !== undefined)
    throw new CliError(
      EXIT.usage,
      `This study is on ${data === 'games' ? 'boards: leave out --images' : 'images: leave out --games'}.`,
    );
  if (given === undefined)
    throw new CliError(
      EXIT.usage,
      data === 'games'
        ? 'This study is on boards: name the game records with --games FILE....'
        : 'This study is on images: name their folder with --images FOLDER.',
    );
  return data === 'games' ? { kind: 'games', files: games } : { kind: 'images', folder: images };
}

async function conduct(fileOrName: string, flags: Flags): Promise<void> {
  const { out } = flags;
  const { study, other } = requireStudy(fileOrName, flags);
  refuseLocked(out);
  const where = { out, data: dataOf(study, flags), commit: currentCommit() };
  const plan = planRuns(study, where);
  if (!plan.ok) throw new CliError(EXIT.badInput, `${fileOrName}: ${plan.message}`);
  const otherwise = (): readonly PlannedRun[] => {
    const otherPlan = planRuns(other, where);
    return otherPlan.ok ? otherPlan.runs : [];
  };
  const problem = folderProblem(out, { isQuick: flags.quick === true, plan: plan.runs, otherwise });
  if (problem !== null) throw new CliError(EXIT.badInput, problem);
  const [before] = backendsOf(plan.runs);
  const backend = await startTelling(flags, before);
  makeFolder(out);
  claim(out);
  // While games are read for a run there is nothing to save, and Ctrl-C ends the process as it does any other.
  let interrupted: Interruption | null = null;
  const shouldStop = (): boolean => interrupted?.signal.aborted === true;
  const [reading, preparing] = [reportReading(), reportPreparing(shouldStop)];
  const training = makeTrainingProgress();
  const result = await runStudy(study, plan.runs, {
    now: () => performance.now(),
    backend,
    reading,
    onRun: ({ net, seed }, index) => {
      training.stop();
      interrupted?.release();
      process.stderr.write(`run ${index + 1} of ${plan.runs.length}: ${net.name}, seed ${seed}\n`);
    },
    onTraining: () => {
      interrupted = interruption('saving a checkpoint');
    },
    onPreparing: (value, total) => {
      reading.stop();
      preparing.update(value, total);
    },
    onStatus: ({ config }, status) => {
      reading.stop();
      preparing.stop();
      training.update(status, config.steps);
    },
    onDiverged: ({ net, seed }, reason) => {
      training.stop();
      process.stderr.write(`${net.name}, seed ${seed}, diverged: ${reason}\n`);
    },
    shouldStop,
  });
  training.stop();
  if (!result.ok)
    throw new CliError(result.reason === 'locked' ? EXIT.unavailable : EXIT.badInput, result.message);
  const { runs, isFinished } = result;
  if (!isFinished) process.exitCode = EXIT.interrupted;
  if (runs.length === 0) {
    process.stderr.write('stopped in the first run; the same command goes on\n');
    return;
  }
  if (lostFromTable(out, runs).length > 0) {
    process.stderr.write(
      'stopped before all runs of the table were measured again, so it stays as it was; the same command goes on\n',
    );
    return;
  }
  const { rows, table, unfinished } = reportStudy(out, study, plan.runs, { runs, isFinished });
  if (isFinished && rows.every(({ seeds }) => seeds === 0)) process.exitCode = EXIT.failure;
  emit(flags.json, { out, title: study.title, isFinished, rows }, () =>
    [study.title, '', table, '', unfinished ?? `table and pictures in ${out}`].join('\n'),
  );
}
