/** Bounds the searches of a server: at most so many unfinished, none longer than its deadline. */
import type { GameSearch, SearchRequest, SearchResult } from './game-search.ts';

export class SearchBusyError extends Error {}

export type QueueLimits = { readonly maxPending: number; readonly deadlineMs: number };

export function boundedSearch(inner: GameSearch, limits: QueueLimits): GameSearch {
  let pending = 0;
  /** Settles by the deadline even if the search underneath does not heed its signal. */
  async function bounded<T>(signal: AbortSignal, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (pending >= limits.maxPending) throw new SearchBusyError('The engine is busy with other games.');
    pending++;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(limits.deadlineMs)]);
    try {
      limit.throwIfAborted();
      const aborted = new Promise<never>((_, reject) => {
        limit.addEventListener('abort', () => reject(limit.reason as Error), { once: true });
      });
      return await Promise.race([run(limit), aborted]);
    } finally {
      pending--;
    }
  }
  return {
    hasNet: inner.hasNet,
    search: (request: SearchRequest): Promise<SearchResult> =>
      bounded(request.signal, (signal) => inner.search({ ...request, signal })),
    ownershipBlack: (request) =>
      bounded(request.signal, (signal) => inner.ownershipBlack({ ...request, signal })),
    close: () => inner.close(),
  };
}
