/** What a person reads when a search did not end well. */
import { SearchBusyError } from './queue.ts';

export type SearchRefusal = {
  readonly ok: false;
  readonly code: 'busy' | 'search-failed';
  readonly message: string;
};

export function searchRefusal(
  error: unknown,
  logError: (error: unknown, what: string) => void,
): SearchRefusal {
  if (error instanceof SearchBusyError)
    return {
      ok: false,
      code: 'busy',
      message: 'The engine is busy with other games: ask again in a moment.',
    };
  logError(error, 'searching');
  return {
    ok: false,
    code: 'search-failed',
    message: 'The engine could not finish its search: take your move back, or ask again.',
  };
}
