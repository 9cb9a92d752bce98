/** Games on disk: kept, held by one server at a time, and every failure told apart. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredGame } from '#server/game/stored-game.ts';
import { openSqliteStore, sqliteStore } from '#server/store/sqlite-store.ts';
import { DamagedGameError, StorageError } from '#server/store/game-store.ts';
import type { GameStore } from '#server/store/game-store.ts';

const GAME: StoredGame = {
  id: 'game-number-1',
  secret: 'a-secret-of-enough-length',
  width: 9,
  height: 9,
  rules: 'japanese',
  komi: 6.5,
  handicap: 0,
  setup: { black: [], white: [] },
  toPlay: 1,
  humanColor: 2,
  level: 'net',
  moves: [{ color: 1, move: 40 }],
  recordInfo: { PB: ['Lee \\] Sedol'] },
  phase: 'playing',
  dead: [],
  deadProposed: false,
  result: null,
  winrates: [0.5, null],
  accepted: [{ ply: 0, nonce: 'x' }],
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tengen-store-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(): GameStore {
  const opened = openSqliteStore(folder);
  if (!opened.ok) throw new Error(opened.message);
  return opened.store;
}

describe('the file store', () => {
  it('has the last saved state after reopening', () => {
    const first = open();
    first.save(GAME);
    const moves = [...GAME.moves, { color: 2 as const, move: 81 }];
    first.save({ ...GAME, moves });
    first.close();
    const second = open();
    expect(second.load(GAME.id)).toEqual({ ...GAME, moves });
    expect(second.load('another-game')).toBeNull();
    second.close();
  });

  it('is held by one at a time: another, even one that has saved nothing yet, would overwrite its moves', () => {
    const first = open();
    const message = `${folder}: another server is using the games kept there: stop it, or give another folder with --data.`;
    expect(openSqliteStore(folder)).toEqual({ ok: false, message });
    first.save(GAME);
    first.close();
    const second = open();
    expect(second.load(GAME.id)).toEqual(GAME);
    second.close();
  });

  it.each([
    ['no JSON', '{"id":'],
    ['not a game', '{"id":"game-number-1"}'],
    ['of no board there is', JSON.stringify({ ...GAME, width: 99 })],
    ['with a dead stone off the board', JSON.stringify({ ...GAME, dead: [81] })],
  ])('says that a game is damaged whose row is %s', (_, text) => {
    open().close();
    const database = new DatabaseSync(join(folder, 'games.sqlite'));
    database.prepare("INSERT INTO games VALUES (?, ?, '')").run(GAME.id, text);
    const store = sqliteStore(database);
    expect(() => store.load(GAME.id)).toThrow(DamagedGameError);
    store.save(GAME);
    expect(store.load(GAME.id)).toEqual(GAME);
    store.close();
  });

  it.each([
    ['the disk is full', 'PRAGMA max_page_count = 1'],
    ['the database can only be read, not written', 'PRAGMA query_only = TRUE'],
    ['the database answers "no such table: games"', 'DROP TABLE games'],
  ])('says that a game cannot be kept because %s', (reason, breakage) => {
    open().close();
    const database = new DatabaseSync(join(folder, 'games.sqlite'));
    const store = sqliteStore(database);
    database.exec(breakage);
    const large = { ...GAME, recordInfo: { GC: ['long '.repeat(2000)] } };
    expect(() => store.save(large)).toThrow(new StorageError(reason));
    store.close();
  });

  it('says that a game can be neither kept nor read while another program has locked the database', () => {
    open().close();
    const path = join(folder, 'games.sqlite');
    const other = new DatabaseSync(path);
    other.exec('PRAGMA journal_mode = DELETE');
    const store = sqliteStore(new DatabaseSync(path));
    other.exec('BEGIN EXCLUSIVE');
    const locked = new StorageError('another program has locked the database');
    expect(() => store.save(GAME)).toThrow(locked);
    expect(() => store.load(GAME.id)).toThrow(locked);
    other.close();
    store.save(GAME);
    expect(store.load(GAME.id)).toEqual(GAME);
    store.close();
  });

  it('says in one sentence why a folder cannot be used', () => {
    const path = join(folder, 'file');
    writeFileSync(path, '');
    expect(openSqliteStore(path)).toMatchObject({
      ok: false,
      message: expect.stringMatching(/give another folder with --data\.$/),
    });
  });
});
