/** The ladder of a run: what its matches say about its nets and anchors. */
import type { RatedMatch, Ratings } from '../run/run-files.ts';
import { bradleyTerry } from './bradley-terry.ts';
import type { Rating } from './bradley-terry.ts';

/** The name of the player that has 0 Elo. */
export const RANDOM_NAME = 'random';

/** The name under which the net of a generation plays. */
export function netName(generation: number): string {
  return `G${generation}`;
}

/** The generation of a net's name; null for anchors. */
export function generationOfName(name: string): number | null {
  const digits = /^G(\d+)$/.exec(name);
  return digits === null ? null : Number(digits[1]);
}

/**
 * All players that have met the anchor directly or through others, strongest first. Where `random` has played nobody,
 * the first player of the first match has 0 Elo.
 */
export function rateMatches(matches: readonly RatedMatch[]): Ratings {
  if (matches.length === 0) return { players: [], best: null };
  const hasRandom = matches.some(({ first, second }) => first === RANDOM_NAME || second === RANDOM_NAME);
  const ratings = bradleyTerry(matches, hasRandom ? RANDOM_NAME : matches[0].first);
  const players = ratings.map(({ name, elo, low, high, anchorMargin, games }) => ({
    name,
    generation: generationOfName(name),
    elo: toTenth(elo),
    low: toTenth(low),
    high: toTenth(high),
    anchorMargin: toTenth(anchorMargin),
    games,
  }));
  return { players, best: bestNet(ratings) };
}

/** The net with the highest rating; of equal ones the latest. */
function bestNet(ratings: readonly Rating[]): string | null {
  let best: Rating | null = null;
  for (const rating of ratings) {
    const generation = generationOfName(rating.name);
    if (generation === null) continue;
    const isBetter =
      best === null ||
      rating.elo > best.elo ||
      (rating.elo === best.elo && generation > (generationOfName(best.name) ?? -1));
    if (isBetter) best = rating;
  }
  return best?.name ?? null;
}

/** Elo to a tenth: far below what any match can tell. */
function toTenth(elo: number): number {
  return Math.round(10 * elo) / 10 + 0;
}
