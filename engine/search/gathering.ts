/** One batch of a search on its way: the leaves gathered for it, and the paths to them. */
import type { PositionCursor } from '#engine/go/cursor.ts';
import type { Evaluation, EvaluationBatch, Evaluator } from './evaluator.ts';
import { expand } from './expand.ts';
import { COLLISION, KNOWN, LEAF, Path, abandon, backup, simulate } from './simulate.ts';
import type { Setting } from './setting.ts';

export class Gathering {
  private readonly batch: EvaluationBatch;
  /** The first `leaves` of them lead to the leaves; more are kept to be used again. */
  private readonly paths: Path[] = [];
  private leaves = 0;
  /** How many of these were counted or given up. */
  private counted = 0;
  private evaluated: Promise<Evaluation[]> | null = null;

  constructor(evaluator: Evaluator) {
    this.batch = evaluator.newBatch();
  }

  /**
   * Simulates until `most` simulations are done or one meets a leaf under evaluation, counts those whose end is known,
   * and sends the leaves of the others to be evaluated.
   * @param symmetry gives the one to evaluate the next leaf under.
   * @returns how many simulations were counted or are under way, and whether one collided.
   */
  gather(
    setting: Setting,
    cursor: PositionCursor,
    most: number,
    symmetry: () => number,
  ): { progress: number; collided: boolean } {
    let progress = 0;
    let collided = false;
    while (progress < most && !collided) {
      const path = (this.paths[this.leaves] ??= new Path());
      const outcome = simulate(setting, cursor, path);
      collided = outcome === COLLISION;
      if (collided) abandon(setting.graph, path);
      else progress++;
      if (outcome === KNOWN) backup(setting.graph, path);
      else if (outcome === LEAF) {
        this.batch.add(cursor, symmetry());
        this.leaves++;
      }
      while (cursor.depth > 0) cursor.undo();
    }
    if (this.leaves > 0) {
      this.evaluated = this.batch.evaluate();
      // Whoever waits for an earlier batch hears of a failure later.
      this.evaluated.catch(() => undefined);
    }
    return { progress, collided };
  }

  /** Whether leaves are under evaluation. */
  get isUnderWay(): boolean {
    return this.leaves > 0;
  }

  /** Waits for the evaluations and counts their simulations. Where it throws, `abandon` the others. */
  async finish(setting: Setting, area: number): Promise<void> {
    const evaluations = (await this.evaluated) ?? [];
    if (evaluations.length !== this.leaves)
      throw new Error(`internal: ${evaluations.length} evaluations of ${this.leaves} positions`);
    for (const evaluation of evaluations) {
      const path = this.paths[this.counted];
      expand(setting, path.leaf(setting.graph), area, evaluation);
      backup(setting.graph, path);
      this.counted++;
    }
    this.clear();
  }

  /** Gives up the simulations under way once their evaluation has ended, whichever way. */
  async abandon(setting: Setting): Promise<void> {
    await this.evaluated?.catch(() => undefined);
    while (this.counted < this.leaves) abandon(setting.graph, this.paths[this.counted++]);
    this.clear();
  }

  private clear(): void {
    this.leaves = 0;
    this.counted = 0;
    this.evaluated = null;
  }
}
