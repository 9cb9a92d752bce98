/** What the page shows, as its address says: `#run=zero&compare=first&view=games&over=time`. */
import type { AxisName } from './run-axis.ts';

export const VIEWS = ['curves', 'strength', 'games', 'settings'] as const;
export type View = (typeof VIEWS)[number];
const AXES: readonly AxisName[] = ['step', 'games', 'time'];

export type Route = {
  /** Null shows the list of runs. */
  readonly run: string | null;
  /** A run to compare with. */
  readonly compare: string | null;
  readonly view: View;
  readonly over: AxisName;
};

/** @param hash with or without its "#"; what it does not say, or says wrongly, is as at first. */
export function parseRoute(hash: string): Route {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const run = fields.get('run') || null;
  const compare = fields.get('compare') || null;
  return {
    run,
    compare: run === null || compare === run ? null : compare,
    view: VIEWS.find((name) => name === fields.get('view')) ?? 'curves',
    over: AXES.find((name) => name === fields.get('over')) ?? 'step',
  };
}

/** The shortest hash that `parseRoute` reads as this route; '#' for the list. */
export function makeRoute({ run, compare, view, over }: Route): string {
  const fields = new URLSearchParams();
  if (run !== null) fields.set('run', run);
  if (run !== null && compare !== null) fields.set('compare', compare);
  if (view !== 'curves') fields.set('view', view);
  if (over !== 'step') fields.set('over', over);
  return `#${fields.toString()}`;
}
