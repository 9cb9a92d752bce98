/** The games in play, told again and again while they go on. */
import type { LiveGame } from './run-files.ts';

/** Between two tellings of what is in play, by threads and in live.json. */
export const LIVE_EVERY_MS = 2000;

export class LiveGames {
  private readonly games = new Map<number, LiveGame>();
  private readonly timer: NodeJS.Timeout;

  /** Close it, or the process stays. */
  constructor(tell: (games: readonly LiveGame[]) => void) {
    this.timer = setInterval(() => tell([...this.games.values()]), LIVE_EVERY_MS);
  }

  /** A game after its latest move. */
  update(game: LiveGame): void {
    this.games.set(game.index, game);
  }

  /** A game that has ended. */
  remove(index: number): void {
    this.games.delete(index);
  }

  close(): void {
    clearInterval(this.timer);
  }
}
