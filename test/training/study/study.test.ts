/** Studies carried out: interrupted and gone on with, measured once, told in a table, a file and pictures. */
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { modelFromNet } from '#nets/convert.ts';
import { loadNet } from '#nets/file.ts';
import { DataReader } from '#training/data-reader.ts';
import { Learner } from '#training/learner.ts';
import { openTask, testExamples } from '#training/open-task.ts';
import { WRITTEN } from '#training/run-names.ts';
import { startFrom } from '#training/start.ts';
import { answerFigures } from '#training/study/answers.ts';
import { planRuns } from '#training/study/plan.ts';
import type { PlannedRun } from '#training/study/plan.ts';
import { reportStudy } from '#training/study/report.ts';
import { runStudy } from '#training/study/run-study.ts';
import type { StudyResult } from '#training/study/run-study.ts';
import { Study } from '#training/study/study-file.ts';
import { randomGame } from '../games.ts';

beforeAll(() => useBackend('wasm'));

const out = mkdtempSync(join(tmpdir(), 'tengen-study-'));
const games = join(out, 'games.sgfs');
writeFileSync(games, Array.from({ length: 24 }, (_, seed) => randomGame(seed, 5, 12)).join('\n'));

const study = Study.parse({
  title: 'A net of blocks and an equation',
  data: 'games',
  size: 5,
  seeds: [1, 2],
  options: { batch: 8, steps: 12, every: 6, holdOut: 0.3, learner: { warmup: 0 } },
  nets: [
    { name: 'blocks', options: { net: '1x4', learner: { schedule: { kind: 'cyclic', cycles: 2 } } } },
    {
      name: 'equation',
      options: { net: 'ode-euler-2:4' },
      playedAs: ['steps=4', 'rtol=0.0001'],
    },
    { name: 'columns', options: { net: 'fractal-2:4' }, playedAs: ['column=1'] },
    { name: 'drawn', sampler: 'blocks', options: { net: '1x4' } },
  ],
  measures: { gradients: true, sparsity: true },
});

function planned(of: Study = study, at = out): readonly PlannedRun[] {
  const data = { kind: 'games', files: [games] };
  const plan = planRuns(of, { out: at, data, commit: undefined });
  if (!plan.ok) throw new Error(plan.message);
  return plan.runs;
}

/** @param steps of training after which to stop. */
async function carryOut(
  plan: readonly PlannedRun[],
  steps = Infinity,
  of: Study = study,
  told: string[] = [],
): Promise<StudyResult> {
  let taken = 0;
  return await runStudy(of, plan, {
    backend: 'wasm',
    now: () => 0,
    reading: {},
    onRun: () => undefined,
    onStatus: () => undefined,
    onDiverged: ({ net, seed }, reason) => void told.push(`${net.name} ${seed}: ${reason}`),
    shouldStop: () => ++taken >= steps,
  });
}

test('a study that was stopped goes on, tells of every net and measures no run twice', async () => {
  const plan = planned();
  // In the second run.
  expect(await carryOut(plan, 17)).toMatchObject({ ok: true, isFinished: false, runs: [{ net: 'blocks' }] });
  const measuredAt = statSync(join(plan[0].folder, 'measured.json')).mtimeMs;
  const done = await carryOut(plan);
  if (!done.ok) throw new Error(done.message);
  expect(done.isFinished).toBe(true);
  expect(statSync(join(plan[0].folder, 'measured.json')).mtimeMs).toBe(measuredAt);
  expect(await carryOut(plan, 0)).toEqual(done);

  const { rows, table } = reportStudy(out, study, plan, done);
  expect(rows.map(({ name, seeds }) => [name, seeds])).toEqual([
    ['blocks', 2],
    ['blocks, mean of 2', 2],
    ['equation', 2],
    ['equation, steps=4', 2],
    ['equation, rtol=0.0001', 2],
    ['columns', 2],
    ['columns, column=1', 2],
    ['drawn', 2],
  ]);
  const [blocks, together, equation, four, adaptive] = rows.map(({ figures }) => figures);
  expect(together.parameters.mean).toBe(2 * blocks.parameters.mean);
  expect([equation, four].map(({ evaluations }) => evaluations.mean)).toEqual([2, 4]);
  expect(adaptive.evaluations.mean).toBeGreaterThan(8);
  const costs = (of: typeof four): number => (of.megaflops.mean - equation.megaflops.mean) * 1e6;
  const [perSlope, beyond] = [costs(four) / 2, adaptive.evaluations.mean - 2];
  expect(perSlope).toBeGreaterThan(0);
  expect(costs(adaptive)).toBeCloseTo(beyond * perSlope, 3);
  expect(blocks.accuracy.values).toHaveLength(2);
  expect(blocks.firstAtStart.mean).toBeGreaterThan(0);
  // They are gradients of the net as it was trained.
  for (const way of [together, four]) expect(way).not.toHaveProperty('firstAtStart');
  expect([blocks.zeroWeights.mean, blocks.zeroFilters.mean]).toEqual([0, 0]);
  expect(table).toMatch(/^blocks, mean of 2 +2 +7 x 7, all /m);
  expect(readFileSync(join(out, 'table.txt'), 'utf8')).toBe(
    `${study.title}\n\n${table}\n\ncomputed with wasm\n`,
  );
  expect(JSON.parse(readFileSync(join(out, 'table.json'), 'utf8'))).toMatchObject({
    backends: ['wasm'],
    rows,
  });
  for (const picture of ['curves.svg', 'gradients.svg']) expect(existsSync(join(out, picture))).toBe(true);
  const files = [out, ...plan.map(({ folder }) => folder)].flatMap((folder) => readdirSync(folder));
  const others = new Set(files.filter((name) => !WRITTEN['.'](name)));
  expect([...others].toSorted()).toEqual(
    [basename(games), ...plan.map(({ folder }) => basename(folder))].toSorted(),
  );
});

