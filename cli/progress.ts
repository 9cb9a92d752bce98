/** One line of progress on stderr, drawn only where that is a terminal, so that logs and pipes stay clean. */
import { SingleBar } from 'cli-progress';

export type Progress = {
  /** @param fields what the format names in braces besides `value` and `total`. */
  readonly update: (value: number, total: number, fields?: Readonly<Record<string, string>>) => void;
  /** Leaves the last state of the line standing; nothing where there was none. */
  readonly stop: () => void;
};

/** From how many seconds on a time is told in a unit of so many. */
const UNITS = [
  { from: 72 * 3600, unit: 24 * 3600, name: 'days' },
  { from: 150 * 60, unit: 3600, name: 'h' },
  { from: 90, unit: 60, name: 'min' },
] as const;

/** "40 s left", "3 min left", "5 h left", "41 days left". */
export function timeLeft(seconds: number): string {
  const { unit, name } = UNITS.find(({ from }) => seconds >= from) ?? { unit: 1, name: 's' };
  return `${Math.round(seconds / unit)} ${name} left`;
}

/** @param format text with fields such as "{value}/{total}"; the line appears with the first update. */
export function makeProgress(format: string): Progress {
  // Wrapping stays on, because a second Ctrl-C ends the process before the bar could turn it on again.
  const bar = new SingleBar({ format, linewrap: true, stream: process.stderr });
  return {
    update: (value, total, fields = {}) => {
      if (bar.isActive) bar.update(value, fields);
      else bar.start(total, value, fields);
    },
    stop: () => bar.stop(),
  };
}
