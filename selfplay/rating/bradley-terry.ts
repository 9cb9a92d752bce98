/** Ratings of many players from the games between them: maximum likelihood under the model of Bradley and Terry. */
import { ELO_PER_NAT, Z95 } from './elo.ts';
import { invertPositiveDefinite } from './invert.ts';

/** Games between two players, as the first of them counts. */
export type PairResult = {
  readonly first: string;
  readonly second: string;
  readonly wins: number;
  readonly losses: number;
  readonly draws: number;
};

export type Rating = {
  readonly name: string;
  readonly elo: number;
  /** Ends of the 95% interval in Elo, of the distance from the mean of all. */
  readonly low: number;
  readonly high: number;
  /** Half the 95% interval of the distance from the anchor, which is `elo`. */
  readonly anchorMargin: number;
  readonly games: number;
};

/**
 * Drawn games that each player brings along, spread over its opponents as its games are: without them a player that won
 * every game would be infinitely strong. Bayeselo's prior (Coulom 2008) at half its weight.
 */
const PRIOR_DRAWS = 1;
/** Ratings that change by less, in nats, have converged. */
const TOLERANCE = 1e-10;
/** Newton's method needs some ten steps; far more than ever. */
const MAX_STEPS = 200;

/** Everything between N players: float64 [N * N] points of the row's player against the column's, and games. */
type Table = {
  readonly names: readonly string[];
  readonly points: Float64Array;
  readonly games: Float64Array;
};

/**
 * P(i beats j) = 1 / (1 + e^(r_j - r_i)), a draw is half a win for each (Bradley & Terry 1952; Hunter 2004).
 * The 95% intervals come from the Fisher information. That from low to high tells how well a player is known in comparison
 * with the mean of all players; so it does not depend on the anchor, which only names the zero, and whose own rating is
 * uncertain too. How far a player is from the anchor is known less well: with two players half as well.
 * @param anchor gets 0. Only players that a chain of games links with it can be compared with it and are rated.
 * @returns strongest first. The order of results changes no bit, and neither does who is named first in them.
 */
export function bradleyTerry(results: readonly PairResult[], anchor: string): Rating[] {
  const table = linkedWith(anchor, results);
  const { names } = table;
  const anchorIndex = names.indexOf(anchor);
  const counted = played(table);
  const { ratings, covariance } = solve(withPrior(table), anchorIndex);
  const deviations = deviationsFromMean(covariance, names.length);
  return names
    .map((name, i) => {
      const elo = ELO_PER_NAT * ratings[i];
      const spread = ELO_PER_NAT * Z95 * deviations[i];
      const anchorMargin = ELO_PER_NAT * Z95 * Math.sqrt(covariance[i * names.length + i]);
      return { name, elo, low: elo - spread, high: elo + spread, anchorMargin, games: counted[i] };
    })
    .sort((a, b) => b.elo - a.elo);
}

/** The table of `anchor` and all that have met it, or met one that has, and so on; names in alphabetical order. */
function linkedWith(anchor: string, results: readonly PairResult[]): Table {
  const linked = new Set([anchor]);
  for (let size = 0; size < linked.size;) {
    size = linked.size;
    for (const { first, second, wins, losses, draws } of results) {
      if (wins + losses + draws === 0 || linked.has(first) === linked.has(second)) continue;
      linked.add(first).add(second);
    }
  }
  const names = [...linked].sort();
  const indices = new Map(names.map((name, i) => [name, i]));
  const points = new Float64Array(names.length ** 2);
  const games = new Float64Array(names.length ** 2);
  for (const { first, second, wins, losses, draws } of results) {
    const i = indices.get(first);
    const j = indices.get(second);
    if (i === undefined || j === undefined || i === j) continue;
    points[i * names.length + j] += wins + draws / 2;
    points[j * names.length + i] += losses + draws / 2;
    games[i * names.length + j] += wins + losses + draws;
    games[j * names.length + i] += wins + losses + draws;
  }
  return { names, points, games };
}

