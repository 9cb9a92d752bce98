/** The knobs of a search as plain data, each with its scale and where its value comes from. */

export type SearchParameters = {
  /** PUCT's c at few visits; values lie in [-1, 1]. KataGo's cpuctExploration. */
  readonly cPuct: number;
  /** c grows by this times ln((N + cPuctBase) / cPuctBase). KataGo's cpuctExplorationLog. */
  readonly cPuctLog: number;
  /** Visits over which c begins to grow. KataGo's cpuctExplorationBase. */
  readonly cPuctBase: number;
  /** An unvisited move is thought worse than its parent by this times sqrt(prior already visited), in utility. KataGo's fpuReductionMax. */
  readonly fpuReduction: number;
  /** The same at the root, where breadth matters more. KataGo's rootFpuReductionMax. */
  readonly rootFpuReduction: number;
  /** Share of the utility that is score, not outcome: enough to prefer larger wins, never to prefer them to surer ones. KataGo's staticScoreUtilityFactor. */
  readonly scoreWeight: number;
  /** Share of the root prior replaced by Dirichlet noise; 0 is off, 0.25 AlphaZero's and KataGo's in self-play. */
  readonly noiseWeight: number;
  /** Sum of the Dirichlet alphas over the legal moves: 0.03 * 361, AlphaZero's on 19x19 at any board size, as KataGo scales it. */
  readonly noiseConcentration: number;
  /** Leaves evaluated together at most; less while the tree is small (see `growingBatch`). Our choice for one thread of ONNX Runtime. */
  readonly batchSize: number;
  /** Losses that a leaf under evaluation counts for, so that the rest of the batch looks elsewhere. AlphaGo's n_vl, 1 at these batch sizes. */
  readonly virtualLoss: number;
  /** Visits ** (1 / temperature) is the probability of a move; 0 takes the best. */
  readonly temperature: number;
  /** Standard errors subtracted from a move's mean in the lower confidence bound; 0 chooses by visits alone. KataGo's lcbStdevs. */
  readonly lcbDeviations: number;
  /** Only moves with this share of the most visited move's visits compete by their bound. KataGo's minVisitPropForLCB. */
  readonly lcbVisitShare: number;
  /** Resigns below this win rate of the side to move, in [0, 1]; 0 never resigns. Set by whoever offers resignation. */
  readonly resignBelow: number;
  /** Moves before which nobody resigns, as a share of the board's points: a quarter, so 20 moves on 9x9. Our choice. */
  readonly resignAfter: number;
  /** Passing is no move yet while stones stand on less than this share of the points and something is left to play: someone who passes in the opening wants to play on. A quarter, our choice. */
  readonly earliestPass: number;
  /** Whether each evaluation is made under a random one of the eight symmetries. */
  readonly randomSymmetry: boolean;
  /** Edges (moves of visited positions, 10 bytes each) at which the tree is full and the search stops: 200 MB, our choice. */
  readonly maxEdges: number;
};

/** For evaluators that know the game: a net's policy guides the search. */
export const NET_SEARCH: SearchParameters = {
  cPuct: 1,
  cPuctLog: 0.45,
  cPuctBase: 500,
  fpuReduction: 0.2,
  rootFpuReduction: 0.1,
  scoreWeight: 0.1,
  noiseWeight: 0,
  noiseConcentration: 10.83,
  batchSize: 8,
  virtualLoss: 1,
  temperature: 0,
  lcbDeviations: 5,
  lcbVisitShare: 0.15,
  resignBelow: 0,
  resignAfter: 0.25,
  earliestPass: 0.25,
  randomSymmetry: true,
  maxEdges: 20_000_000,
};

/**
 * For uniform priors and noisy values: c is larger by about sqrt(moves) because each prior is only 1 / moves, unvisited
 * moves get no malus since their order means nothing, and single results are too noisy to pick by their bound. Our choice.
 */
export const PLAYOUT_SEARCH: SearchParameters = {
  ...NET_SEARCH,
  cPuct: 8,
  fpuReduction: 0,
  rootFpuReduction: 0,
  lcbDeviations: 0,
  batchSize: 1,
  randomSymmetry: false,
};

/** Root visits for each further leaf of a batch: virtual losses never weigh more than an eighth of the visits. Our choice. */
const VISITS_A_LEAF = 8;

/** Leaves to gather at `visits` root visits, so that a young tree is not steered by virtual losses. */
export function growingBatch(visits: number, most: number): number {
  return Math.max(1, Math.min(most, 1 + Math.floor(visits / VISITS_A_LEAF)));
}
