/** Whom a new net is judged against: players whose games tell most about it. */
import type { Ratings } from '../run/run-files.ts';
import { rateOf } from './elo.ts';
import { generationOfName, netName } from './rating-book.ts';

export type OpponentsOptions = {
  /** Of the net to be judged. */
  readonly generation: number;
  /** Generations from one judged net to the next. */
  readonly every: number;
  /** What is known so far. */
  readonly ratings: Ratings;
  /** Names of the anchors, weakest first; at least one. */
  readonly anchors: readonly string[];
  /** Whether the net of a generation can still play. */
  readonly hasNet: (generation: number) => boolean;
};

/** Expected share of points below which, or above one less which, games with an anchor tell next to nothing: one in fifty. */
const HOPELESS = 0.02;

/**
 * The nets of one and two judgements ago, the best so far, and of the anchors those that the net before would neither
 * have beaten nor lost to almost surely. An anchor that has not been met comes in once the one below it is beaten more
 * often than not. Never nobody: where no net is left and all anchors are out of reach, the strongest that was met.
 */
export function chooseOpponents({ generation, every, ratings, anchors, hasNet }: OpponentsOptions): string[] {
  const earlier = [generation - every, generation - 2 * every].filter((each) => each >= 0 && hasNet(each));
  const best = generationOfName(ratings.best ?? '');
  if (best !== null && best < generation && hasNet(best)) earlier.push(best);
  const nets = [...new Set(earlier)].map(netName);
  const { chosen, strongestMet } = chooseAnchors(generation, ratings, anchors);
  if (chosen.length + nets.length === 0) return [strongestMet];
  return [...chosen, ...nets];
}

function chooseAnchors(
  generation: number,
  ratings: Ratings,
  anchors: readonly string[],
): { chosen: string[]; strongestMet: string } {
  const eloOf = new Map(ratings.players.map(({ name, elo }) => [name, elo]));
  const elo = lastElo(generation, ratings);
  let [strongestMet] = anchors;
  if (elo === null) return { chosen: [strongestMet], strongestMet };
  const chosen: string[] = [];
  let rateBelow = 1;
  for (const name of anchors) {
    const its = eloOf.get(name);
    if (its === undefined) {
      if (rateBelow >= 0.5) chosen.push(name);
      rateBelow = 0;
      continue;
    }
    rateBelow = rateOf(elo - its);
    strongestMet = name;
    if (rateBelow >= HOPELESS && rateBelow <= 1 - HOPELESS) chosen.push(name);
  }
  return { chosen, strongestMet };
}

/** The rating of the latest net before `generation`; null where none is rated. */
function lastElo(generation: number, { players }: Ratings): number | null {
  let last: { generation: number; elo: number } | null = null;
  for (const { generation: its, elo } of players)
    if (its !== null && its < generation && (last === null || its > last.generation))
      last = { generation: its, elo };
  return last?.elo ?? null;
}
