/** A run as its folder tells it: where it goes on, what its learner knows and what its window holds. */
import { FEATURE_SETS } from '#nets/features/feature-set.ts';
import { loadNet, saveNet } from '#nets/file.ts';
import type { WeightArray } from '#nets/file.ts';
import type { GenerationStatistics } from '#selfplay/run/run-files.ts';
import type { SelfPlayGame } from '#selfplay/shards/self-play-game.ts';
import { readShard } from '#selfplay/shards/shard-file.ts';
import { join } from 'node:path';
import { trainedSpec } from '../board-lesson.ts';
import { Learner } from '../learner.ts';
import { startFrom } from '../start.ts';
import { windowPositions } from '../window-size.ts';
import { ReplayWindow } from '../window.ts';
import { restoreCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { zeroSpec } from './config.ts';
import type { ZeroConfig } from './config.ts';
import { positionsToLearn } from './learn.ts';
import type { ZeroFolder } from './zero-folder.ts';

/** Generations whose games say when to resign. Our choice. */
export const RESIGNATION_MEMORY = 10;

export type RunState = {
  readonly learner: Learner;
  readonly window: ReplayWindow;
  /** The generation to play next. */
  generation: number;
  /** Generations whose learning phase is done. */
  learned: number;
  /** Of the games in the window and before: all positions, those that the next learning counts, and seconds of the run. */
  positions: number;
  newPositions: number;
  runSeconds: number;
  /** Games of the last `RESIGNATION_MEMORY` generations, a list each. */
  readonly recent: (readonly SelfPlayGame[])[];
};

export type RestoreResult = { ok: true; state: RunState } | { ok: false; message: string };

/** @param onNote told of damage that does not stop the run. The caller disposes the learner. */
export async function restoreRun(
  folder: ZeroFolder,
  config: ZeroConfig,
  onNote: (sentence: string) => void,
): Promise<RestoreResult> {
  const finished = folder.generations();
  if (typeof finished === 'string') return { ok: false, message: finished };
  const learner = new Learner(trainedSpec(zeroSpec(config), config.learner), config.learner, config.seed);
  const learned = await restoreLearner(folder, config, learner, finished.length);
  if (typeof learned === 'string') {
    learner.dispose();
    return { ok: false, message: learned };
  }
  const window = new ReplayWindow(FEATURE_SETS[config.net.featureSet], config);
  const positions = finished.reduce((sum, line) => sum + line.positions, 0);
  const recent: (readonly SelfPlayGame[])[] = [];
  let wanted = windowPositions(positions, config.window);
  const shards: (readonly SelfPlayGame[])[] = [];
  for (const [back, line] of finished.toReversed().entries()) {
    if (wanted <= 0 && back >= RESIGNATION_MEMORY) break;
    const games = readGames(folder, line, onNote);
    if (back < RESIGNATION_MEMORY) recent.unshift(games);
    if (wanted > 0) shards.unshift(games);
    wanted -= line.positions;
  }
  for (const games of shards) window.add(games);
  window.trim(windowPositions(positions, config.window));
  const last = finished.at(-1);
  return {
    ok: true,
    state: {
      learner,
      window,
      generation: finished.length,
      learned,
      positions,
      newPositions: last === undefined ? 0 : positionsToLearn(last.generation, last.positions),
      runSeconds: last?.runSeconds ?? 0,
      recent,
    },
  };
}

/** What is sound of a generation's games: the rest of a damaged shard is lost, but not the run. */
function readGames(
  folder: ZeroFolder,
  { shard }: GenerationStatistics,
  onNote: (sentence: string) => void,
): readonly SelfPlayGame[] {
  const read = readShard(join(folder.gamesPath, shard));
  if (!read.ok) {
    onNote(`${read.message}; the run goes on without these games`);
    return [];
  }
  if (read.note !== null) onNote(read.note);
  return read.games;
}

/** Brings the learner to where generation `generation` begins, or past its learning. @returns the generations learned, or a sentence. */
async function restoreLearner(
  folder: ZeroFolder,
  config: ZeroConfig,
  learner: Learner,
  generation: number,
): Promise<number | string> {
  const learned = restoreCheckpoint(folder, learner);
  if (typeof learned === 'string') return learned;
  if (learned === null) {
    if (generation > 0)
      return `${folder.checkpointPath}: it is missing, though ${generation} generations are finished; put it back, or choose a new --out`;
    const unfit = config.start === null ? null : startFrom(config.start, learner);
    if (unfit !== null) return unfit;
    saveGenerationNet(folder, config, learner, await learner.averaged(), 0);
    await saveCheckpoint(folder, config, learner, 0);
    return 0;
  }
  if (learned > generation + 1)
    return `${folder.generationsPath}: the lines from generation ${generation} on are missing, though the checkpoint is of generation ${learned}; put a sound copy there, or choose a new --out`;
  if (learned < generation)
    return `${folder.checkpointPath}: it is of generation ${learned}, but the run is at ${generation}; put the newest checkpoint there, or choose a new --out`;
  return netProblem(folder, generation, learned) ?? learned;
}

/** A sentence where a net is not there or cannot be used that is to play: of the generation, or of the next if it is made. */
function netProblem(folder: ZeroFolder, generation: number, learned: number): string | null {
  for (const each of new Set([generation, learned])) {
    const loaded = loadNet(folder.netOf(each));
    if (!loaded.ok) return `${loaded.message}; put a sound copy there, or choose a new --out`;
  }
  return null;
}

/** Saves what the learner has made as the net of a generation. */
export function saveGenerationNet(
  folder: ZeroFolder,
  config: ZeroConfig,
  learner: Learner,
  weights: ReadonlyMap<string, WeightArray>,
  generation: number,
): void {
  saveNet(folder.netOf(generation), {
    spec: learner.spec,
    weights,
    provenance: {
      recipe: config.teacher === null ? 'zero' : 'distil',
      generation,
      step: learner.steps,
      batch: config.batch,
      seed: config.seed,
    },
  });
}
