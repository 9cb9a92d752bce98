/** Games in one SQLite file, each saved whole at every move. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { storedGame } from '../game/stored-game.ts';
import type { GameStore } from './game-store.ts';

export type OpenedStore =
  { readonly ok: true; readonly store: GameStore } | { readonly ok: false; message: string };

/** Opens, or makes, `games.sqlite` in `folder`. */
export function openSqliteStore(folder: string): OpenedStore {
  const path = join(folder, 'games.sqlite');
  try {
    mkdirSync(folder, { recursive: true });
    const database = new DatabaseSync(path);
    // synchronous=FULL: an acknowledged move survives a power cut too, at one fsync a move.
    database.exec(`
      PRAGMA busy_timeout = 2000;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS games (id TEXT PRIMARY KEY, game TEXT NOT NULL, saved_at TEXT NOT NULL) STRICT;
    `);
    return { ok: true, store: sqliteStore(database, path) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      message: `${path}: the games cannot be kept there (${why}); give another folder with --data.`,
    };
  }
}

function sqliteStore(database: DatabaseSync, path: string): GameStore {
  const select = database.prepare('SELECT game FROM games WHERE id = ?');
  const upsert = database.prepare(
    `INSERT INTO games (id, game, saved_at) VALUES (?, ?, datetime('now'))
     ON CONFLICT (id) DO UPDATE SET game = excluded.game, saved_at = excluded.saved_at`,
  );
  return {
    load: (id) => {
      const row = select.get(id);
      if (row === undefined) return null;
      const parsed = storedGame.safeParse(JSON.parse(String(row.game)));
      if (parsed.success) return parsed.data;
      throw new Error(`${path}: game ${id} is damaged (${parsed.error.issues[0].message}).`);
    },
    save: (game) => {
      upsert.run(game.id, JSON.stringify(game));
    },
    close: () => database.close(),
  };
}
