import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredGame } from '#server/game/stored-game.ts';
import { openSqliteStore } from '#server/store/sqlite-store.ts';
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
  it('has the last saved state after reopening, even where it was never closed', () => {
    const first = open();
    first.save(GAME);
    const moves = [...GAME.moves, { color: 2 as const, move: 81 }];
    first.save({ ...GAME, moves });
    const second = open();
    expect(second.load(GAME.id)).toEqual({ ...GAME, moves });
    expect(second.load('another-game')).toBeNull();
    first.close();
    second.close();
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
