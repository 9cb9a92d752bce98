/** Many searches of one thread that fill batches together: as many positions at once as there are games, without virtual loss. */
import type { PositionView } from '#engine/go/view.ts';
import type { Evaluation, EvaluationBatch, Evaluator } from './evaluator.ts';

/** A batch of the inner evaluator on its way, of boards of one size. */
type Shared = {
  /** Of its size of board. */
  readonly key: number;
  readonly batch: EvaluationBatch;
  readonly evaluations: Promise<Evaluation[]>;
  readonly evaluate: () => void;
};

/** Where the evaluation of a position will be. */
type Place = { readonly shared: Shared; readonly index: number };

/**
 * `inner`, asked by any number of searches: what they add goes into common batches, one for each size of board, which is
 * sent when it is full, or when none is under way and every search that can go on has gone on. So batches are as full as
 * the number of searches allows. Which positions meet in a batch is a function of what is asked in which order, as long
 * as `inner` evaluates one batch after another; boards of one size, so that none costs or changes another.
 * @param inner gives out at least a batch for each size of board and for each `maxBatch` of the searches.
 * @param defer calls back once all that follows from resolved promises has been done: setImmediate.
 */
export function jointEvaluator(inner: Evaluator, defer: (callback: () => void) => void): Evaluator {
  /** By size of board, in the order they were begun. */
  const open = new Map<number, Shared>();
  let underWay = 0;
  let isDeferred = false;
  const sendSoon = (): void => {
    if (isDeferred || underWay > 0 || open.size === 0) return;
    isDeferred = true;
    defer(() => {
      isDeferred = false;
      if (underWay === 0) for (const shared of open.values()) send(shared);
    });
  };
  const send = (shared: Shared): void => {
    open.delete(shared.key);
    underWay++;
    shared.evaluate();
  };
  const ended = (): void => {
    underWay--;
    sendSoon();
  };
  const begin = (key: number): Shared => {
    const batch = inner.newBatch();
    const { promise, resolve } = Promise.withResolvers<Evaluation[]>();
    // Whoever asked hears of a failure.
    promise.then(ended, ended);
    const shared = { key, batch, evaluations: promise, evaluate: () => resolve(batch.evaluate()) };
    open.set(key, shared);
    sendSoon();
    return shared;
  };
  const add = (position: PositionView, symmetry: number): Place => {
    const key = position.board.width * 64 + position.board.height;
    const shared = open.get(key) ?? begin(key);
    shared.batch.add(position, symmetry);
    const index = shared.batch.size - 1;
    if (shared.batch.size === inner.maxBatch) send(shared);
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
