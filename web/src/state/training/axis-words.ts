/** How places on the axis of the curves are written. */
import { formatDuration, formatNumber } from './format.ts';
import type { AxisName } from './run-axis.ts';

export const AXIS_LABELS: Readonly<Record<AxisName, string>> = {
  step: 'Steps',
  games: 'Games',
  time: 'Time',
};

/** On the axis itself. */
export function axisFormat(at: number, axis: AxisName): string {
  if (at === 0) return '0';
  return axis === 'time' ? formatDuration(at) : formatNumber(at);
}

/** "step 1,200", "12.3k games", "3 h 20 min". */
export function describeAt(at: number, axis: AxisName): string {
  if (axis === 'time') return formatDuration(at);
  const rounded = formatNumber(Math.round(at));
  return axis === 'step' ? `step ${rounded}` : `${rounded} games`;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Seconds between marks that people count in. */
const TIME_STEPS = [
  10,
  30,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  30 * DAY,
];

/** The marks of an axis, for uPlot. */
export function axisMarks(axis: AxisName): {
  readonly size: number;
  readonly space: number;
  readonly values: (plot: unknown, marks: number[]) => string[];
  /** Which distances between marks it may have; any for counts. */
  readonly incrs?: number[];
} {
  return {
    size: 22,
    space: axis === 'time' ? 90 : 60,
    values: (_, marks) => marks.map((at) => axisFormat(at, axis)),
    ...(axis === 'time' ? { incrs: TIME_STEPS } : {}),
  };
}
