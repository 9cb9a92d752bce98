/** Games in one SQLite file, each saved whole at every move, and the file held by one server at a time. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeFolder } from '#nets/make-folder.ts';
import { storedGame } from '../game/stored-game.ts';
import { DamagedGameError, StorageError } from './game-store.ts';
import type { GameStore } from './game-store.ts';

export type OpenedStore =
  { readonly ok: true; readonly store: GameStore } | { readonly ok: false; message: string };

/** Primary result codes of SQLite (https://sqlite.org/rescode.html) that a person can do something about. */
const SQLITE_BUSY = 5;
const REASONS: Readonly<Record<number, string>> = {
  [SQLITE_BUSY]: 'another program has locked the database',
  8: 'the database can only be read, not written',
  10: 'reading or writing the disk failed',
  11: 'the database file is damaged',
  13: 'the disk is full',
};

/** The primary result code, or 0 where the error is none of SQLite's. */
function sqliteCode(error: unknown): number {
  const isSqlite = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
  // Extended codes carry the primary one in the low byte.
  return isSqlite ? (error.errcode as number) & 0xff : 0;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Opens, or makes, `games.sqlite` in `folder`, and keeps other servers from it until it is closed or the process ends,
 * however it ends: two of them would overwrite each other's moves.
 */
export function openSqliteStore(folder: string): OpenedStore {
  const path = join(folder, 'games.sqlite');
  let database: DatabaseSync | undefined;
  try {
    makeFolder(folder);
    database = new DatabaseSync(path);
    // locking_mode=EXCLUSIVE: the lock of the first transaction is held for life, by the system, which frees it for the dead.
    // synchronous=FULL: an acknowledged move survives a power cut too, at one fsync a move.
    database.exec(`
      PRAGMA busy_timeout = 2000;
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      BEGIN EXCLUSIVE;
      CREATE TABLE IF NOT EXISTS games (id TEXT PRIMARY KEY, game TEXT NOT NULL, saved_at TEXT NOT NULL) STRICT;
      COMMIT;
    `);
    return { ok: true, store: sqliteStore(database) };
  } catch (error) {
    database?.close();
    const message =
      sqliteCode(error) === SQLITE_BUSY
        ? `${folder}: another server is using the games kept there: stop it, or give another folder with --data.`
        : `${path}: the games cannot be kept there (${messageOf(error)}); give another folder with --data.`;
    return { ok: false, message };
  }
}

/** @param database with a table `games`; the store closes it. */
export function sqliteStore(database: DatabaseSync): GameStore {
  const select = database.prepare('SELECT game FROM games WHERE id = ?');
  const upsert = database.prepare(
    `INSERT INTO games (id, game, saved_at) VALUES (?, ?, datetime('now'))
     ON CONFLICT (id) DO UPDATE SET game = excluded.game, saved_at = excluded.saved_at`,
  );
  return {
    load: (id) => {
      const row = orStorageError(() => select.get(id));
      return row === undefined ? null : parseRow(id, String(row.game));
    },
    save: (game) => {
      orStorageError(() => upsert.run(game.id, JSON.stringify(game)));
    },
    close: () => database.close(),
  };
}

function orStorageError<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    const reason = REASONS[sqliteCode(error)] ?? `the database answers "${messageOf(error)}"`;
    throw new StorageError(reason, { cause: error });
  }
}

function parseRow(id: string, text: string): ReturnType<GameStore['load']> {
  try {
    return storedGame.parse(JSON.parse(text));
  } catch (cause) {
    throw new DamagedGameError(`stored game ${id} is not a game: ${messageOf(cause)}`, { cause });
  }
}
