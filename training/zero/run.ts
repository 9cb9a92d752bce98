/**
 * Self-play training as AlphaZero has it (Silver et al. 2018), in generations: net g plays games; meanwhile the learner
 * learns from the window of games before and makes net g + 1. Only the first games are waited for, or two generations
 * would be played by random weights. What happens depends on the config alone, not on when the run was interrupted nor on
 * the number of workers.
 */
import { weightsOf } from '#nets/convert.ts';
import type { WeightArray } from '#nets/file.ts';
import type {
  GenerationStatistics,
  RatedMatch,
  Ratings,
  Spent,
  TrainingMetrics,
} from '#selfplay/run/run-files.ts';
import { DamagedGames } from '#selfplay/shards/part-file.ts';
import type { SelfPlayPool } from '#selfplay/zero/pool.ts';
import { boardLesson } from '../board-lesson.ts';
import { playedModel } from '../played-model.ts';
import { windowPositions } from '../window-size.ts';
import { saveCheckpoint } from './checkpoint.ts';
import type { ZeroConfig } from './config.ts';
import { judgeNet, passGate } from './judge.ts';
import { learnGeneration, nothingLearned, positionsToLearn } from './learn.ts';
import { playGeneration } from './play.ts';
import type { PlayedGeneration } from './play.ts';
import { batchFill } from './progress.ts';
import type { RunProgress } from './progress.ts';
import { RESIGNATION_MEMORY, restoreRun, saveGenerationNet } from './resume.ts';
import type { RunState } from './resume.ts';
import { resignThreshold } from './resignation.ts';
import { gameFigures } from './statistics.ts';
import type { ZeroFolder } from './zero-folder.ts';

export type ZeroOptions = {
  readonly config: ZeroConfig;
  readonly folder: ZeroFolder;
  readonly pool: SelfPlayPool;
  /** What computes, for the record. */
  readonly backend: string;
  /** Where the run tells how far it is. */
  readonly progress: RunProgress;
  readonly onMetrics: (line: TrainingMetrics) => void;
  readonly onGeneration: (line: GenerationStatistics) => void;
  readonly onMatch: (line: RatedMatch) => void;
  /** Told of the ladder after the matches of a net. */
  readonly onRatings: (ratings: Ratings) => void;
  readonly onNote: (sentence: string) => void;
  /** Aborts to stop: finished games are kept, and the run can go on later. */
  readonly signal: AbortSignal;
};

export type ZeroResult =
  | { readonly ok: true; readonly generation: number; readonly finished: boolean }
  | { readonly ok: false; readonly reason: 'damaged' | 'diverged' | 'unlearned'; readonly message: string };

export async function trainZero(options: ZeroOptions): Promise<ZeroResult> {
  const { config, folder, progress, signal } = options;
  const restored = await restoreRun(folder, config, options.onNote);
  if (!restored.ok) return { ok: false, reason: 'damaged', message: restored.message };
  const { state } = restored;
  try {
    const damage =
      folder.forgetFrom(state.generation, 'generations.jsonl') ??
      folder.forgetFrom(state.learned, 'metrics.jsonl') ??
      folder.forgetFrom(state.generation + 1, 'matches.jsonl');
    if (damage !== null) return { ok: false, reason: 'damaged', message: damage };
    progress.begin(state.runSeconds, config);
    for (;;) {
      await judgeNet(options, state.generation);
      const { generation, learner, positions } = state;
      if (signal.aborted) return { ok: true, generation, finished: false };
      if (config.generations !== null && generation >= config.generations)
        return learner.steps > 0
          ? { ok: true, generation, finished: true }
          : { ok: false, reason: 'unlearned', message: nothingLearned(config, positions) };
      const problem = await oneGeneration(options, state);
      if (problem !== null) return { ok: false, reason: 'diverged', message: problem };
    }
  } catch (error) {
    if (error instanceof DamagedGames) return { ok: false, reason: 'damaged', message: error.message };
    throw error;
  } finally {
    state.learner.dispose();
  }
}