/** Games of each player. */
function played({ names, games }: Table): number[] {
  const count = names.length;
  return names.map((_, i) => games.subarray(i * count, (i + 1) * count).reduce((a, b) => a + b, 0));
}

function withPrior(table: Table): Table {
  const { names, games, points } = table;
  const totals = played(table);
  const drawn = games.map((pair, at) => {
    const [i, j] = [Math.floor(at / names.length), at % names.length];
    return pair === 0 ? 0 : PRIOR_DRAWS * (pair / totals[i] + pair / totals[j]);
  });
  return {
    names,
    points: points.map((pair, at) => pair + drawn[at] / 2),
    games: games.map((pair, at) => pair + drawn[at]),
  };
}

/**
 * Newton's method on the log likelihood, which is concave, with the anchor held at 0.
 * @returns ratings in nats, float64 [N], and their covariance, float64 [N * N], 0 in the anchor's row and column.
 */
function solve(table: Table, anchor: number): { ratings: Float64Array; covariance: Float64Array } {
  const count = table.names.length;
  let ratings = new Float64Array(count);
  for (let step = 0; step < MAX_STEPS; step++) {
    const { gradient, information } = slopes(table, ratings, anchor);
    const covariance = invertPositiveDefinite(information, count);
    // The anchor's row was inverted as that of a player nobody met.
    covariance[anchor * count + anchor] = 0;
    const change = ratings.map((_, i) => {
      let sum = 0;
      for (let j = 0; j < count; j++) sum += covariance[i * count + j] * gradient[j];
      return sum;
    });
    if (change.every((each) => Math.abs(each) < TOLERANCE)) return { ratings, covariance };
    const before = logLikelihood(table, ratings);
    let share = 1;
    let next = ratings.map((rating, i) => rating + change[i]);
    // A full step may leap over the top; near it, rounding decides which of two is higher.
    while (logLikelihood(table, next) < before - 1e-9 && share > 1e-6) {
      share /= 2;
      next = ratings.map((rating, i) => rating + share * change[i]);
    }
    ratings = next;
  }
  throw new Error(`internal: the ratings of ${count} players did not converge`);
}

/** Log likelihood of the games in nats. */
function logLikelihood({ points }: Table, ratings: Float64Array): number {
  const count = ratings.length;
  let sum = 0;
  for (const [at, won] of points.entries())
    if (won > 0) sum -= won * Math.log1p(Math.exp(ratings[at % count] - ratings[Math.floor(at / count)]));
  return sum;
}

/**
 * The gradient of the log likelihood, float64 [N], sum over j of s_ij - n_ij p_ij, and the Fisher information, float64
 * [N * N], -n_ij p_ij p_ji beside the diagonal; the anchor's row and column are those of the unit matrix.
 */
function slopes({ points, games }: Table, ratings: Float64Array, anchor: number): Slopes {
  const count = ratings.length;
  const gradient = new Float64Array(count);
  const information = new Float64Array(count * count);
  for (const [at, met] of games.entries()) {
    const [i, j] = [Math.floor(at / count), at % count];
    if (met === 0 || i === anchor) continue;
    const rate = 1 / (1 + Math.exp(ratings[j] - ratings[i]));
    const curvature = met * rate * (1 - rate);
    gradient[i] += points[at] - met * rate;
    information[i * count + i] += curvature;
    if (j !== anchor) information[at] -= curvature;
  }
  information[anchor * count + anchor] = 1;
  return { gradient, information };
}

type Slopes = { readonly gradient: Float64Array; readonly information: Float64Array };

/** Standard deviations of r_i - mean(r), float64 [N], from a covariance of r, [N * N]. */
function deviationsFromMean(covariance: Float64Array, count: number): Float64Array {
  const rowMeans = new Float64Array(count);
  for (const [at, each] of covariance.entries()) rowMeans[Math.floor(at / count)] += each / count;
  const mean = rowMeans.reduce((a, b) => a + b, 0) / count;
  return rowMeans.map((rowMean, i) => Math.sqrt(Math.max(0, covariance[i * count + i] - 2 * rowMean + mean)));
}
