/** What curves are drawn over: steps of training, games played, or the time of the run; each is told by the others. */
import type { MetricsLine } from '../../../../selfplay/run/run-lines.ts';
import type { RunData } from './run-data.ts';

export type AxisName = 'step' | 'games' | 'time';

/** Places in time and what was reached there; both not decreasing. */
type Progress = { readonly seconds: number[]; readonly values: number[] };

/** Straight lines between what is known, from nothing at the start; after the last place what was reached there. */
function interpolate({ seconds, values }: Progress, at: number): number {
  let [low, high] = [0, seconds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (seconds[middle] < at) low = middle + 1;
    else high = middle;
  }
  if (low === seconds.length) return values.at(-1) ?? 0;
  const [t0, v0] = low === 0 ? [0, 0] : [seconds[low - 1], values[low - 1]];
  const span = seconds[low] - t0;
  return span <= 0 ? values[low] : v0 + ((values[low] - v0) * (at - t0)) / span;
}

export type RunAxis = {
  /** Null where a line does not tell. */
  readonly ofMetrics: (line: MetricsLine) => number | null;
  /** @param seconds of the run. */
  readonly ofTime: (seconds: number) => number;
};

export function makeAxis({ metrics, generations, live }: RunData, name: AxisName): RunAxis {
  if (name === 'time') return { ofMetrics: (line) => line.runSeconds ?? null, ofTime: (seconds) => seconds };
  const progress: Progress = { seconds: [], values: [] };
  const reach = (seconds: number, value: number): void => {
    progress.seconds.push(seconds);
    progress.values.push(value);
  };
  if (name === 'step') {
    for (const { step, runSeconds } of metrics) if (typeof runSeconds === 'number') reach(runSeconds, step);
    return { ofMetrics: ({ step }) => step, ofTime: (seconds) => interpolate(progress, seconds) };
  }
  let games = 0;
  for (const generation of generations) reach(generation.runSeconds, (games += generation.games));
  // Those of the generation under way, unless its line is written already.
  const isAhead = (live?.generation ?? -1) > (generations.at(-1)?.generation ?? -1);
  if (isAhead && live?.runSeconds !== undefined && live.runSeconds > (progress.seconds.at(-1) ?? 0))
    reach(live.runSeconds, games + (live.gamesDone ?? 0));
  const ofTime = (seconds: number): number => interpolate(progress, seconds);
  return {
    // Where nothing tells of games, it is not known how many there were.
    ofMetrics: ({ runSeconds }) =>
      typeof runSeconds === 'number' && progress.seconds.length > 0 ? ofTime(runSeconds) : null,
    ofTime,
  };
}