/** Plays and learns side by side. @returns the sentence of a failure, or null also where the signal aborted. */
async function oneGeneration(options: ZeroOptions, state: RunState): Promise<string | null> {
  const { config, folder, pool, progress, signal, onNote } = options;
  const { generation } = state;
  const resignBelow = resignThreshold(state.recent.flat(), config.selfPlay.falseResignations);
  progress.startGeneration(generation, config.gamesPerGeneration);
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  /** Ends the other side too; both have ended before anything is closed. */
  const orStop = <Value>(work: Promise<Value>): Promise<Value> =>
    work.catch((error: unknown) => {
      failure.abort(error);
      throw error;
    });
  const playing = playGeneration({
    config,
    folder,
    pool,
    generation,
    resignBelow,
    wanted: config.teacher === null ? null : (state.recent.at(-1)?.at(0)?.net ?? null),
    signal: either,
    progress,
    onNote,
  });
  const begun =
    generation === 0 ? playing.then((played) => takeIn(config, state, played)) : Promise.resolve();
  const learning = begun.then(async () => {
    const sentence = await learn(options, state, either);
    if (sentence !== null) failure.abort(sentence);
    return sentence;
  });
  const [play, lesson] = await Promise.allSettled([orStop(playing), orStop(learning)]);
  if (play.status === 'rejected') throw play.reason;
  if (lesson.status === 'rejected') throw lesson.reason;
  const [played, problem] = [play.value, lesson.value];
  if (problem !== null) return problem;
  if (played === null || state.learned !== generation + 1) return null;
  const spent = progress.endGeneration();
  await passGate(options, generation);
  if (signal.aborted) return null;
  if (generation > 0) takeIn(config, state, played);
  finishGeneration(options, state, played, resignBelow, spent);
  state.generation++;
  return null;
}

/** The learning of this generation, unless it is done. @returns the sentence of a failure, else null. */
async function learn(options: ZeroOptions, state: RunState, signal: AbortSignal): Promise<string | null> {
  const { config, folder, progress, onMetrics, onNote } = options;
  const { generation, learner, window, newPositions } = state;
  if (state.learned > generation || signal.aborted) return null;
  const learned = await learnGeneration({
    config,
    learner,
    window,
    generation,
    positions: positionsToLearn(generation, state.positions),
    newPositions,
    signal,
    runSeconds: progress.runSeconds,
    onStep: progress.steps,
    onMetrics: (line) => {
      folder.appendMetrics(line);
      onMetrics(line);
    },
  });
  if (typeof learned === 'string') return learned;
  if (!learned) return null;
  // By now all positions of the first games have been counted.
  if (generation === 1 && learner.steps === 0) onNote(nothingLearned(config, state.positions));
  saveGenerationNet(folder, config, learner, await playedWeights(config, state), generation + 1);
  await saveCheckpoint(folder, config, learner, generation + 1);
  state.learned = generation + 1;
  return null;
}

/** Of the net to play with, whose statistics are of the window's games where there are any. */
async function playedWeights(
  config: ZeroConfig,
  { learner, window }: RunState,
): Promise<Map<string, WeightArray>> {
  if (window.positions === 0) return await learner.averaged();
  const model = await playedModel(learner, (step) =>
    boardLesson(window.batch(config.batch, config.seed, step), config.learner),
  );
  try {
    return await weightsOf(model);
  } finally {
    model.dispose();
  }
}

/** Takes the games of the generation into the window; those of one that was stopped are no generation yet. */
function takeIn(config: ZeroConfig, state: RunState, played: PlayedGeneration | null): void {
  if (played === null) return;
  const positions = played.games.reduce((sum, game) => sum + game.positions.length, 0);
  state.positions += positions;
  state.newPositions = positionsToLearn(state.generation, positions);
  state.window.add(played.games);
  state.window.trim(windowPositions(state.positions, config.window));
}

/** Writes the generation down. */
function finishGeneration(
  { folder, backend, progress, onGeneration }: ZeroOptions,
  state: RunState,
  { games, shard }: PlayedGeneration,
  resignBelow: number,
  spent: Spent,
): void {
  const line: GenerationStatistics = {
    generation: state.generation,
    net: games[0].net,
    shard,
    ...gameFigures(games, resignBelow),
    evaluations: spent.evaluations,
    batchFill: batchFill(spent),
    seconds: spent.seconds,
    runSeconds: progress.runSeconds(),
    backend,
    resignBelow,
  };
  folder.appendGeneration(line);
  onGeneration(line);
  state.recent.push(games);
  if (state.recent.length > RESIGNATION_MEMORY) state.recent.shift();
}
