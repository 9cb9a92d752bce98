/** The knobs of a search as plain data, each with its scale and where its value comes from. */
import { z } from 'zod';

const share = z.number().min(0).max(1);
const nonNegative = z.number().min(0);

export const SearchParameters = z.strictObject({
  /** PUCT (Silver et al. 2017), or at the root Gumbel AlphaZero (Danihelka et al. 2022). */
  algorithm: z.enum(['puct', 'gumbel']).default('puct'),

  /** PUCT's c at few visits, in utility. KataGo's cpuctExploration. */
  cPuct: nonNegative.default(1),
  /** c grows by this times ln((N + cPuctBase) / cPuctBase). KataGo's cpuctExplorationLog. */
  cPuctLog: nonNegative.default(0.45),
  /** Visits over which c begins to grow. KataGo's cpuctExplorationBase. */
  cPuctBase: z.number().positive().default(500),
  /** The standard deviation of utility at a node at which c is neither raised nor lowered. KataGo's cpuctUtilityStdevPrior. */
  cPuctStdevPrior: z.number().positive().default(0.4),
  /** Visits that the prior counts for. KataGo's cpuctUtilityStdevPriorWeight. */
  cPuctStdevPriorWeight: z.number().positive().default(2),
  /** How far c follows the standard deviation: 0 not at all, 1 in proportion. KataGo's cpuctUtilityStdevScale. */
  cPuctStdevScale: share.default(0.85),
  /** An unvisited move is thought worse than its parent by this times sqrt(prior already visited), in utility. KataGo's fpuReductionMax. */
  fpuReduction: nonNegative.default(0.2),
  /** The same at the root, where breadth matters more. KataGo's rootFpuReductionMax. */
  rootFpuReduction: nonNegative.default(0.1),
  /** The parent's mean counts in that by the prior already visited to this power, its own evaluation by the rest. KataGo's fpuParentWeightByVisitedPolicyPow. */
  fpuVisitedPolicyPower: nonNegative.default(2),

  /** What a score adds to the utility at most, whoever leads: enough to prefer larger wins, never to prefer them to surer ones. KataGo's staticScoreUtilityFactor. */
  staticScoreWeight: share.default(0.1),
  /** The same for the score compared with the one expected at the root, so that a decided game is still played well. KataGo's dynamicScoreUtilityFactor. */
  dynamicScoreWeight: share.default(0.3),
  /** How much of the root's score is not taken for granted by that comparison. KataGo's dynamicScoreCenterZeroWeight. */
  dynamicScoreCenterZeroWeight: share.default(0.2),
  /** Scale of that comparison, in points over the side of the board. KataGo's dynamicScoreCenterScale. */
  dynamicScoreCenterScale: z.number().positive().default(0.75),

  /** Share of the root prior replaced by Dirichlet noise; 0 is off, 0.25 AlphaZero's and KataGo's in self-play. */
  noiseWeight: share.default(0),
  /** Sum of the Dirichlet alphas over the legal moves: 0.03 * 361, AlphaZero's on 19x19 at any board size, as KataGo scales it. */
  noiseConcentration: z.number().positive().default(10.83),
  /** PUCT: a visited root move gets at least sqrt(this * prior * visits) visits, which the policy target leaves out again; 0 is off, 2 KataGo's in self-play. */
  forcedPlayouts: nonNegative.default(0),

  /** PUCT: how widely the moves of the root are searched by chance, and the means told as if they were not: 0 not at all, 0.04 somewhat, 1 nearly all (see wide-root.ts). KataGo's wideRootNoise. */
  wideRootNoise: nonNegative.default(0),

  /** Gumbel: moves considered at the root at most. The paper's m. */
  gumbelActions: z.int().min(1).default(16),
  /** Gumbel: simulations for each move considered, halving included: with fewer, single evaluations decide. The paper's n / m is 1 at small n; 5 by matches of ours (docs/search.md). */
  gumbelSimulationsAnAction: z.number().min(1).default(5),
  /** Gumbel: scale of the noise at the root; 0 takes the likeliest moves, and others where these turn out bad (gumbel-root.ts); 1 samples as the paper does, for self-play. */
  gumbelNoise: nonNegative.default(0),
  /** Gumbel: how much of that noise is left in the choice of the move to play. The paper's 1. */
  gumbelMoveNoise: share.default(1),
  /** Gumbel: visits added before the scale of the values. The paper's c_visit. */
  gumbelVisitOffset: nonNegative.default(50),
  /** Gumbel: scale of the values, mapped to [0, 1], against logits. The paper's c_scale, 1 for its nets; 0.8 by matches of ours (docs/search.md). */
  gumbelValueScale: nonNegative.default(0.8),

  /** Leaves evaluated together at most; less while the tree is small (see `leavesToGather`). Our choice for one thread of ONNX Runtime. */
  batchSize: z.int().min(1).default(8),
  /** Losses, by all the points there are, that a leaf under evaluation counts for, so that the rest of the batch looks elsewhere. AlphaGo's n_vl, 1 at these batch sizes. */
  virtualLoss: nonNegative.default(1),
  /** Whether positions reached by several orders of moves are one node. */
  graphSearch: z.boolean().default(true),
  /** Megabytes of nodes and edges (see `SearchGraph.bytes`) at which the search stops: 250,000 visits on 9x9, 50,000 on 19x19. Our choice. */
  maxMegabytes: z.number().positive().default(250),

  /** PUCT: visits ** (1 / temperature) is the probability of a move; 0 takes the best. */
  temperature: nonNegative.default(0),
  /** Standard errors subtracted from a move's mean in the lower confidence bound; 0 chooses by visits alone. KataGo's lcbStdevs. */
  lcbDeviations: nonNegative.default(5),
  /** Only moves with this share of the most visited move's visits compete by their bound. KataGo's minVisitPropForLCB. */
  lcbVisitShare: share.default(0.15),
  /** Resigns below this win rate of the side to move, in [0, 1], White in handicap games later; 0 never resigns. Set by whoever offers resignation. */
  resignBelow: share.default(0),
  /** Moves before which nobody resigns, as a share of the board's points: a quarter, so 20 moves on 9x9. Our choice. */
  resignAfter: nonNegative.default(0.25),
  /** Passing is no move yet while stones stand on less than this share of the points and something is left to play: someone who passes in the opening wants to play on. A quarter, our choice. */
  earliestPass: share.default(0.25),

  /** Below this win rate of the side to move, in [0, 1], a pass that would end a game lost by the count is answered by a pass; 0 never. Our choice. */
  passBelow: share.default(0.05),
  /** Whether stones that look dead at the root may be taken off where the game ends by passes. Self-play counts what stands. */
  countDead: z.boolean().default(true),

  /** Whether each evaluation is made under a random one of the eight symmetries. */
  randomSymmetry: z.boolean().default(true),
  /** Priors of the root are taken to the power of 1 / this: above 1 the search is wider. KataGo's rootPolicyTemperature. */
  rootPolicyTemperature: z.number().positive().default(1),
  /** Symmetries over which the root's evaluation is averaged. KataGo's rootNumSymmetriesToSample. */
  rootSymmetries: z.int().min(1).max(8).default(1),
  /** Whether a root that an earlier search of the game has evaluated is evaluated again. Otherwise nothing is known of its ownership. */
  freshRoot: z.boolean().default(true),
  /** Whether of root moves that the symmetries of the position make equal only one is searched. KataGo's rootSymmetryPruning. */
  rootSymmetryPruning: z.boolean().default(true),
  /** Moves of a variation that are told after its first. KataGo's analysisPVLen. */
  pvLength: z.int().min(0).default(15),
  /** Whether ownership is the mean over the tree, which keeps a byte a point and node, or the root's evaluation. */
  treeOwnership: z.boolean().default(false),
  /** Whether each searched move of the root tells its ownership too; needs `treeOwnership`. */
  movesOwnership: z.boolean().default(false),
});

export type SearchParameters = Readonly<z.infer<typeof SearchParameters>>;

/** For evaluators that know the game: a net's policy guides the search. */
export const NET_SEARCH: SearchParameters = SearchParameters.parse({});

/**
 * For uniform priors and noisy values: c is larger by about sqrt(moves) because each prior is only 1 / moves, unvisited
 * moves get no malus since their order means nothing, and single results are too noisy to pick by their bound, to
 * measure a deviation by, or to be shared between orders of moves. Our choice.
 */
export const PLAYOUT_SEARCH: SearchParameters = SearchParameters.parse({
  cPuct: 8,
  cPuctStdevScale: 0,
  fpuReduction: 0,
  rootFpuReduction: 0,
  fpuVisitedPolicyPower: 0,
  dynamicScoreWeight: 0,
  lcbDeviations: 0,
  batchSize: 1,
  graphSearch: false,
  randomSymmetry: false,
});
