/** A search that follows one game: it keeps its tree from move to move and answers what it thinks of the position. */
import { BLACK, EMPTY, signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { PositionCursor } from '#engine/go/cursor.ts';
import type { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import type { Rng } from '#engine/go/random.ts';
import { SYMMETRY_COUNT } from '#engine/go/symmetry.ts';
import type { PositionView } from '#engine/go/view.ts';
import { chooseMove } from './choose.ts';
import { deadStones } from './dead-stones.ts';
import { meanOwnershipBlack } from './mean-ownership.ts';
import { evaluateAll } from './evaluator.ts';
import type { Evaluation, Evaluator } from './evaluator.ts';
import { growingBatch } from './parameters.ts';
import type { SearchParameters } from './parameters.ts';
import { restricts } from './restrictions.ts';
import type { SearchOptions } from './restrictions.ts';
import { readPolicy, readResult } from './result.ts';
import type { SearchResult } from './result.ts';
import { findPosition, prepareRoot } from './root.ts';
import { abandon, addLegalEdges, backup, endGame, expand, simulate } from './simulate.ts';
import { EXPANDED, NO_NODE, PENDING, ROOT, SearchTree } from './tree.ts';
import { expectedScore } from './utility.ts';

export type SearchBudget = {
  /** Root visits to reach, those kept from earlier moves included; 1 evaluates the position and no more. */
  readonly visits: number;
  /** Time on the clock of `now`, in milliseconds both, after which no further batch starts. */
  readonly deadlineMs?: number;
  readonly now?: () => number;
  /** Asked before every batch; true ends the search with what it has. */
  readonly shouldStop?: () => boolean;
  /** Told what the search thinks so far, between batches, each time this many milliseconds of `now` have passed. */
  readonly reportEveryMs?: number;
  readonly onReport?: (result: SearchResult) => void;
};

/** Sets the choice by temperature apart from what else is drawn from a seed, so that reports change nothing. */
const CHOICE_SEED = 0x5bd1e995;

/** Under which the end of a game is judged: two turns and two mirror images. */
const END_SYMMETRIES = [0, 3, 5, 6];

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
  private options: SearchOptions = {};

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
   * @param options what restricts the moves; a tree under restrictions follows no other and is followed by none.
   */
  async search(
    position: Position,
    budget: SearchBudget,
    seed: number,
    options: SearchOptions = {},
  ): Promise<SearchResult> {
    this.rng = makeRng(seed);
    if (restricts(options) || restricts(this.options)) this.cursor = null;
    this.options = options;
    const cursor = await this.enter(position);
    const { tree, parameters } = this;
    const isDone = (): boolean =>
      tree.visits[ROOT] >= budget.visits ||
      tree.state[ROOT] !== EXPANDED ||
      tree.edgeCount >= parameters.maxEdges ||
      budget.shouldStop?.() === true ||
      (budget.deadlineMs !== undefined && budget.now !== undefined && budget.now() >= budget.deadlineMs);
    // A failed evaluation leaves pending visits behind: the next search must not build on such a tree.
    this.cursor = null;
    const { now, onReport, reportEveryMs = Infinity } = budget;
    let reported = now?.() ?? 0;
    while (!isDone()) {
      await this.step(cursor, budget.visits - tree.visits[ROOT]);
      const time = now?.() ?? 0;
      if (onReport === undefined || time - reported < reportEveryMs) continue;
      reported = time;
      onReport(this.result(cursor, seed));
    }
    this.cursor = cursor;
    return this.result(cursor, seed);
  }

  /** Gathers and evaluates one batch of at most `most` leaves. */
  private async step(cursor: PositionCursor, most: number): Promise<void> {
    const { tree, parameters } = this;
    const area = cursor.board.area;
    const limit = Math.min(
      most,
      growingBatch(tree.visits[ROOT], Math.min(parameters.batchSize, this.evaluator.maxBatch)),
    );
    const batch = this.evaluator.newBatch();
    const leaves: number[] = [];
    for (let i = 0; i < limit; i++) {
      const { node, collision } = simulate(tree, cursor, parameters, this.endScore, this.options);
      if (collision) abandon(tree, node);
      else if (tree.state[node] === PENDING) {
        leaves.push(node);
        batch.add(cursor, this.symmetry());
      } else backup(tree, node, area, parameters.scoreWeight);
      while (cursor.depth > 0) cursor.undo();
      if (collision) break;
    }
    if (leaves.length === 0) return;
    const evaluations = await batch.evaluate();
    if (evaluations.length !== leaves.length)
      throw new Error(`internal: ${evaluations.length} evaluations of ${leaves.length} positions`);
    for (const [i, node] of leaves.entries()) {
      expand(tree, node, area, evaluations[i]);
      backup(tree, node, area, parameters.scoreWeight);
    }
  }

  /** The one to evaluate the next position under. */
  private symmetry(): number {
    return this.parameters.randomSymmetry ? this.rng.nextInt(SYMMETRY_COUNT) : 0;
  }

  private async evaluateOne(position: PositionView): Promise<Evaluation> {
    const [evaluation] = await evaluateAll(this.evaluator, [{ position, symmetry: this.symmetry() }]);
    return evaluation;
  }

  private readonly endScore = (position: PositionView): number =>
    expectedScore(position, this.dead, this.cautious);

  /**
   * What is dead as the root sees it. With one pass played the next one ends the game, and stones that still have to be
   * killed are then alive: the view after it is asked for too, and an opponent's stone is dead only if both views agree,
   * an own one if either says so.
   */
  private async deadAtRoot(cursor: PositionCursor): Promise<Uint8Array> {
    const judge = (position: PositionView): Promise<Float32Array | null> =>
      meanOwnershipBlack(this.evaluator, position, END_SYMMETRIES);
    const seen = this.ownershipBlack(cursor);
    const views: Set<number>[] = [];
    if (cursor.consecutivePasses === 1 && seen !== null) {
      views.push(new Set(deadStones(cursor, await judge(cursor))));
      cursor.play(cursor.board.area);
      const ownershipBlack = await judge(cursor);
      cursor.undo();
      views.push(new Set(deadStones(cursor, ownershipBlack)));
    } else views.push(new Set(deadStones(cursor, seen)));
    const dead = new Uint8Array(cursor.board.area);
    for (const [p, color] of cursor.board.stones.entries()) {
      const says = (view: Set<number>): boolean => view.has(p);
      if (color !== EMPTY && (color === cursor.toPlay ? views.some(says) : views.every(says)))
        dead[p] = color;
    }
    return dead;
  }

  private ownershipBlack(cursor: PositionCursor): Float32Array | null {
    const sign = signFor(cursor.toPlay);
    return this.rootEvaluation?.ownershipToPlay?.map((owner) => sign * owner) ?? null;
  }

  /** Makes `position` the root, evaluated and pruned, on the old tree where it lies in it. */
  private async enter(position: Position): Promise<PositionCursor> {
    const cursor = new PositionCursor(position);
    // Ends that were counted before the pass were counted with stones that only seemed dead.
    if (this.cursor === null || position.consecutivePasses > 0 || !this.descend(position)) {
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
        this.rootEvaluation = await this.evaluateOne(cursor);
        addLegalEdges(tree, ROOT, cursor, this.options);
        expand(tree, ROOT, cursor.board.area, this.rootEvaluation);
      }
      backup(tree, ROOT, cursor.board.area, parameters.scoreWeight);
    }
    if (this.rootEvaluation === null && !cursor.isOver) this.rootEvaluation = await this.evaluateOne(cursor);
    this.dead = await this.deadAtRoot(cursor);
    if (this.rootPolicy === null) {
      this.rootPolicy = readPolicy(tree, cursor.board.area);
      if (tree.state[ROOT] === EXPANDED) prepareRoot(tree, cursor, parameters, this.rng);
    }
    this.cursor = cursor;
    this.position = position;
    return cursor;
  }

  /** Moves the root to `position` if the game went on from the old root through moves that were searched. */
  private descend(position: Position): boolean {
    const node = this.position === null ? NO_NODE : findPosition(this.tree, this.position, position);
    if (node === NO_NODE) return false;
    if (node === ROOT) return true;
    this.tree = this.tree.subtree(node);
    this.rootEvaluation = null;
    this.rootPolicy = null;
    return true;
  }

  /** What the search thinks so far; asking changes nothing. */
  private result(cursor: PositionCursor, seed: number): SearchResult {
    const { tree, parameters } = this;
    const move = chooseMove(tree, cursor, parameters, this.endScore, makeRng(CHOICE_SEED ^ seed));
    const policy = this.rootPolicy ?? new Float32Array(cursor.board.area + 1);
    return readResult(tree, move, policy, parameters, {
      scoreStdev: this.rootEvaluation?.scoreStdev ?? NaN,
      ownershipBlack: this.ownershipBlack(cursor),
    });
  }
}