test('a study that is to stop begins no other run', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'tengen-')), 'run');
  const plan = planned().map((run) => ({ ...run, folder }));
  expect(await carryOut(plan, 0)).toEqual({ ok: true, runs: [], isFinished: false });
  expect(existsSync(folder)).toBe(false);
});

test('a table of fewer runs than planned says so, and loses none that are done where a net or a seed is added', async () => {
  const at = mkdtempSync(join(tmpdir(), 'tengen-'));
  const options = { net: '1x4', steps: 2 };
  const [first, second] = ['first', 'second'].map((name) => ({ name, options }));
  const small = (nets: unknown[]): Study =>
    Study.parse({ ...study, nets, options: { batch: 8, holdOut: 0.3 }, measures: { answers: false } });
  const before = small([second]);
  await carryOut(planned(before, at), Infinity, before);

  const more = small([first, second]);
  const plan = planned(more, at);
  const stopped = await carryOut(plan, 1, more);
  if (!stopped.ok) throw new Error(stopped.message);
  expect(stopped).toMatchObject({ isFinished: false });
  const unfinished = 'Unfinished: 2 of 4 runs are done; the same command goes on.';
  const report = reportStudy(at, more, plan, stopped);
  expect(report.unfinished).toBe(unfinished);
  expect(report.rows.map(({ name, seeds }) => [name, seeds])).toEqual([['second', 2]]);
  expect(readFileSync(join(at, 'table.txt'), 'utf8')).toMatch(
    new RegExp(`\n\ncomputed with wasm\n\n${unfinished}\n$`),
  );
  const told = (): unknown => JSON.parse(readFileSync(join(at, 'table.json'), 'utf8'));
  expect(told()).toMatchObject({ isFinished: false });

  const done = await carryOut(plan, Infinity, more);
  if (!done.ok) throw new Error(done.message);
  expect(reportStudy(at, more, plan, done).unfinished).toBeNull();
  expect(told()).toMatchObject({ isFinished: true });
});

test('a column is left as a net of its own, which differs from the one in the whole net in its statistics', () => {
  const [inWhole, own] = ['net.safetensors#column=1', 'column-1.safetensors'].map((file) => {
    const loaded = loadNet(join(out, 'columns-s1', file));
    if (!loaded.ok) throw new Error(loaded.message);
    return loaded.net;
  });
  expect(own.spec).toEqual(inWhole.spec);
  const others = [...own.weights].flatMap(([name, { values }]) =>
    values.join() === inWhole.weights.get(name)?.values.join() ? [] : [name],
  );
  expect(others.filter((name) => !/moving_(mean|variance)$/.test(name))).toEqual([]);
  // Before the paths part nothing differs.
  expect(others).toContain('policy/bn/moving_mean');
  expect(others).not.toContain('trunk/bn/moving_mean');
});

