/** A search that follows one game: it keeps its graph from move to move and answers what it thinks of the position. */
import { BLACK, signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { PositionCursor } from '#engine/go/cursor.ts';
import type { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import type { Rng } from '#engine/go/random.ts';
import { SYMMETRY_COUNT } from '#engine/go/symmetry.ts';
import type { Move, PositionView } from '#engine/go/view.ts';
import { bestMove, chooseEnd, drawMove } from './choose.ts';
import { expectedScore } from './end-score.ts';
import type { Evaluation, Evaluator } from './evaluator.ts';
import { forcedEdge } from './forced-playouts.ts';
import { EXPANDED, NO_NODE, PENDING, SearchGraph } from './graph.ts';
import { GumbelRoot } from './gumbel-root.ts';
import { simulateAll } from './pipeline.ts';
import type { SearchBudget } from './pipeline.ts';
import { legalPolicy } from './legal-policy.ts';
import { revalue } from './node-value.ts';
import type { SearchParameters } from './parameters.ts';
import { selectEdge } from './puct.ts';
import { isAllowed, restricts } from './restrictions.ts';
import type { SearchOptions } from './restrictions.ts';
import { readPolicy, readResult } from './result.ts';
import type { SearchResult } from './result.ts';
import { deadAtRoot } from './root-dead.ts';
import { fillingMoves } from './filling-moves.ts';
import { drawSymmetries, evaluateRoot } from './root-evaluation.ts';
import { recountEnds } from './recount-ends.ts';
import { findPosition, prepareRoot } from './root.ts';
import { scoreCentre } from './score-utility.ts';
import { addLegalEdges, endGame, expand } from './expand.ts';
import { Transpositions } from './transpositions.ts';
import { treeOwnershipBlack } from './tree-ownership.ts';
import { selectWide } from './wide-root.ts';

/** Sets the choice by temperature apart from what else is drawn from a seed, so that reports change nothing. */
const CHOICE_SEED = 0x5bd1e995;

/** One call of `search`. */
type Run = {
  readonly cursor: PositionCursor;
  readonly budget: SearchBudget;
  readonly seed: number;
  readonly gumbel: GumbelRoot | null;
};

export class Search {
  private readonly evaluator: Evaluator;
  /** Of the searches to come: noise may change from move to move, what nodes are worth may not. */
  parameters: SearchParameters;
  private graph = new SearchGraph();
  /** The position of the graph's root; null where no search may go on from the graph. */
  private position: Position | null = null;
  private rng: Rng = makeRng(0);
  /** The root's own evaluation; null where the game is over, or it is not evaluated again. */
  private rootEvaluation: Evaluation | null = null;
  /** float32 [A]: the priors of the root's legal moves before noise and pruning, whatever the options allow. */
  private rootPolicy: Float32Array = new Float32Array(0);
  /** uint8 [area]: the colour of each stone that is dead as the root sees it, 0 elsewhere. */
  private dead: Uint8Array = new Uint8Array(0);
  /** The side to move at the root. */
  private cautious: Color = BLACK;
  private options: SearchOptions = {};

  constructor(evaluator: Evaluator, parameters: SearchParameters) {
    this.evaluator = evaluator;
    this.parameters = parameters;
  }

  /** Memory of the graph that is kept, see `SearchGraph.bytes`. */
  get bytes(): number {
    return this.graph.bytes;
  }

  /**
   * Searches `position` until the budget is used. Where it goes on from the position searched last, that graph is kept.
   * Same seed, calls and evaluations: same graph, bit for bit. Even a search stopped at once evaluates the root.
   * Rejects with what the evaluator threw; what was counted before is then still valid.
   * @param seed of noise, symmetries and choice by temperature.
   * @param options what restricts the moves; a graph under restrictions follows no other and is followed by none.
   */
  async search(
    position: Position,
    budget: SearchBudget,
    seed: number,
    options: SearchOptions = {},
  ): Promise<SearchResult> {
    this.rng = makeRng(seed);
    const cursor = new PositionCursor(position);
    const centreBlack = await this.enter(position, cursor, options);
    const { graph, parameters } = this;
    const gumbel =
      parameters.algorithm === 'gumbel' && graph.state[graph.root] === EXPANDED
        ? new GumbelRoot(graph, budget.visits, cursor.board.area + 1, parameters, this.rng)
        : null;
    // Below a Gumbel root too: with few visits PUCT won more games than the paper's rule there (docs/search.md).
    const select = (node: number): number => {
      if (node === graph.root) {
        if (gumbel !== null) return gumbel.select();
        const forced = parameters.forcedPlayouts > 0 ? forcedEdge(graph, parameters) : -1;
        if (forced >= 0) return forced;
        if (parameters.wideRootNoise > 0) return selectWide(graph, parameters, this.rng);
      }
      return selectEdge(graph, node, parameters);
    };
    const transpositions = parameters.graphSearch ? new Transpositions(graph, cursor) : null;
    const { endScore } = this;
    const setting = { graph, parameters, options, transpositions, endScore, centreBlack, select };
    const run: Run = { cursor, budget, seed, gumbel };
    const symmetry = (): number => (parameters.randomSymmetry ? this.rng.nextInt(SYMMETRY_COUNT) : 0);
    await simulateAll(this.evaluator, setting, cursor, budget, symmetry, this.reporter(run));
    return this.result(run);
  }

  private reporter(run: Run): () => void {
    const { now, onReport, reportEveryMs = Infinity } = run.budget;
    if (now === undefined || onReport === undefined) return () => undefined;
    let reported = now();
    return () => {
      if (now() - reported < reportEveryMs) return;
      reported = now();
      onReport(this.result(run));
    };
  }

  private readonly endScore = (position: PositionView): number =>
    expectedScore(position, this.dead, this.cautious);

  /**
   * Makes `position` the root, evaluated and pruned, on the old graph where it lies in it.
   * @returns what scores are compared with, for Black.
   */
  private async enter(position: Position, cursor: PositionCursor, options: SearchOptions): Promise<number> {
    const node = this.followed(position, options);
    const isKnown = node !== NO_NODE && node === this.graph.root;
    const { parameters } = this;
    const { area } = cursor.board;
    // Until the root is complete a failed evaluation must not leave half of it behind.
    this.position = null;
    this.options = options;
    this.cautious = position.toPlay;
    if (cursor.isOver || (node !== NO_NODE && !isKnown && !parameters.freshRoot)) this.rootEvaluation = null;
    else if (!isKnown) {
      const symmetries = drawSymmetries(parameters.rootSymmetries, parameters.randomSymmetry, this.rng);
      this.rootEvaluation = await evaluateRoot(this.evaluator, cursor, symmetries);
    }
    const owners = this.rootOwnershipBlack();
    this.dead = parameters.countDead
      ? await deadAtRoot(this.evaluator, cursor, owners)
      : new Uint8Array(area);
    const asksFilling = parameters.countDead && position.rules.scoring === 'territory' && !isKnown;
    const filling =
      asksFilling && owners !== null ? await fillingMoves(this.evaluator, cursor, owners) : new Set<Move>();
    const kept = node === NO_NODE ? NaN : this.graph.scoreBlack[node];
    const { rootEvaluation } = this;
    const score = rootEvaluation === null ? kept : signFor(position.toPlay) * rootEvaluation.scoreToPlay;
    const centreBlack = scoreCentre(score, area, parameters);
    if (!isKnown) this.makeRoot(node, position, cursor, centreBlack, filling);
    this.position = position;
    return centreBlack;
  }

  /** Makes `node` the root, or a new one where it is none, and gives it the root's evaluation. */
  private makeRoot(
    node: number,
    position: Position,
    cursor: PositionCursor,
    centreBlack: number,
    filling: ReadonlySet<Move>,
  ): void {
    const { parameters, options, rootEvaluation } = this;
    const { area } = cursor.board;
    if (node === NO_NODE) {
      this.graph = new SearchGraph(parameters.treeOwnership ? area : 0);
      node = this.graph.addNode(position.toPlay);
    }
    const { graph } = this;
    graph.root = node;
    this.rootPolicy = new Float32Array(area + 1);
    if (cursor.isOver) {
      endGame(graph, node, this.endScore(cursor), area, { parameters, centreBlack });
      graph.visits[node] = 1;
      return;
    }
    if (graph.state[node] === PENDING) addLegalEdges(graph, node, cursor, options);
    if (rootEvaluation !== null) expand({ graph, parameters, centreBlack }, node, area, rootEvaluation);
    // What restrictions leave out has no edge, but a prior all the same. Such a graph follows no other, so that its root is always evaluated.
    this.rootPolicy =
      restricts(options) && rootEvaluation !== null
        ? legalPolicy(rootEvaluation.policyLogits, cursor)
        : readPolicy(graph, area);
    prepareRoot(graph, position, cursor, parameters, filling, this.rng);
    // With what those moves alone led to, which would be found by its key and still be worth what it was.
    graph.collect(node);
    if (parameters.countDead) recountEnds(graph, cursor, this.endScore);
    revalue(graph, centreBlack, area, parameters);
  }

  /** The node of `position` in the graph, if the game went on from the old root through moves that were searched. */
  private followed(position: Position, options: SearchOptions): number {
    if (this.position === null) return NO_NODE;
    // Ends that were counted before a pass were counted with stones that only seemed dead.
    if (this.parameters.countDead && position.consecutivePasses > 0) return NO_NODE;
    if (restricts(options) || restricts(this.options)) return NO_NODE;
    return findPosition(this.graph, this.position, position);
  }

  private rootOwnershipBlack(): Float32Array | null {
    const sign = signFor(this.cautious);
    return this.rootEvaluation?.ownershipToPlay?.map((owner) => sign * owner) ?? null;
  }

  /** What the search thinks so far; asking changes nothing. */
  private result({ cursor, seed, gumbel }: Run): SearchResult {
    const { graph, parameters, rootPolicy } = this;
    const mayPass = isAllowed(this.options, cursor.board.area, cursor.toPlay, 0);
    const decided = chooseEnd(graph, cursor, parameters, this.endScore, mayPass) ?? gumbel?.best();
    const best = decided ?? bestMove(graph, parameters);
    const isDrawn = decided === undefined && parameters.temperature > 0;
    const move = isDrawn ? drawMove(graph, parameters, makeRng(CHOICE_SEED ^ seed)) : best;
    const owners = this.rootOwnershipBlack();
    const ownershipBlack =
      owners !== null && parameters.treeOwnership ? treeOwnershipBlack(graph, graph.root) : owners;
    return readResult(graph, { move, best }, rootPolicy, parameters, ownershipBlack);
  }
}
