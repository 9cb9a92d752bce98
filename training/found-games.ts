/** The games in files of records: parsed, each once, on its side of the hold-out, and replayed. */
import { parseSgf } from '#engine/record/sgf.ts';
import { gameFromSgf } from '#engine/record/sgf-game.ts';
import type { GameRecord } from '#engine/record/game-record.ts';
import type { GameFile } from './game-files.ts';
import { gameHash } from './holdout.ts';
import type { Side } from './holdout.ts';
import { replayGame } from './replayed-game.ts';
import type { ReplayedGame } from './replayed-game.ts';

export type FoundGame = ReplayedGame & { readonly game: GameRecord; readonly side: Side };

export type FoundGamesOptions = {
  /** Of a game with its hash; null leaves it out before the costly replay. */
  readonly sideOf: (hash: number, game: GameRecord) => Side | null;
  /** Counts what is left out, by reason; games of no side are not. */
  readonly skipped: Map<string, number>;
  /** Called after each record. */
  readonly onProgress?: (done: number, total: number) => void;
};

/** Counts one record more that is left out for this reason. */
export function leaveOut(skipped: Map<string, number>, reason: string): void {
  skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
}

/** In the order of the records. */
export function* foundGames(files: readonly GameFile[], options: FoundGamesOptions): Generator<FoundGame> {
  const { sideOf, skipped, onProgress } = options;
  const seen = new Set<number>();
  const skip = (reason: string): void => leaveOut(skipped, reason);
  const records = files.flatMap((file) => file.records);
  for (const [index, record] of records.entries()) {
    const parsed = parseSgf(record);
    if (!parsed.ok) skip('not valid SGF');
    for (const root of parsed.ok ? parsed.games : []) {
      const read = gameFromSgf(root);
      if (!read.ok) {
        skip('not a game this program reads');
        continue;
      }
      const hash = gameHash(read.value);
      const side = sideOf(hash, read.value);
      if (side === null) continue;
      if (seen.has(hash)) {
        skip('a second copy of a game');
        continue;
      }
      seen.add(hash);
      const replayed = replayGame(read.value);
      if (replayed === null) skip('no moves, an illegal one, or two in a row by one player');
      else yield { ...replayed, game: read.value, side };
    }
    onProgress?.(index + 1, records.length);
  }
}
