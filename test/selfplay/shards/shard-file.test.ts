/** Shards: named by their content, and of a damaged one everything sound is kept. */
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
