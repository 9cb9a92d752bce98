/** The rated players of a run: strongest first, and the nets over the course of the run. */
import type { Ratings } from '../../../../selfplay/run/run-files.ts';
import { formatElo } from './format.ts';
import type { RunAxis } from './run-axis.ts';
import type { RunData } from './run-data.ts';

export type RatedPlayer = Ratings['players'][number];

/** Elo over random play, with half the 95% interval of that distance: "1,234 ± 60", or "1,234" as older runs tell it. */
export function eloWords({ elo, anchorMargin }: RatedPlayer): string {
  return anchorMargin === undefined ? formatElo(elo) : `${formatElo(elo)} ± ${formatElo(anchorMargin)}`;
}

/** Strongest first. */
export function ladderOf({ ratings }: RunData): RatedPlayer[] {
  return (ratings?.players ?? []).toSorted((a, b) => b.elo - a.elo);
}

export function anchorsOf({ ratings }: RunData): RatedPlayer[] {
  return (ratings?.players ?? []).filter(({ generation }) => generation === null);
}

export function bestNet({ ratings }: RunData): RatedPlayer | null {
  return ratings?.players.find(({ name }) => name === ratings.best) ?? null;
}

export type RatedNet = RatedPlayer & { readonly x: number };

/**
 * The nets in the order in which they were made, and where on the axis: when the generation before them had ended. Those
 * of which that is not told are left out.
 */
export function netsOf({ ratings, generations }: RunData, axis: RunAxis): RatedNet[] {
  const ends = new Map(generations.map(({ generation, runSeconds }) => [generation, runSeconds]));
  return (ratings?.players ?? [])
    .filter((player) => player.generation !== null)
    .toSorted((a, b) => (a.generation ?? 0) - (b.generation ?? 0))
    .flatMap((player) => {
      const before = (player.generation ?? 0) - 1;
      const end = before < 0 ? 0 : ends.get(before);
      return end === undefined ? [] : [{ ...player, x: axis.ofTime(end) }];
    });
}
