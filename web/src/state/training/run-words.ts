/** What a run is doing, in words and figures. */
import { alarmsOf } from '../../../../selfplay/run/alarms.ts';
import type { LiveState } from '../../../../selfplay/run/run-lines.ts';
import { countOf, formatDuration, formatElo, formatNumber } from './format.ts';
import { bestNet } from './ladder.ts';
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

/** "Generation 12 of 24". */
export function generationWords({ generation, generations }: LiveState): string {
  if (generation === undefined) return '';
  return typeof generations === 'number'
    ? `Generation ${generation} of ${generations}`
    : `Generation ${generation}`;
}

/** "48 min so far, about 52 min to go". */
export function timeWords(live: LiveState): string {
  const { runSeconds, etaSeconds } = live;
  const soFar = runSeconds === undefined ? '' : `${formatDuration(runSeconds)} so far`;
  const toGo =
    isAtWork(live) && typeof etaSeconds === 'number' ? `about ${formatDuration(etaSeconds)} to go` : '';
  return [soFar, toGo].filter((words) => words !== '').join(', ');
}

/** What is wrong, by the server's clock. */
export function alarmsOfRun({ live, metrics, now }: RunData): string[] {
  return alarmsOf(live, metrics.at(-1) ?? null, now);
}

export type Figure = { readonly name: string; readonly value: string; readonly hint: string };

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
      value: `${formatElo(best.elo)} ± ${formatElo((best.high - best.low) / 2)}`,
      hint: 'The strongest net so far; random play is 0',
    });
  if (live !== null && isAtWork(live)) {
    add('Games an hour', live.gamesPerSecond, 'Finished games', 3600);
    add('Positions a second', live.positionsPerSecond, 'Recorded to learn from');
    add('Evaluations a second', live.evaluationsPerSecond, 'Of the net, in self-play');
    add('Batch fill', live.batchFill, 'Boards in a batch of the net');
  }
  const games = generations.reduce((sum, line) => sum + line.games, 0);
  if (games > 0) add('Games', games, 'Finished games of all generations');
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
