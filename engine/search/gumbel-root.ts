/** The root of a search by Gumbel AlphaZero: sequential halving over the moves drawn for it. */
import { signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import type { Rng } from '#engine/go/random.ts';
import type { Move } from '#engine/go/view.ts';
import { NO_NODE } from './graph.ts';
import type { SearchGraph } from './graph.ts';
import { completedUtility, mixedValue, rootEdges, sigmaFactor, toQ } from './gumbel.ts';
import type { SearchParameters } from './parameters.ts';

/**
 * How many moves sequential halving brings from n to n + 1 visits, for each n: each phase gives the better half of the
 * moves of the last one equal shares (Karnin et al. 2013; the paper's algorithm 2).
 */
export function sequentialHalving(actions: number, simulations: number): number[] {
  const widths: number[] = [];
  const phases = Math.max(1, Math.ceil(Math.log2(actions)));
  let left = simulations;
  for (let width = actions; left > 0; width = Math.max(Math.min(2, actions), width >> 1)) {
    const rounds = Math.max(1, Math.floor(simulations / (phases * width)));
    for (let round = 0; round < rounds && left > 0; round++, left -= width) widths.push(width);
  }
  return widths;
}

/** Simulations planned for; a search that is given more ends by time. Our choice. */
const MOST_PLANNED = 100_000;

/**
 * The root of one search: the moves drawn for it, and what sequential halving made of them. Visits kept from the search
 * before count like those of this one.
 *
 * With noise all is as in the paper: a move that is left out stays out, and the last simulation may decide. Without noise the
 * likeliest moves would be all that is ever tried. There, each time that the moves considered have twice the visits, all
 * moves of the root compete for the next places, those without visits by what the root is worth besides; and a visit more
 * does not decide. Ours; by matches, docs/search.md.
 */
export class GumbelRoot {
  private readonly graph: SearchGraph;
  private readonly parameters: SearchParameters;
  /** float32 [A]: Gumbel noise plus logit of each root move. */
  private readonly drawn: Float32Array;
  /** float32 [A]: the same with the noise that is left for the choice of the move to play. */
  private readonly answers: Float32Array;
  private readonly widths: readonly number[];
  /** uint8 [A]: 1 for the moves still considered. */
  private readonly considered: Uint8Array;
  private width: number;
  private readonly isSampled: boolean;
  /** Moves considered are on their way from this many visits to one more. */
  private level = 0;

  /**
   * @param visits that the root is to have. @param moves A. Draws moves without replacement: those of largest g(a) +
   * logit(a), g ~ Gumbel(0), come first (equation 3); where visits were kept, with what is known of their values.
   */
  constructor(graph: SearchGraph, visits: number, moves: number, parameters: SearchParameters, rng: Rng) {
    this.graph = graph;
    this.parameters = parameters;
    this.isSampled = parameters.gumbelNoise > 0;
    this.drawn = new Float32Array(moves);
    this.answers = new Float32Array(moves);
    this.considered = new Uint8Array(moves);
    const edges = rootEdges(graph);
    // In order of moves, since edges change places.
    for (const edge of edges.toSorted((a, b) => graph.edgeMove[a] - graph.edgeMove[b])) {
      // Strictly between 0 and 1, so that both logarithms are finite.
      const uniform = (rng.nextFloat() * (2 ** 32 - 1) + 0.5) / 2 ** 32;
      const noise = parameters.gumbelNoise * -Math.log(-Math.log(uniform));
      const [move, logit] = [graph.edgeMove[edge], Math.log(graph.edgePrior[edge])];
      this.drawn[move] = noise + logit;
      this.answers[move] = parameters.gumbelMoveNoise * noise + logit;
      this.considered[move] = 1;
    }
    this.width = edges.length;
    const simulations = Math.max(1, Math.min(visits - 1, MOST_PLANNED));
    const affordable = Math.max(2, Math.round(simulations / parameters.gumbelSimulationsAnAction));
    const actions = Math.min(parameters.gumbelActions, edges.length, affordable);
    this.widths = sequentialHalving(actions, simulations);
    this.leaveBest(actions);
  }

  /** The root's next edge; -1 where the evaluations under way have to decide first who is in the better half. */
  select(): number {
    const { graph } = this;
    for (;;) {
      const best = this.bestEdge((edge) => this.visitsOf(edge) <= this.level);
      if (best >= 0) return best;
      const next = this.level + 1;
      const width = this.widths[Math.min(next, this.widths.length - 1)];
      const isOpen = !this.isSampled && Number.isInteger(Math.log2(next));
      if (isOpen || width < this.width) {
        // The simulation that asks is itself pending.
        if (graph.pendingVisits[graph.root] > 1) return -1;
        if (isOpen) this.considered.fill(1);
        this.leaveBest(width);
      }
      this.level = next;
    }
  }

  /**
   * The answer: argmax_a g(a) + logit(a) + sigma(q(a)) over the moves of the last phase (the paper's A_{n+1}), the most visited
   * of them where visits were kept and none of this search reached them all.
   */
  best(): Move {
    const { graph } = this;
    let most = 0;
    for (const edge of rootEdges(graph))
      if (this.considered[graph.edgeMove[edge]] === 1) most = Math.max(most, graph.edgeVisits[edge]);
    const shared = this.level === 0 ? most : this.level;
    const enough = Math.min(most, this.isSampled ? this.level + 1 : shared);
    return graph.edgeMove[this.bestEdge((edge) => graph.edgeVisits[edge] >= enough, this.answers)];
  }

  /** The edge of largest g(a) + logit(a) + sigma(completed q(a)) of those considered that `isCandidate`, or -1. @param drawn g(a) + logit(a). */
  private bestEdge(isCandidate: (edge: number) => boolean, drawn: Float32Array = this.drawn): number {
    const { graph } = this;
    const { root } = graph;
    const factor = sigmaFactor(graph, root, this.parameters);
    const unvisited = mixedValue(graph, root);
    const sign = signFor(graph.toPlay[root] as Color);
    let best = -1;
    let bestScore = -Infinity;
    const end = graph.firstEdge[root] + graph.edges[root];
    for (let edge = graph.firstEdge[root]; edge < end; edge++) {
      const move = graph.edgeMove[edge];
      if (this.considered[move] === 0 || !isCandidate(edge)) continue;
      const score = drawn[move] + factor * toQ(completedUtility(graph, edge, sign, unvisited));
      if (best < 0 || score > bestScore) {
        bestScore = score;
        best = edge;
      }
    }
    return best;
  }

  /** Leaves the best `width` of the moves considered. */
  private leaveBest(width: number): void {
    this.width = width;
    const { graph, considered } = this;
    const kept = new Uint8Array(considered.length);
    for (let i = 0; i < width; i++) {
      const edge = this.bestEdge((other) => kept[graph.edgeMove[other]] === 0);
      kept[graph.edgeMove[edge]] = 1;
    }
    considered.set(kept);
  }

  /** Visits of an edge, those under way included. */
  private visitsOf(edge: number): number {
    const { edgeVisits, edgeChild, pendingVisits } = this.graph;
    const child = edgeChild[edge];
    return edgeVisits[edge] + (child === NO_NODE ? 0 : pendingVisits[child]);
  }
}
