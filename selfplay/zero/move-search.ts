/** With which parameters the moves of self-play are searched. */
import { NET_SEARCH } from '#engine/search/parameters.ts';
import type { SearchParameters } from '#engine/search/parameters.ts';
import type { SelfPlayConfig } from './config.ts';

/** Temperature of PUCT's choice at the first move. KataGo's chosenMoveTemperatureEarly is 0.75, AlphaZero's 1. */
const FIRST_TEMPERATURE = 0.8;

/** How sharply Gumbel's values correct the policy that is learned: as zero-9x9 did. Matches say what is best to play by, which is more (docs/search.md). */
const GUMBEL_VALUE_SCALE = 0.5;

/**
 * What full and cheap searches have in common. Leaves are evaluated one by one, because batches are filled by other
 * games. Moves that a symmetry makes equal are all searched, so that the policy is not taught to avoid the copies. Moves
 * that cannot help and passes that would throw the game away stay pruned: to play them never is the right lesson. Games
 * are counted as the board stands, and nobody passes because a game seems lost: that is what resignation is for.
 */
function common({ algorithm, recordOwnership }: SelfPlayConfig, resignBelow: number): SearchParameters {
  return {
    ...NET_SEARCH,
    algorithm,
    gumbelValueScale: GUMBEL_VALUE_SCALE,
    batchSize: 1,
    rootSymmetryPruning: false,
    countDead: false,
    passBelow: 0,
    // Only the evaluation of a root tells its ownership.
    freshRoot: recordOwnership,
    lcbDeviations: 0,
    pvLength: 0,
    resignBelow,
  };
}

/** What is left of noise and temperature after `plies` moves, 1 at first. */
function decay({ noiseHalflifeShare }: SelfPlayConfig, plies: number, area: number): number {
  return 0.5 ** (plies / (noiseHalflifeShare * area));
}

/** For a search that is learned from, with noise. @param area points of the board. */
export function fullSearch(
  config: SelfPlayConfig,
  plies: number,
  area: number,
  resignBelow: number,
): SearchParameters {
  const left = decay(config, plies, area);
  return {
    ...common(config, resignBelow),
    // What is learned from needs all moves drawn as the paper has it; what is played need not be as random late in a game.
    gumbelNoise: 1,
    gumbelMoveNoise: left,
    gumbelSimulationsAnAction: config.simulationsAnAction,
    noiseWeight: config.noiseWeight,
    noiseConcentration: config.noiseConcentration,
    forcedPlayouts: config.forcedPlayouts,
    rootPolicyTemperature: config.algorithm === 'puct' ? config.rootPolicyTemperature : 1,
    temperature: FIRST_TEMPERATURE * left,
  };
}

/** For a search that only moves the game on. */
export function cheapSearch(
  config: SelfPlayConfig,
  plies: number,
  area: number,
  resignBelow: number,
): SearchParameters {
  return {
    ...common(config, resignBelow),
    temperature: FIRST_TEMPERATURE * decay(config, plies, area),
  };
}
