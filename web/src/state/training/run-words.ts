/** What a run is doing, in words and figures. */
import { z } from 'zod';
import { alarmsOf } from '../../../../selfplay/run/alarms.ts';
import type { GenerationLine, LiveState } from '../../../../selfplay/run/run-lines.ts';
import { countOf, formatDuration, formatNumber } from './format.ts';
import { bestNet, eloWords } from './ladder.ts';
import type { RunData } from './run-data.ts';

export const STATE_WORDS: Readonly<Record<LiveState['state'], string>> = {
  starting: 'Starting',
  playing: 'Playing and learning',
  judging: 'Judging its nets',
  finished: 'Finished',
  stopped: 'Stopped',
  failed: 'Failed',
};

export function isAtWork(live: LiveState | null): boolean {
  return live !== null && (live.state === 'starting' || live.state === 'playing' || live.state === 'judging');
}

/** "Generation 12 of 24": so many nets have been made, from the first one on; "24 generations" at the end. */
export function generationWords({ state, generation, generations }: LiveState): string {
  if (generation === undefined) return '';
  if (typeof generations !== 'number') return `Generation ${generation}`;
  return state === 'finished'
    ? countOf(generations, 'generation')
    : `Generation ${generation} of ${generations}`;
}

/** "48 min so far, about 52 min to go"; "ran for 100 min" afterwards. */
export function timeWords(live: LiveState): string {
  const { runSeconds, etaSeconds } = live;
  if (runSeconds === undefined) return '';
  if (!isAtWork(live)) return `ran for ${formatDuration(runSeconds)}`;
  const soFar = `${formatDuration(runSeconds)} so far`;
  return typeof etaSeconds === 'number' ? `${soFar}, about ${formatDuration(etaSeconds)} to go` : soFar;
}

const SupervisedRun = z.object({ data: z.object({ kind: z.string() }), steps: z.int() });

/** "Supervised run, 60 of 60 steps", or null where the config is of another kind of run, or has not come yet. */
export function supervisedWords(config: unknown, { metrics }: RunData): string | null {
  const run = SupervisedRun.safeParse(config);
  if (!run.success) return null;
  const done = (metrics.at(-1)?.step ?? 0).toLocaleString('en');
  return `Supervised run, ${done} of ${countOf(run.data.steps, 'step')}`;
}

/** What is wrong, by the server's clock. */
export function alarmsOfRun({ live, metrics, now }: RunData): string[] {
  return alarmsOf(live, metrics.at(-1) ?? null, now);
}

export type Figure = { readonly name: string; readonly value: string; readonly hint: string };

function sumOf(lines: readonly GenerationLine[], name: 'games' | 'seconds' | 'positions'): number {
  return lines.reduce((sum, line) => sum + (line[name] ?? 0), 0);
}

/** The figures of the moment where the run is at work, and its totals; what is not known is left out. */
export function figuresOf(data: RunData): Figure[] {
  const { live, generations, metrics } = data;
  const figures: Figure[] = [];
  const add = (name: string, value: number | undefined | null, hint: string, scale = 1): void => {
    if (typeof value === 'number') figures.push({ name, value: formatNumber(value * scale), hint });
  };
  const best = bestNet(data);
  if (best !== null)
    figures.push({
      name: `Elo of ${best.name}`,
      value: eloWords(best),
      hint: 'The strongest net so far, over random play; ± is a 95% interval of that distance',
    });
  if (live !== null && isAtWork(live)) {
    add('Games / h', live.gamesPerSecond, 'Finished games an hour', 3600);
    add('Positions / s', live.positionsPerSecond, 'Positions played a second');
    add('Evaluations / s', live.evaluationsPerSecond, 'Evaluations of the net a second, in self-play');
    add('Batch fill', live.batchFill, 'Boards in a batch of the net');
  }
  const games = sumOf(generations, 'games');
  const seconds = sumOf(generations, 'seconds');
  if (!isAtWork(live) && seconds > 0) add('Games / h', games / seconds, 'On average over the run', 3600);
  if (games > 0) add('Games', games, 'Finished games of all generations');
  if (!isAtWork(live) && games > 0)
    add('Positions', sumOf(generations, 'positions'), 'Recorded to learn from');
  add('Steps', metrics.at(-1)?.step, 'Of training');
  add('Samples', metrics.at(-1)?.samples, 'Positions learned from, repetitions counted');
  return figures;
}

/** "Generation 12 of 24, 340 of 500 games" for a list. */
export function briefWords(live: LiveState): string {
  const games =
    isAtWork(live) && live.gamesDone !== undefined && live.gamesTotal !== undefined
      ? `${live.gamesDone} of ${countOf(live.gamesTotal, 'game')}`
      : '';
  return [generationWords(live), games].filter((words) => words !== '').join(', ');
}
