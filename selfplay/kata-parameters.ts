/** KataGo's names of search parameters that are ours too, for GTP and the analysis engine. */
import type { SearchParameters } from '#engine/search/parameters.ts';

/** Greatest noise that widens the root of an analysis: KataGo's limit of wideRootNoise and analysisWideRootNoise. */
export const MAX_WIDE_ROOT_NOISE = 5;

export type KataParameter = readonly [ours: keyof SearchParameters, min: number, max: number];

/** With the ranges that KataGo allows. */
export const KATA_PARAMETERS: ReadonlyMap<string, KataParameter> = new Map([
  ['cpuctExploration', ['cPuct', 0, 10]],
  ['cpuctExplorationLog', ['cPuctLog', 0, 10]],
  ['cpuctExplorationBase', ['cPuctBase', 10, 100_000]],
  ['fpuReductionMax', ['fpuReduction', 0, 2]],
  ['rootFpuReductionMax', ['rootFpuReduction', 0, 2]],
  ['cpuctUtilityStdevPrior', ['cPuctStdevPrior', 0.001, 10]],
  ['cpuctUtilityStdevPriorWeight', ['cPuctStdevPriorWeight', 0.001, 100]],
  ['cpuctUtilityStdevScale', ['cPuctStdevScale', 0, 1]],
  ['staticScoreUtilityFactor', ['staticScoreWeight', 0, 1]],
  ['dynamicScoreUtilityFactor', ['dynamicScoreWeight', 0, 1]],
  ['dynamicScoreCenterZeroWeight', ['dynamicScoreCenterZeroWeight', 0, 1]],
  ['dynamicScoreCenterScale', ['dynamicScoreCenterScale', 0.2, 5]],
  ['rootPolicyTemperature', ['rootPolicyTemperature', 0.01, 100]],
  ['rootNumSymmetriesToSample', ['rootSymmetries', 1, 8]],
  ['lcbStdevs', ['lcbDeviations', 1, 12]],
  ['minVisitPropForLCB', ['lcbVisitShare', 0, 1]],
  ['rootDirichletNoiseWeight', ['noiseWeight', 0, 1]],
  ['rootDirichletNoiseTotalConcentration', ['noiseConcentration', 0.001, 10_000]],
]);
