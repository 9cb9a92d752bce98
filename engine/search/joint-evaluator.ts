/** Many searches of one thread that fill batches together: as many positions at once as there are games, without virtual loss. */
import type { PositionView } from '#engine/go/view.ts';
import type { Evaluation, EvaluationBatch, Evaluator } from './evaluator.ts';

/** A batch of the inner evaluator on its way, of boards of one size. */
type Shared = { readonly batch: EvaluationBatch; readonly evaluations: Promise<Evaluation[]>; send(): void };

/** Where the evaluation of a position will be. */
type Place = { readonly shared: Shared; readonly index: number };

/**
 * `inner`, asked by any number of searches: what they add goes into common batches, one for each size of board, sent when
 * they are full and at the latest when `defer` calls back. Which positions meet in a batch is a function of what the
 * searches ask and in which order; boards of one size, so that none costs or changes another.
 * @param inner gives out as many batches at once as it is asked for.
 * @param defer calls back once every search that can go on has gone on: setImmediate where evaluations resolve as promises do.
 */
export function jointEvaluator(inner: Evaluator, defer: (callback: () => void) => void): Evaluator {
  /** By size of board, in the order they were begun. */
  const open = new Map<number, Shared>();
  const sendAll = (): void => {
    for (const [key, shared] of open) {
      open.delete(key);
      shared.send();
    }
  };
  const begin = (key: number): Shared => {
    if (open.size === 0) defer(sendAll);
    const batch = inner.newBatch();
    const { promise, resolve } = Promise.withResolvers<Evaluation[]>();
    // Whoever asked hears of a failure, who may be gone.
    promise.catch(() => undefined);
    const shared = { batch, evaluations: promise, send: () => resolve(batch.evaluate()) };
    open.set(key, shared);
    return shared;
  };
  const add = (position: PositionView, symmetry: number): Place => {
    const key = position.board.width * 64 + position.board.height;
    const shared = open.get(key) ?? begin(key);
    shared.batch.add(position, symmetry);
    const index = shared.batch.size - 1;
    if (shared.batch.size === inner.maxBatch) {
      open.delete(key);
      shared.send();
    }
    return { shared, index };
  };
  const newBatch = (): EvaluationBatch => {
    let places: Place[] = [];
    return {
      get size() {
        return places.length;
      },
      add: (position, symmetry) => {
        if (places.length === inner.maxBatch)
          throw new Error(`internal: a batch of more than ${inner.maxBatch}`);
        places.push(add(position, symmetry));
      },
      evaluate: async () => {
        const asked = places;
        places = [];
        const evaluations: Evaluation[] = [];
        for (const { shared, index } of asked) evaluations.push((await shared.evaluations)[index]);
        return evaluations;
      },
    };
  };
  return { maxBatch: inner.maxBatch, lanes: 1, newBatch };
}
