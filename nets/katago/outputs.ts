/** What the numbers of KataGo's value head are, and what of its features decides how they are read. */
import { GLOBAL } from '../features/katago-v7.ts';
import type { OutputScales } from './spec.ts';

/** What nets have whose file does not say, points for scores (KataGo's ModelPostProcessParams). */
export const DEFAULT_SCALES: OutputScales = {
  tdScore: 20,
  scoreMean: 20,
  scoreStdev: 20,
  lead: 20,
  varianceTime: 40,
  valueError: 0.25,
  scoreError: 30,
};

/** Channels of the raw scores. */
export const SCORE_CHANNEL = {
  mean: 0,
  stdev: 1,
  lead: 2,
  varianceTime: 3,
  valueError: 4,
  scoreError: 5,
} as const;

/** Globals of `katago-v7`: 1 under positional and situational superko; 1 under territory scoring. */
export const SUPERKO_GLOBAL = GLOBAL.superko;
export const TERRITORY_GLOBAL = GLOBAL.territory;

/** Subtracted from the logit of no result where the rules leave no way to it. */
export const IMPOSSIBLE = 1e4;
