/** A search that follows one game: it keeps its tree from move to move and answers what it thinks of the position. */
import { BLACK, opponent } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { PositionCursor } from '#engine/go/cursor.ts';
import type { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import type { Rng } from '#engine/go/random.ts';
import { SYMMETRY_COUNT } from '#engine/go/symmetry.ts';
import type { Move, PositionView } from '#engine/go/view.ts';
import { chooseMove, principalVariation } from './choose.ts';
import type { Evaluation, Evaluator } from './evaluator.ts';
import { addRootNoise } from './noise.ts';
import { growingBatch } from './parameters.ts';
import type { SearchParameters } from './parameters.ts';
import { deadStones } from './dead-stones.ts';
import { abandon, backup, endGame, expand, simulate } from './simulate.ts';
import { EXPANDED, NO_NODE, PENDING, ROOT, SearchTree } from './tree.ts';
import { usefulMoves } from './useful.ts';
import { expectedScore } from './utility.ts';

export type SearchBudget = {
  /** Root visits to reach, those kept from earlier moves included; 1 evaluates the position and no more. */
  readonly visits: number;
  /** Time on `now`'s clock, in ms, after which no further batch starts. */
  readonly deadline?: number;
  readonly now?: () => number;
  /** Asked before every batch; true ends the search with what it has. */
  readonly shouldStop?: () => boolean;
};

export type SearchResult = {
  readonly move: Move | 'resign';
  /** Visits of the root. */
  readonly rootVisits: number;
  /** In [0, 1]. */
  readonly winrateBlack: number;
  /** Expected points with komi; NaN where the evaluator has none. */
  readonly scoreBlack: number;
  /** float32 [A]: priors before noise and root pruning, 0 for illegal moves. */
  readonly policy: Float32Array;
  /** int32 [A]: visits of each root move. */
  readonly visits: Int32Array;
  /** float32 [A]: mean win rate of each visited root move for the side to move, NaN elsewhere. */
  readonly winrateToPlay: Float32Array;
  readonly pv: Move[];
  /** float32 [width * height] in [-1, 1] from the evaluation of the root; null where the evaluator has none. */
  readonly ownershipBlack: Float32Array | null;
};

/** Longest line that `SearchResult.pv` gives, in moves. */
const PV_LENGTH = 12;

/** The positions of a game from its start to `position`. */
function historyOf(position: Position): Position[] {
  const history: Position[] = [];
  for (let p: Position | null = position; p !== null; p = p.previous) history.push(p);
  return history.reverse();
}

function isSameMoment(a: Position, b: Position): boolean {
  return (
    a.lastMove === b.lastMove &&
    a.toPlay === b.toPlay &&
    a.board.hashLo === b.board.hashLo &&
    a.board.hashHi === b.board.hashHi
  );
}

export class Search {
  private readonly evaluator: Evaluator;
  private readonly parameters: SearchParameters;
  private tree = new SearchTree();
  private cursor: PositionCursor | null = null;
  private position: Position | null = null;
  private rng: Rng = makeRng(0);
  /** The root's own evaluation; null after a move, until it is needed. */
  private rootEvaluation: Evaluation | null = null;
  private rootPolicy: Float32Array | null = null;
  /** uint8 [area]: the colour of each stone that is dead as the root sees it, 0 elsewhere. */
  private dead: Uint8Array = new Uint8Array(0);
  /** The side to move at the root. */
  private cautious: Color = BLACK;

  constructor(evaluator: Evaluator, parameters: SearchParameters) {
    this.evaluator = evaluator;
    this.parameters = parameters;
  }

  /** Size of the tree, of which each edge takes 10 bytes and each visit some 80. */
  get edgeCount(): number {
    return this.tree.edgeCount;
  }

  /**
   * Searches `position` until the budget is used. Where it goes on from the position searched last, that tree is kept.
   * Same seed, calls and evaluations: same tree, bit for bit. Even a search stopped at once evaluates the root.
   * @param seed of noise, symmetries and choice by temperature.
   */
  async search(position: Position, budget: SearchBudget, seed: number): Promise<SearchResult> {
    this.rng = makeRng(seed);
    const cursor = await this.enter(position);
    const { tree, parameters } = this;
    const isDone = (): boolean =>
      tree.visits[ROOT] >= budget.visits ||
      tree.state[ROOT] !== EXPANDED ||
      tree.edgeCount >= parameters.maxEdges ||
      budget.shouldStop?.() === true ||
      (budget.deadline !== undefined && budget.now !== undefined && budget.now() >= budget.deadline);
    // A failed evaluation leaves pending visits behind: the next search must not build on such a tree.
    this.cursor = null;
    while (!isDone()) await this.step(cursor, budget.visits - tree.visits[ROOT]);
    this.cursor = cursor;
    return this.result(cursor);
  }

  /** Gathers and evaluates one batch of at most `most` leaves. */
  private async step(cursor: PositionCursor, most: number): Promise<void> {
    const { tree, parameters } = this;
    const area = cursor.board.area;
    const limit = Math.min(
      most,
      growingBatch(tree.visits[ROOT], Math.min(parameters.batchSize, this.evaluator.maxBatch)),
    );
    const leaves: { node: number; position: PositionCursor }[] = [];
    for (let i = 0; i < limit; i++) {
      const { node, collision } = simulate(tree, cursor, parameters, this.endScore);
      if (collision) abandon(tree, node);
      else if (tree.state[node] === PENDING) leaves.push({ node, position: cursor.snapshot() });
      else backup(tree, node, area, parameters.scoreWeight);
      while (cursor.depth > 0) cursor.undo();
      if (collision) break;
    }
    if (leaves.length === 0) return;
    const evaluations = await this.evaluate(leaves.map((leaf) => leaf.position));
    for (const [i, leaf] of leaves.entries()) {
      expand(tree, leaf.node, leaf.position, evaluations[i]);
      backup(tree, leaf.node, area, parameters.scoreWeight);
    }
  }

  private async evaluate(positions: readonly PositionCursor[]): Promise<Evaluation[]> {
    const { randomSymmetry } = this.parameters;
    const batch = positions.map((position) => ({
      position,
      symmetry: randomSymmetry ? this.rng.nextInt(SYMMETRY_COUNT) : 0,
    }));
    const evaluations = await this.evaluator.evaluate(batch);
    if (evaluations.length !== batch.length)
      throw new Error(`internal: ${evaluations.length} evaluations of ${batch.length} positions`);
    return evaluations;
  }

  private readonly endScore = (position: PositionView): number =>
    expectedScore(position, this.dead, this.cautious);

  private deadAtRoot(cursor: PositionCursor): Uint8Array {
    const dead = new Uint8Array(cursor.board.area);
    for (const p of deadStones(cursor, this.ownershipBlack(cursor))) dead[p] = cursor.board.stones[p];
    return dead;
  }

  private ownershipBlack(cursor: PositionCursor): Float32Array | null {
    const sign = cursor.toPlay === BLACK ? 1 : -1;
    return this.rootEvaluation?.ownershipToPlay?.map((owner) => sign * owner) ?? null;
  }

  /** Makes `position` the root, evaluated and pruned, on the old tree where it lies in it. */
  private async enter(position: Position): Promise<PositionCursor> {
    const cursor = new PositionCursor(position);
    if (this.cursor === null || !this.descend(position)) {
      this.tree = new SearchTree();
      this.tree.addNode(NO_NODE, position.toPlay);
      this.rootEvaluation = null;
      this.rootPolicy = null;
    }
    this.cautious = position.toPlay;
    const { tree, parameters } = this;
    // Until the root is complete a failed evaluation must not leave half a tree behind.
    this.cursor = null;
    if (tree.state[ROOT] === PENDING) {
      tree.pendingVisits[ROOT]++;
      if (cursor.isOver) endGame(tree, ROOT, this.endScore(cursor));
      else {
        const snapshot = cursor.snapshot();
        [this.rootEvaluation] = await this.evaluate([snapshot]);
        expand(tree, ROOT, snapshot, this.rootEvaluation);
      }
      backup(tree, ROOT, cursor.board.area, parameters.scoreWeight);
    }
    if (this.rootEvaluation === null && !cursor.isOver)
      [this.rootEvaluation] = await this.evaluate([cursor.snapshot()]);
    this.dead = this.deadAtRoot(cursor);
    if (this.rootPolicy === null) {
      this.rootPolicy = this.readPolicy(cursor);
      if (tree.state[ROOT] === EXPANDED) this.prepareRoot(cursor);
    }
    this.cursor = cursor;
    this.position = position;
    return cursor;
  }

  /** Moves the root to `position` if the game went on from the old root through moves that were searched. */
  private descend(position: Position): boolean {
    const old = this.position;
    if (old === null || JSON.stringify(old.rules) !== JSON.stringify(position.rules)) return false;
    if (old.board.width !== position.board.width || old.board.height !== position.board.height) return false;
    if (old.handicap !== position.handicap) return false;
    const [before, now] = [historyOf(old), historyOf(position)];
    if (before.length > now.length || !before.every((past, i) => isSameMoment(past, now[i]))) return false;
    let node = ROOT;
    let toPlay = old.toPlay;
    for (const { lastMove, toPlay: next } of now.slice(before.length)) {
      toPlay = opponent(toPlay);
      // Moves out of turn and resumed games are not in the tree.
      if (lastMove < 0 || next !== toPlay || this.tree.state[node] !== EXPANDED) return false;
      const edge = this.tree.findEdge(node, lastMove);
      if (edge < 0 || this.tree.edgeChild[edge] === NO_NODE) return false;
      node = this.tree.edgeChild[edge];
    }
    if (node === ROOT) return true;
    this.tree = this.tree.subtree(node);
    this.rootEvaluation = null;
    this.rootPolicy = null;
    return true;
  }

  private readPolicy(cursor: PositionCursor): Float32Array {
    const policy = new Float32Array(cursor.board.area + 1);
    const { tree } = this;
    for (let i = 0; i < tree.edges[ROOT]; i++)
      policy[tree.edgeMove[tree.firstEdge[ROOT] + i]] = tree.edgePrior[tree.firstEdge[ROOT] + i];
    return policy;
  }

  /** Takes useless moves off the root and mixes noise into the rest. */
  private prepareRoot(cursor: PositionCursor): void {
    const { tree, parameters } = this;
    const first = tree.firstEdge[ROOT];
    const legal = Array.from(tree.edgeMove.subarray(first, first + tree.edges[ROOT]));
    const useful = new Set(usefulMoves(cursor, legal, parameters));
    for (const move of legal) if (!useful.has(move)) tree.removeEdge(ROOT, tree.findEdge(ROOT, move));
    const priors = tree.edgePrior.subarray(first, first + tree.edges[ROOT]);
    const sum = priors.reduce((a, b) => a + b);
    for (let i = 0; i < priors.length; i++) priors[i] = sum > 0 ? priors[i] / sum : 1 / priors.length;
    if (parameters.noiseWeight > 0)
      addRootNoise(tree, parameters.noiseWeight, parameters.noiseConcentration, this.rng);
  }

  private result(cursor: PositionCursor): SearchResult {
    const { tree } = this;
    const move = chooseMove(tree, cursor, this.parameters, this.endScore, this.rng);
    const sign = cursor.toPlay === BLACK ? 1 : -1;
    const visits = new Int32Array(cursor.board.area + 1);
    const winrateToPlay = new Float32Array(cursor.board.area + 1).fill(NaN);
    const first = tree.firstEdge[ROOT];
    for (let edge = first; edge < first + tree.reached[ROOT]; edge++) {
      const child = tree.edgeChild[edge];
      visits[tree.edgeMove[edge]] = tree.visits[child];
      winrateToPlay[tree.edgeMove[edge]] = (1 + (sign * tree.valueSumBlack[child]) / tree.visits[child]) / 2;
    }
    return {
      move,
      rootVisits: tree.visits[ROOT],
      winrateBlack: (1 + tree.valueSumBlack[ROOT] / tree.visits[ROOT]) / 2,
      scoreBlack: tree.scoreSumBlack[ROOT] / tree.visits[ROOT],
      policy: this.rootPolicy ?? new Float32Array(cursor.board.area + 1),
      visits,
      winrateToPlay,
      pv: move === 'resign' ? [] : principalVariation(tree, move, PV_LENGTH),
      ownershipBlack: this.ownershipBlack(cursor),
    };
  }
}
