/** The games of a generation in play: what was acknowledged is there, once, whatever happened to the file's end. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PartFile } from '#selfplay/shards/part-file.ts';
import type { SelfPlayGame } from '#selfplay/shards/self-play-game.ts';
import { someGames } from './arbitrary-game.ts';

const emptyPath = (): string => join(mkdtempSync(join(tmpdir(), 'tengen-')), 'G000012.part');

function written(path: string, ...games: readonly SelfPlayGame[]): Buffer {
  const { file } = PartFile.open(path);
  file.append(...games);
  file.close();
  return readFileSync(path);
}

test('appended games are there when the file is opened again, and more can follow', () => {
  const path = emptyPath();
  const [first, second, third] = someGames(3);
  written(path, first, second);
  const again = PartFile.open(path);
  expect(again).toMatchObject({ games: [first, second], note: null });
  again.file.append(third);
  again.file.close();
  expect(PartFile.open(path)).toMatchObject({ games: [first, second, third], note: null });
});

test('wherever the last record was torn, the games before it are kept, the rest goes with a note, and appending goes on', () => {
  const path = emptyPath();
  const [first, second, third] = someGames(3);
  const start = written(path, first).length;
  const bytes = written(path, second);
  for (let length = start; length < bytes.length; length += 7) {
    writeFileSync(path, bytes.subarray(0, length));
    const { file, games, note } = PartFile.open(path);
    expect(games).toEqual([first]);
    if (length === start) expect(note).toBeNull();
    else expect(note).toMatch(`${path}: the last ${length - start} bytes, half written`);
    file.append(third);
    file.close();
    const again = PartFile.open(path);
    again.file.close();
    expect(again).toMatchObject({ games: [first, third], note: null });
  }
});

test('a game that is damaged in the middle is left out and told; it may be appended again', () => {
  const path = emptyPath();
  const [first, second, third] = someGames(3);
  const at = written(path, first).length;
  const bytes = written(path, second, third);
  bytes[at + 20] ^= 1;
  writeFileSync(path, bytes);
  const { file, games, note } = PartFile.open(path);
  expect([games, note]).toEqual([
    [first, third],
    `${path}: it is damaged in one place; games there are left out`,
  ]);
  file.append(second);
  file.close();
  expect(PartFile.open(path).games).toEqual([first, third, second]);
});

test('a game is appended once, and one that is there twice counts once', () => {
  const path = emptyPath();
  const [first, second] = someGames(2);
  const header = written(path).length;
  const bytes = written(path, first);
  writeFileSync(path, Buffer.concat([bytes, bytes.subarray(header)]));
  const { file, games, note } = PartFile.open(path);
  expect([games, note]).toEqual([
    [first],
    `${path}: games are there again that came before (1); each counts once`,
  ]);
  expect(() => file.append(second, second)).toThrow(`internal: game 1 is in ${path} already`);
  expect(() => file.append(first)).toThrow(`internal: game 0 is in ${path} already`);
});

test('a file with something else in it is refused and stays as it is', () => {
  const path = emptyPath();
  writeFileSync(path, 'a diary');
  expect(() => PartFile.open(path)).toThrow(`${path}: this is not a file of self-play games`);
  expect(readFileSync(path, 'utf8')).toBe('a diary');
});