test('the figures of a run are those of its net on what it learned from and on what it did not, and its gradients those of the net that it began from; the study goes on where it is moved', async () => {
  const tuning = Study.parse({
    ...study,
    seeds: [1],
    nets: [
      { name: 'first', options: { net: '1x4', learner: { learningRate: 0.3 } } },
      { name: 'tuned', start: 'first', options: { net: '1x4' } },
    ],
  });
  const plan = planned(tuning);
  const done = await carryOut(plan, Infinity, tuning);
  if (!done.ok) throw new Error(done.message);
  const { config, folder } = plan[1];
  const reader = new DataReader();
  const opened = openTask(config, reader);
  if (!opened.ok) throw new Error(opened.message);
  const { task } = opened;
  const tested = testExamples(config, task, reader);
  const loaded = loadNet(join(folder, 'net.safetensors'));
  const made = loaded.ok ? modelFromNet(loaded.net) : loaded;
  if (!tested.ok || !made.ok) throw new Error('internal: no net or no test');
  const learned = await answerFigures([made.model], task.examples, Infinity);
  const { loss, ...others } = await answerFigures([made.model], tested.examples, Infinity);
  made.model.dispose();
  const [{ figures }] = done.runs[1].ways;
  expect(figures).toMatchObject({ trainLoss: learned.loss, testLoss: loss, ...others });
  expect(learned.loss).not.toBeCloseTo(loss, 3);

  const learner = new Learner(task.spec, config.learner, config.seed);
  const lesson = (await task.lessons())(0);
  const normsFrom = async (path: string): Promise<Map<string, number>> => {
    expect(startFrom(path, learner)).toBeNull();
    return await learner.gradientNorms(lesson);
  };
  const begun = await normsFrom(join(plan[0].folder, 'net.safetensors'));
  const ended = await normsFrom(join(folder, 'net.safetensors'));
  lesson.dispose();
  learner.dispose();
  for (const { layer, atStart, atEnd } of done.runs[1].gradients) {
    expect(atStart, layer).toBeCloseTo(begun.get(layer) ?? NaN, 5);
    expect(atEnd, layer).toBeCloseTo(ended.get(layer) ?? NaN, 5);
  }

  const moved = mkdtempSync(join(tmpdir(), 'tengen-moved-'));
  cpSync(out, moved, { recursive: true });
  expect(await carryOut(planned(tuning, moved), 0, tuning)).toEqual(done);
  expect(await carryOut(planned(tuning, relative(process.cwd(), out)), 0, tuning)).toEqual(done);
  writeFileSync(join(moved, 'first-s1', 'net.safetensors'), 'another net');
  expect(await carryOut(planned(tuning, moved), 0, tuning)).toMatchObject({
    ok: false,
    message: expect.stringMatching(/another start/),
  });
});

test('a folder with a run of other options is refused', async () => {
  const [first] = planned();
  const other = { ...first, config: { ...first.config, batch: 9 } };
  expect(await carryOut([other])).toEqual({
    ok: false,
    reason: 'bad-input',
    message: `${first.folder}: there is a run here with another batch; choose a new --out`,
  });
});

test('a run that begins from one that diverged, or is drawn for by it, counts as diverged too; other seeds go on', async () => {
  const options = { batch: 8, steps: 40, every: 40, holdOut: 0.3, learner: { warmup: 0 } };
  const net = { net: 'plain-8:4', trunk: { norm: false } };
  const wild = Study.parse({
    ...study,
    options,
    nets: [
      { name: 'wild', options: net },
      { name: 'tamed', start: 'wild', options: { ...net, steps: 1 } },
      { name: 'again', start: 'tamed', options: { ...net, steps: 1 } },
      { name: 'chosen', sampler: 'wild', options: { ...net, steps: 1 } },
    ],
    measures: {},
  });
  const [first, ...others] = planned(wild);
  const learner = { ...first.config.learner, learningRate: 10, weightDecay: 1 };
  const told: string[] = [];
  const plan = [{ ...first, config: { ...first.config, learner } }, ...others];
  const done = await carryOut(plan, Infinity, wild, told);
  if (!done.ok) throw new Error(done.message);
  expect(told.slice(1)).toEqual([
    'tamed 1: it begins from wild, which diverged',
    'again 1: it begins from tamed, which diverged',
    'chosen 1: what it learns is drawn by wild, which diverged',
  ]);
  const { rows } = reportStudy(out, wild, plan, done);
  expect(rows.map(({ seeds, diverged }) => [seeds, diverged])).toEqual(plan.slice(4).map(() => [1, 1]));
});

test('a run whose net to begin from is not there leaves no folder, so that the study may be put right', async () => {
  const begun = (start: string): Study =>
    Study.parse({
      ...study,
      seeds: [1],
      nets: [{ name: 'misled', options: { net: '1x4', steps: 1, start } }],
      measures: { answers: false },
    });
  const conduct = async (of: Study): Promise<StudyResult> => await carryOut(planned(of), Infinity, of);
  const missing = join(out, 'missing.safetensors');
  expect(await conduct(begun(missing))).toMatchObject({
    reason: 'bad-input',
    message: `net misled: ${missing}: there is no such net file`,
  });
  expect(existsSync(join(out, 'misled-s1'))).toBe(false);
  expect(await conduct(begun(join(out, 'blocks-s1', 'net.safetensors')))).toMatchObject({ isFinished: true });
});

test('a frozen trunk has no gradient, and a run that ends within its first cycle no mean of snapshots', async () => {
  const learner = { learningRate: 3, freeze: ['trunk/*'], schedule: { kind: 'cyclic', cycles: 1 } };
  const small = Study.parse({
    ...study,
    seeds: [1],
    options: { batch: 8, steps: 12, every: 1, patience: 1, holdOut: 0.3 },
    nets: [{ name: 'frozen', options: { net: '1x4', learner } }],
  });
  const plan = planned(small);
  const done = await carryOut(plan, Infinity, small);
  if (!done.ok) throw new Error(done.message);
  const { rows } = reportStudy(out, small, plan, done);
  expect(rows.map(({ name, seeds }) => [name, seeds])).toEqual([['frozen', 1]]);
  expect(rows[0].figures.firstAtStart).toBeUndefined();
  expect(rows[0].figures.accuracy.mean).toBeGreaterThanOrEqual(0);
});
