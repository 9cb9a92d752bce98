/** Where games are kept between moves, and the store that keeps them only as long as the process. */
import type { StoredGame } from '../game/stored-game.ts';

export interface GameStore {
  load(id: string): StoredGame | null;
  /** Returns once the game is safe; throws when it could not be kept, and then the old state stands. */
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
