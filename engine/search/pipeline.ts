/** How a search spends its budget: batches under evaluation, as many at once as the evaluator has lanes. */
import type { PositionCursor } from '#engine/go/cursor.ts';
import type { Evaluator } from './evaluator.ts';
import { Gathering } from './gathering.ts';
import { EXPANDED } from './graph.ts';
import type { SearchResult } from './result.ts';
import type { Setting } from './setting.ts';

/** Root visits for each further leaf of a batch: virtual losses never weigh more than an eighth of the visits. Our choice. */
const VISITS_A_LEAF = 8;

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

/**
 * Simulates from the root, where `cursor` stands, until the budget is used. Where the evaluator fails it rejects, with no
 * simulation left under way.
 * @param symmetry gives the one to evaluate the next leaf under. @param report is called between batches.
 */
export async function simulateAll(
  evaluator: Evaluator,
  setting: Setting,
  cursor: PositionCursor,
  budget: SearchBudget,
  symmetry: () => number,
  report: () => void,
): Promise<void> {
  const idle = Array.from({ length: evaluator.lanes }, () => new Gathering(evaluator));
  // Finished in the order they were sent, so that what is found does not depend on which is evaluated first.
  const underWay: Gathering[] = [];
  try {
    for (;;) {
      for (let gathering = idle.at(-1); gathering !== undefined; gathering = idle.at(-1)) {
        const most = leavesToGather(evaluator, setting, budget);
        if (most <= 0) break;
        const { progress, collided } = gathering.gather(setting, cursor, most, symmetry);
        if (gathering.isUnderWay) underWay.push(...idle.splice(-1));
        if (underWay.length === 0) {
          // Where restrictions leave nothing to simulate.
          if (progress === 0) return;
          report();
        } else if (collided) break;
      }
      if (underWay.length === 0) return;
      await underWay[0].finish(setting, cursor.board.area);
      idle.push(...underWay.splice(0, 1));
      report();
    }
  } finally {
    for (const gathering of underWay) await gathering.abandon(setting);
  }
}

/** How many simulations the next batch may make, few while the tree is young; 0 where the search is to end. */
function leavesToGather(evaluator: Evaluator, { graph, parameters }: Setting, budget: SearchBudget): number {
  const { root } = graph;
  const isDone =
    graph.state[root] !== EXPANDED ||
    graph.isFull(parameters.maxMegabytes) ||
    budget.shouldStop?.() === true ||
    (budget.deadlineMs !== undefined && budget.now !== undefined && budget.now() >= budget.deadlineMs);
  if (isDone) return 0;
  const left = budget.visits - graph.visits[root] - graph.pendingVisits[root];
  const grown = 1 + Math.floor(graph.visits[root] / VISITS_A_LEAF);
  return Math.min(left, grown, parameters.batchSize, evaluator.maxBatch);
}
