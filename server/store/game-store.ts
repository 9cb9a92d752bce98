/** Where games are kept between moves, how that can fail, and the store that keeps them only as long as the process. */
import type { StoredGame } from '../game/stored-game.ts';

/** Games can be neither kept nor read now; the message says why, as the end of a sentence without its full stop. */
export class StorageError extends Error {}

/** What is stored under an id is not a game; the message is for the log. */
export class DamagedGameError extends Error {}

export interface GameStore {
  /** Null where there is no such game; throws StorageError or DamagedGameError. */
  load(id: string): StoredGame | null;
  /** Returns once the game is safe; throws StorageError when it could not be kept, and then the old state stands. */
  save(game: StoredGame): void;
  close(): void;
}

export function memoryStore(): GameStore {
  const games = new Map<string, StoredGame>();
  return {
    load: (id) => games.get(id) ?? null,
    save: (game) => {
      games.set(game.id, game);
    },
    close: () => games.clear(),
  };
}
