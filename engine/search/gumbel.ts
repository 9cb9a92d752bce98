/** Gumbel AlphaZero (Danihelka et al. 2022): which moves a search considers, follows and answers. */
import { signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { MAX_BOARD_SIDE } from '#engine/go/size.ts';
import type { Rng } from '#engine/go/random.ts';
import type { Move } from '#engine/go/view.ts';
import type { SearchGraph } from './graph.ts';
import type { SearchParameters } from './parameters.ts';

/** A utility in the paper's units of Q, where 0 is a loss and 1 a win. */
const toQ = (utilityToPlay: number): number => (utilityToPlay + 1) / 2;

/** sigma(q) = (c_visit + max_b N(b)) * c_scale * q (equation 8) is this factor times q. */
function sigmaFactor(graph: SearchGraph, node: number, parameters: SearchParameters): number {
  const first = graph.firstEdge[node];
  let most = 0;
  for (let edge = first; edge < first + graph.reached[node]; edge++)
    most = Math.max(most, graph.edgeVisits[edge]);
  return (parameters.gumbelVisitOffset + most) * parameters.gumbelValueScale;
}

/**
 * v_mix, what an unvisited move is thought worth: (v + (sum_b N(b)) * (sum_a P(a) Q(a)) / (sum_a P(a))) / (1 + sum_b N(b))
 * over visited moves (equation 33). @returns utility for the side to move at `node`.
 */
function mixedValue(graph: SearchGraph, node: number): number {
  const { edgeVisits, edgePrior, edgeChild, meanUtilityBlack } = graph;
  const first = graph.firstEdge[node];
  let visits = 0;
  let prior = 0;
  let worth = 0;
  for (let edge = first; edge < first + graph.reached[node]; edge++) {
    if (edgeVisits[edge] === 0) continue;
    visits += edgeVisits[edge];
    prior += edgePrior[edge];
    worth += edgePrior[edge] * meanUtilityBlack[edgeChild[edge]];
  }
  const sign = signFor(graph.toPlay[node] as Color);
  const own = graph.utilityBlack[node];
  return sign * (prior > 0 ? (own + (visits * worth) / prior) / (1 + visits) : own);
}

/** Completed Q of an edge: its mean where it was visited, else `unvisited`; utility for the side with this sign. */
function completedUtility(graph: SearchGraph, edge: number, sign: number, unvisited: number): number {
  return graph.edgeVisits[edge] > 0 ? sign * graph.meanUtilityBlack[graph.edgeChild[edge]] : unvisited;
}

/** float64 [edges of a node]: what `selectImproved` works in. */
const weights = new Float64Array(MAX_BOARD_SIDE ** 2 + 1);

/** exp(logit + sigma(q)), up to a constant, of a move with this prior whose utility is this much `above` another. */
function improvedWeight(prior: number, above: number, factor: number): number {
  return prior * Math.exp(factor * (toQ(above) - toQ(0)));
}

/**
 * Below the root: a* = argmax_a pi'(a) - N(a) / (1 + sum_b N(b)), pi' = softmax(logits + sigma(completed Q)) (equations 11
 * and 14), so that visits follow the improved policy without noise. Simulations under way count as visits. All unvisited
 * moves have the same completed Q, so that the likeliest of them stands for them all.
 * @param node an expanded node. @returns the edge.
 */
export function selectImproved(graph: SearchGraph, node: number, parameters: SearchParameters): number {
  const { edgePrior, edgeChild, edgeVisits, pendingVisits } = graph;
  const sign = signFor(graph.toPlay[node] as Color);
  const first = graph.firstEdge[node];
  const frontier = first + graph.reached[node];
  const isOpen = frontier < first + graph.edges[node];
  const factor = sigmaFactor(graph, node, parameters);
  const unvisited = mixedValue(graph, node);
  // Exponents are taken from the largest q, which cancels out in the softmax.
  let most = isOpen ? unvisited : -Infinity;
  for (let edge = first; edge < frontier; edge++)
    most = Math.max(most, completedUtility(graph, edge, sign, unvisited));
  let rest = 1;
  let sum = 0;
  let total = 1;
  for (let edge = first; edge < frontier; edge++) {
    rest -= edgePrior[edge];
    total += edgeVisits[edge] + pendingVisits[edgeChild[edge]];
    const above = completedUtility(graph, edge, sign, unvisited) - most;
    const weight = improvedWeight(edgePrior[edge], above, factor);
    weights[edge - first] = weight;
    sum += weight;
  }
  let best = -1;
  let bestLack = -Infinity;
  if (isOpen) {
    const scale = improvedWeight(1, unvisited - most, factor);
    sum += scale * Math.max(rest, edgePrior[frontier]);
    best = frontier;
    bestLack = (scale * edgePrior[frontier]) / sum;
  }
  for (let edge = first; edge < frontier; edge++) {
    const lack = weights[edge - first] / sum - (edgeVisits[edge] + pendingVisits[edgeChild[edge]]) / total;
    if (lack > bestLack || (lack === bestLack && best === frontier)) {
      bestLack = lack;
      best = edge;
    }
  }
  return best;
}

/**
 * The visits that the move of each simulation at the root must have so far: sequential halving over `actions` moves, each
 * phase giving the better half of the moves of the last one equal shares (Karnin et al. 2013; the paper's algorithm 2).
 */
export function sequentialHalving(actions: number, simulations: number): Int32Array {
  const sequence = new Int32Array(simulations);
  const phases = Math.max(1, Math.ceil(Math.log2(actions)));
  let count = 0;
  let level = 0;
  for (
    let considered = actions;
    count < simulations;
    considered = Math.max(Math.min(2, actions), considered >> 1)
  ) {
    const rounds = Math.max(1, Math.floor(simulations / (phases * considered)));
    for (let round = 0; round < rounds; round++, level++)
      for (let i = 0; i < considered && count < simulations; i++) sequence[count++] = level;
  }
  return sequence;
}

/** Simulations that each considered move can count on, halving included: of fewer, one evaluation decides. Measured, see docs. */
const SIMULATIONS_AN_ACTION = 4;

/** The root of one search: the moves drawn for it, and what sequential halving made of them. */
export class GumbelRoot {
  private readonly graph: SearchGraph;
  private readonly parameters: SearchParameters;
  /** float32 [A]: Gumbel noise plus logit of each root move, -Infinity for others. */
  private readonly drawn: Float32Array;
  /** int32 [A]: visits that each move had before. */
  private readonly before: Int32Array;
  private readonly sequence: Int32Array;
  /** int32 [level]: the simulations until the last one at each level of the sequence. */
  private readonly levelEnd: Int32Array;
  private readonly visitsBefore: number;

  /**
   * @param simulations that the search will make. @param moves A. Draws moves without replacement: those of largest
   * g(a) + logit(a), g ~ Gumbel(0), come first (equation 3).
   */
  constructor(
    graph: SearchGraph,
    simulations: number,
    moves: number,
    parameters: SearchParameters,
    rng: Rng,
  ) {
    this.graph = graph;
    this.parameters = parameters;
    this.drawn = new Float32Array(moves).fill(-Infinity);
    this.before = new Int32Array(moves);
    this.visitsBefore = graph.visits[graph.root];
    const edges = rootEdges(graph);
    // In order of moves, since edges change places.
    for (const edge of edges.toSorted((a, b) => graph.edgeMove[a] - graph.edgeMove[b])) {
      // Strictly between 0 and 1, so that both logarithms are finite.
      const uniform = (rng.nextFloat() * (2 ** 32 - 1) + 0.5) / 2 ** 32;
      const gumbel = -Math.log(-Math.log(uniform));
      this.drawn[graph.edgeMove[edge]] = parameters.gumbelNoise * gumbel + Math.log(graph.edgePrior[edge]);
      this.before[graph.edgeMove[edge]] = graph.edgeVisits[edge];
    }
    const affordable = Math.max(2, Math.floor(simulations / SIMULATIONS_AN_ACTION));
    const actions = Math.min(parameters.gumbelActions, edges.length, affordable);
    this.sequence = sequentialHalving(actions, Math.max(0, simulations));
    this.levelEnd = new Int32Array((this.sequence.at(-1) ?? 0) + 1);
    for (const [i, level] of this.sequence.entries()) this.levelEnd[level] = i + 1;
  }

  /** The root's next edge; -1 where the evaluations under way have to decide first who is in the better half. */
  select(): number {
    const { graph, sequence } = this;
    const pending = graph.pendingVisits[graph.root] - 1;
    const done = graph.visits[graph.root] - this.visitsBefore + pending;
    const level = sequence[Math.min(done, sequence.length - 1)];
    let best = -1;
    let bestScore = -Infinity;
    let candidates = 0;
    const { factor, unvisited, sign } = this.terms();
    for (let edge = graph.firstEdge[graph.root]; edge < this.end; edge++) {
      if (this.visitsNow(edge, true) !== level) continue;
      candidates++;
      const score = this.scoreOf(edge, factor, unvisited, sign);
      if (score > bestScore) {
        bestScore = score;
        best = edge;
      }
    }
    // Only where more moves are at this level than it has room for does the choice depend on what is being evaluated.
    const room = this.levelEnd[level] - done;
    return pending > 0 && level > 0 && candidates > room ? -1 : best;
  }

  /** The answer: argmax_a g(a) + logit(a) + sigma(q(a)) over the most visited moves (the paper's A_{n+1}). */
  best(): Move {
    const { graph } = this;
    const { factor, unvisited, sign } = this.terms();
    let best = -1;
    for (let edge = graph.firstEdge[graph.root]; edge < this.end; edge++) {
      const ahead = best < 0 ? 1 : this.visitsNow(edge, false) - this.visitsNow(best, false);
      if (
        ahead > 0 ||
        (ahead === 0 &&
          this.scoreOf(edge, factor, unvisited, sign) > this.scoreOf(best, factor, unvisited, sign))
      )
        best = edge;
    }
    return graph.edgeMove[best];
  }

  private get end(): number {
    return this.graph.firstEdge[this.graph.root] + this.graph.edges[this.graph.root];
  }

  private terms(): { factor: number; unvisited: number; sign: number } {
    const { graph } = this;
    return {
      factor: sigmaFactor(graph, graph.root, this.parameters),
      unvisited: mixedValue(graph, graph.root),
      sign: signFor(graph.toPlay[graph.root] as Color),
    };
  }

  /** g(a) + logit(a) + sigma(completed q(a)). */
  private scoreOf(edge: number, factor: number, unvisited: number, sign: number): number {
    const q = toQ(completedUtility(this.graph, edge, sign, unvisited));
    return this.drawn[this.graph.edgeMove[edge]] + factor * q;
  }

  /** Visits of this search. */
  private visitsNow(edge: number, withPending: boolean): number {
    const { graph } = this;
    const child = graph.edgeChild[edge];
    const pending = withPending && child >= 0 ? graph.pendingVisits[child] : 0;
    return graph.edgeVisits[edge] + pending - this.before[graph.edgeMove[edge]];
  }
}

function rootEdges({ firstEdge, edges, root }: SearchGraph): number[] {
  return Array.from({ length: edges[root] }, (_, i) => firstEdge[root] + i);
}

/** pi' = softmax(logits + sigma(completed Q)) over the root's moves, 0 for others: what Gumbel AlphaZero trains a policy on. @returns float32 [moves]. */
export function improvedPolicy(
  graph: SearchGraph,
  moves: number,
  parameters: SearchParameters,
): Float32Array {
  const policy = new Float32Array(moves);
  const factor = sigmaFactor(graph, graph.root, parameters);
  const unvisited = mixedValue(graph, graph.root);
  const sign = signFor(graph.toPlay[graph.root] as Color);
  const edges = rootEdges(graph);
  const logits = edges.map(
    (edge) => Math.log(graph.edgePrior[edge]) + factor * toQ(completedUtility(graph, edge, sign, unvisited)),
  );
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - most), 0);
  for (const [i, edge] of edges.entries()) policy[graph.edgeMove[edge]] = Math.exp(logits[i] - most) / sum;
  return policy;
}
