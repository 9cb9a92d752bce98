/** What an outcome and a score are worth to a search. */
import type { SearchParameters } from './parameters.ts';

/** Scale of the static score utility, in points over the side of the board. KataGo's 2. */
const STATIC_SCALE = 2;

/**
 * Nodes and weights of the five-point Gauss-Hermite rule for the standard normal distribution (Abramowitz and Stegun
 * 25.4.46): the mean of f(X) is about sum w f(x).
 */
const NORMAL_NODES = [-2.8569700138728, -1.3556261799742, 0, 1.3556261799742, 2.8569700138728];
const NORMAL_WEIGHTS = [0.0112574113277, 0.2220759220056, 0.5333333333334, 0.2220759220056, 0.0112574113277];

/** (2 / pi) * atan((score - centre) / scale), in (-1, 1), expected over a normal distribution of the score. */
function scoreValue(score: number, stdev: number, centre: number, scale: number): number {
  if (!(stdev > 0)) return (2 / Math.PI) * Math.atan((score - centre) / scale);
  let sum = 0;
  for (let i = 0; i < 5; i++)
    sum += NORMAL_WEIGHTS[i] * Math.atan((score + stdev * NORMAL_NODES[i] - centre) / scale);
  return (2 / Math.PI) * sum;
}

/**
 * value + ws * E[v((s) / (2 b))] + wd * E[v((s - centre) / (scale * b))], v the arcus tangens above, b the side of the
 * board: KataGo's utility (Wu 2019, section 4.1, and its dynamicScoreUtilityFactor). All of one side.
 * @param value in [-1, 1]. @param score in points, NaN where unknown: then the value alone counts.
 * @param stdev of the score in points; NaN or 0 takes it for certain. @param centre as `scoreCentre` gives it, of the same side.
 * @param area points of the board. @returns in [-1 - ws - wd, 1 + ws + wd].
 */
export function utility(
  value: number,
  score: number,
  stdev: number,
  centre: number,
  area: number,
  { staticScoreWeight, dynamicScoreWeight, dynamicScoreCenterScale }: SearchParameters,
): number {
  if (Number.isNaN(score)) return value;
  const side = Math.sqrt(area);
  let sum = value;
  if (staticScoreWeight > 0) sum += staticScoreWeight * scoreValue(score, stdev, 0, STATIC_SCALE * side);
  if (dynamicScoreWeight > 0)
    sum += dynamicScoreWeight * scoreValue(score, stdev, centre, dynamicScoreCenterScale * side);
  return sum;
}

/**
 * The score that the dynamic utility compares with: the root's, drawn to 0 by dynamicScoreCenterZeroWeight but by no more
 * than the scale of the comparison (KataGo's recentScoreCenter). 0 where the score is not known.
 */
export function scoreCentre(rootScore: number, area: number, parameters: SearchParameters): number {
  if (Number.isNaN(rootScore)) return 0;
  const most = parameters.dynamicScoreCenterScale * Math.sqrt(area);
  const drawn = rootScore * (1 - parameters.dynamicScoreCenterZeroWeight);
  return Math.max(rootScore - most, Math.min(rootScore + most, drawn));
}
