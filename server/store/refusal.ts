/** What a person reads when a game could not be saved or read. */
import { DamagedGameError, StorageError } from './game-store.ts';

export type StorageRefusal = {
  readonly ok: false;
  readonly code: 'storage' | 'damaged-game';
  readonly message: string;
};

type LogError = (error: unknown, what: string) => void;

function reasonOf(error: unknown): string {
  return error instanceof StorageError ? error.message : 'something went wrong on the server';
}

/** @param consequence a sentence: what did not happen, because nobody sees a game that is not saved. */
export function saveRefusal(error: unknown, consequence: string, logError: LogError): StorageRefusal {
  logError(error, 'saving a game');
  return {
    ok: false,
    code: 'storage',
    message: `The game could not be saved: ${reasonOf(error)}. ${consequence}`,
  };
}

export function loadRefusal(error: unknown, logError: LogError): StorageRefusal {
  logError(error, 'reading a stored game');
  if (error instanceof DamagedGameError)
    return {
      ok: false,
      code: 'damaged-game',
      message:
        'The stored state of this game is damaged, so it cannot go on: start a new one. A page that still shows its moves can save them as SGF.',
    };
  return {
    ok: false,
    code: 'storage',
    message: `The stored games cannot be read: ${reasonOf(error)}. Try again in a moment.`,
  };
}
