/** Shards: named by their content, and of a damaged one everything sound is kept. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeHeader, makeRecord } from '#selfplay/shards/records.ts';
import { listShards, readShard, writeShard } from '#selfplay/shards/shard-file.ts';
import { someGames } from './arbitrary-game.ts';

const emptyFolder = (): string => mkdtempSync(join(tmpdir(), 'tengen-'));

test('the same games make the same shard, in whatever order they ended', () => {
  const [a, b] = [emptyFolder(), emptyFolder()];
  const games = someGames(6);
  const name = writeShard(a, 12, games);
  expect(writeShard(b, 12, games.toReversed())).toBe(name);
  expect(readFileSync(join(a, name))).toEqual(readFileSync(join(b, name)));
  expect(readShard(join(b, name))).toEqual({ ok: true, games, note: null });
  expect(readdirSync(a)).toEqual([name]);
});

test('a game is not stored twice, nor with those of another generation', () => {
  const games = someGames(2);
  expect(() => writeShard(emptyFolder(), 12, [...games, games[0]])).toThrow(/game 0 .* twice/);
  expect(() => writeShard(emptyFolder(), 13, games)).toThrow(/generation 12 in the shard of 13/);
});

test('a byte changed anywhere costs one game at most, and is told', () => {
  const folder = emptyFolder();
  const games = someGames(3);
  const path = join(folder, writeShard(folder, 12, games));
  const bytes = readFileSync(path);
  for (let at = 16; at < bytes.length; at += 3) {
    const damaged = Buffer.from(bytes);
    damaged[at] ^= 0x40;
    writeFileSync(path, damaged);
    const read = readShard(path);
    if (!read.ok) throw new Error(read.message);
    expect(read.games.length).toBe(2);
    expect(games).toEqual(expect.arrayContaining(read.games));
    expect(read.note).toMatch(/of its 3 games 2 can be read/);
  }
});

test('a shard cut short anywhere keeps the games before, and says so; with none it is refused', () => {
  const folder = emptyFolder();
  const games = someGames(3);
  const path = join(folder, writeShard(folder, 12, games));
  const bytes = readFileSync(path);
  const seen = new Set<number>();
  for (let length = 0; length < bytes.length; length += 5) {
    writeFileSync(path, bytes.subarray(0, length));
    const read = readShard(path);
    if (read.ok) expect(read.games).toEqual(games.slice(0, read.games.length));
    else expect(read.message).toMatch(length < 16 ? 'not a file of self-play games' : 'none of its 3 games');
    if (read.ok) expect(read.note).toMatch(`of its 3 games ${read.games.length} can be read`);
    seen.add(read.ok ? read.games.length : 0);
  }
  expect([...seen]).toEqual([0, 1, 2]);
});

test('a shard under a name that is not its own is read with a note; one made of games of another generation is refused', () => {
  const folder = emptyFolder();
  const games = someGames(2);
  const bytes = readFileSync(join(folder, writeShard(folder, 12, games)));
  const named = (name: string): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const other = named('G000012-0000000000000000.shard');
  const note = `${other}: its content is not the one that its name tells; all its games can be read`;
  expect(readShard(other)).toEqual({ ok: true, games, note });
  expect(readShard(named('G000013-0000000000000000.shard'))).toMatchObject({
    message: expect.stringContaining('games of another generation'),
  });
  expect(readShard(named('G12.shard'))).toMatchObject({
    message: expect.stringContaining('has a name such as'),
  });
  expect(readShard(join(folder, 'G000014-0000000000000000.shard'))).toMatchObject({
    message: expect.stringContaining('cannot be read (ENOENT)'),
  });
});

test('games that are in a shard twice are refused even where its name is right', () => {
  const folder = emptyFolder();
  const [game] = someGames(1);
  const bytes = Buffer.concat([makeHeader(2), makeRecord(game), makeRecord(game)]);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const path = join(folder, `G000012-${hash}.shard`);
  writeFileSync(path, bytes);
  expect(readShard(path)).toMatchObject({
    ok: false,
    message: expect.stringContaining('not in their order'),
  });
});

test('shards are listed by generation, and nothing else in the folder is', () => {
  const folder = emptyFolder();
  const names = [2, 100, 11].map((generation) => writeShard(folder, generation, someGames(1, generation)));
  writeFileSync(join(folder, 'G000101.part'), '');
  writeFileSync(join(folder, `${names[0]}.17.tmp`), '');
  expect(listShards(folder)).toEqual(
    [0, 2, 1].map((i) => ({ generation: [2, 100, 11][i], name: names[i], path: join(folder, names[i]) })),
  );
  expect(listShards(join(folder, 'none'))).toEqual([]);
});
