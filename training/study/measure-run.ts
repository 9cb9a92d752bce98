/** Measures a finished run: what its net costs and sees, how well it does, and how fast it is. */
import { modelFromNet, weightsOf } from '#nets/convert.ts';
import { loadAnyNet, saveNet } from '#nets/file.ts';
import type { AnyNetFile } from '#nets/file.ts';
import { inspectNet } from '#nets/inspect/inspect.ts';
import { millisecondsEach } from '#nets/inspect/speed.ts';
import { SolverFailure, orSolverFailure } from '#nets/ode/failure.ts';
import { restoreCheckpoint } from '../checkpoint.ts';
import { Learner } from '../learner.ts';
import { modelWithStatistics } from '../played-model.ts';
import type { RunFolder } from '../run-folder.ts';
import { answersOf, startFrom } from '../start.ts';
import type { Examples, Task } from '../task.ts';
import { answerFigures } from './answers.ts';
import type { LayerGradient, Measured, MeasuredWay } from './measured.ts';
import type { PlannedRun } from './plan.ts';
import { sparsityOf } from './sparsity.ts';
import type { Study } from './study-file.ts';
import { timedExamples } from './timed-examples.ts';

export type FinishedRun = {
  readonly study: Study;
  readonly run: PlannedRun;
  readonly task: Task;
  /** What no net has learned from. */
  readonly test: Examples;
  readonly folder: RunFolder;
  /** Milliseconds since any fixed moment. */
  readonly now: () => number;
};

/** One way to use what a run has made: a net, or several whose forecasts are averaged. */
type Way = { readonly name: string | null; readonly nets: readonly AnyNetFile[] };

/** @throws Error with a sentence where the run's net cannot be used as the study asks, SolverFailure where it is no net any more. */
export async function measureRun(finished: FinishedRun): Promise<Measured> {
  const { study, run, folder } = finished;
  const path = folder.file('net.safetensors');
  const net = readNet(path);
  const gradients = study.measures.gradients ? await layerGradients(finished, net) : [];
  const played: Way[] = [];
  for (const dial of run.net.playedAs)
    played.push({ name: dial, nets: [await ownStatistics(readNet(`${path}#${dial}`), finished)] });
  const ways: MeasuredWay[] = [];
  for (const way of [{ name: null, nets: [net] }, ...played, ...snapshots(finished)])
    ways.push(await measureWay(way, gradients, finished));
  return { diverged: null, ways, gradients };
}

function readNet(address: string): AnyNetFile {
  const loaded = loadAnyNet(address);
  if (!loaded.ok) throw new Error(loaded.message);
  return loaded.net;
}

/**
 * A column of a FractalNet with statistics of its own, kept as a net file, as those in the whole net's are of its columns
 * together; any other net as it is.
 */
async function ownStatistics(net: AnyNetFile, { run, task, folder }: FinishedRun): Promise<AnyNetFile> {
  const { trunk } = net.spec;
  if (trunk.kind !== 'fractal' || trunk.column === undefined) return net;
  const { steps, learner } = run.config;
  const options = { firstStep: steps, freeze: learner.freeze };
  const model = modelWithStatistics(net, await task.lessons(), options);
  const column = { ...net, weights: await weightsOf(model).finally(() => model.dispose()) };
  saveNet(folder.file(`column-${trunk.column}.safetensors`), column);
  return column;
}

/** Those of a cyclic rate, all together; none of a run that ended before its first cycle. */
function snapshots({ run, folder }: FinishedRun): Way[] {
  const { schedule } = run.config.learner;
  if (schedule.kind !== 'cyclic') return [];
  const files = Array.from({ length: schedule.cycles }, (_, i) => `snapshot-${i + 1}.safetensors` as const);
  const nets = files.filter((file) => folder.has(file)).map((file) => readNet(folder.file(file)));
  return nets.length === 0 ? [] : [{ name: `mean of ${nets.length}`, nets }];
}

async function measureWay(
  { name, nets }: Way,
  gradients: readonly LayerGradient[],
  { study, task, test, now }: FinishedRun,
): Promise<MeasuredWay> {
  const [net] = nets;
  const { answers: isAsked, gradients: areAsked, sparsity } = study.measures;
  const answers: Record<string, number> | SolverFailure = isAsked
    ? await orSolverFailure(figuresOf(nets, task.examples, test, study.examples))
    : {};
  if (answers instanceof SolverFailure) {
    const { field } = inspectNet(net.spec, study.size);
    return { way: name, diverged: answers.message, field, figures: {} };
  }
  const evaluations = answers.evaluations === undefined ? undefined : answers.evaluations / nets.length;
  const { parameters, flops, field } = inspectNet(net.spec, study.size, evaluations);
  const figures = {
    parameters: nets.length * parameters,
    megaflops: (nets.length * flops) / 1e6,
    ...answers,
    // Of the net as it was trained.
    ...(areAsked && name === null ? endsOf(gradients) : {}),
    ...(sparsity ? sparsityOf(nets) : {}),
    milliseconds: nets.length * (await millisecondsEach(net, await timedExamples(test), now)),
  };
  return { way: name, diverged: null, field, figures };
}

async function figuresOf(
  nets: readonly AnyNetFile[],
  learned: Examples,
  test: Examples,
  atMost: number,
): Promise<Record<string, number>> {
  const models = nets.map((net) => {
    const made = modelFromNet(net);
    if (!made.ok) throw new Error(made.message);
    return made.model;
  });
  try {
    const { loss: trainLoss } = await answerFigures(models, learned, atMost);
    const { loss: testLoss, ...others } = await answerFigures(models, test, atMost);
    return { trainLoss, testLoss, ...others };
  } finally {
    for (const model of models) model.dispose();
  }
}

/** By layer, of the loss on the first lesson, with the weights as they began and as they ended; of heads that only training has, those of the last checkpoint. */
async function layerGradients(
  { run: { config }, task, folder }: FinishedRun,
  net: AnyNetFile,
): Promise<LayerGradient[]> {
  const learner = new Learner(task.spec, config.learner, config.seed);
  const lesson = (await task.lessons())(0);
  const normsWith = async (problem: string | null): Promise<Map<string, number>> => {
    if (problem !== null) throw new Error(problem);
    return await learner.gradientNorms(lesson);
  };
  try {
    const begun = config.start === null ? null : startFrom(config.start, learner, answersOf(config));
    const atStart = await normsWith(begun);
    const ended = restoreCheckpoint(folder, config.steps, learner);
    const atEnd = await normsWith(ended.ok ? learner.start(net.weights) : ended.message);
    return [...atStart].map(([layer, norm]) => ({ layer, atStart: norm, atEnd: atEnd.get(layer) ?? 0 }));
  } finally {
    lesson.dispose();
    learner.dispose();
  }
}

/** Of the first layer of the trunk that learns and of the last; of none where all are frozen. */
function endsOf(gradients: readonly LayerGradient[]): Record<string, number> {
  const ofTrunk = gradients.filter(({ layer }) => layer.startsWith('trunk/'));
  const [first, last] = [ofTrunk.at(0), ofTrunk.at(-1)];
  if (first === undefined || last === undefined) return {};
  return {
    firstAtStart: first.atStart,
    lastAtStart: last.atStart,
    firstAtEnd: first.atEnd,
    lastAtEnd: last.atEnd,
  };
}
