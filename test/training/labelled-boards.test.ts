/** Boards in classes: what a label says, what an image shows, and that no game is learned from and tested on. */
import { expect, test } from 'vitest';
import { parseSgf } from '#engine/record/sgf.ts';
import { gameFromSgf } from '#engine/record/sgf-game.ts';
import { gameHash, sideOf } from '#training/holdout.ts';
import { pixelsOf } from '#training/images/image-set.ts';
import type { ImageSet } from '#training/images/image-set.ts';
import { labelledBoards } from '#training/labelled-boards.ts';
import type { LabelledBoards, LabelOptions } from '#training/labelled-boards.ts';
import { randomGame } from './games.ts';

const OPTIONS: LabelOptions = {
  by: 'winner',
  classes: 3,
  size: 5,
  from: 4,
  every: 2,
  holdOut: 0.3,
  seed: 1,
};

function label(records: readonly string[], options: Partial<LabelOptions> = {}): LabelledBoards {
  const made = labelledBoards([{ path: 'test.sgfs', records }], { ...OPTIONS, ...options });
  if (!made.ok) throw new Error(made.message);
  return made.boards;
}

const withInfo = (record: string, info: string): string => record.replace('SZ[', `${info}SZ[`);
const GAMES = 200;
const games = Array.from({ length: GAMES }, (_, seed) => randomGame(seed, 5, 12));
const withResult = (record: string, result: string): string => record.replace(/RE\[[^\]]*\]/, result);
const RANKS = ['12k', '1k', '1d', '9d', '1p', '2300?'];
/** Each player of a rank wins as often as he loses. */
const ranked = games.map((record, i) =>
  withResult(
    withInfo(record, `BR[${RANKS[i % 6]}]WR[${RANKS[i % 6]}]`),
    `RE[${Math.floor(i / 6) % 2 === 0 ? 'B' : 'W'}+R]`,
  ),
);

const isTest = (record: string): boolean => {
  const parsed = parseSgf(record);
  const game = parsed.ok ? gameFromSgf(parsed.games[0]) : null;
  if (game?.ok !== true) throw new Error(record);
  return sideOf(gameHash(game.value), { test: 0.3, validation: 0, train: 1 }) === 'test';
};
const testGames = games.filter(isTest).length;

const texts = (images: ImageSet): string[] =>
  Array.from(images.labels, (_, i) => pixelsOf(images, i).join(''));

test('of a game that is learned from each second board is taken, of one for tests a single one', () => {
  const { train, test: tests } = label(ranked, { by: 'rank' });
  expect(tests.labels).toHaveLength(testGames);
  // 12 random moves and two passes at most: boards after 4, 6, 8, 10 and 12 moves, and fewer where no move was left.
  expect(train.labels.length).toBeGreaterThan(4 * (GAMES - testGames));
  expect(train.labels.length).toBeLessThanOrEqual(5 * (GAMES - testGames));
  expect(label(ranked, { by: 'rank' }).test.pixels).toEqual(tests.pixels);
  expect(label(ranked, { by: 'rank', seed: 2 }).test.pixels).not.toEqual(tests.pixels);
  const learned = new Set(texts(train));
  expect(texts(tests).filter((board) => learned.has(board))).toEqual([]);
});

/** A game of five moves that is learned from, and what it is labelled first, with Black to play. */
function firstBoard(
  info: string,
  by: 'winner' | 'rank',
): { image: Uint8Array; size: number[]; label: number } {
  const record = ['ee', 'ed', 'de', 'ae']
    .map((last) => `(;FF[4]GM[1]SZ[5]KM[0]${info};B[aa];W[bb];B[cc];W[dd];B[${last}])`)
    .find((text) => !isTest(text)) as string;
  const { train } = label([record, ...ranked], { by, classes: 2 });
  const { height, width, channels, labels } = train;
  return { image: pixelsOf(train, 0), size: [height, width, channels], label: labels[0] };
}

test('an image shows own stones, those of the opponent and the last move', () => {
  const { image, size } = firstBoard('BR[3d]WR[3d]', 'rank');
  expect(size).toEqual([5, 5, 3]);
  const channel = (c: number): number[] =>
    [...image.keys()].filter((i) => i % 3 === c && image[i] === 255).map((i) => (i - c) / 3);
  expect([channel(0), channel(1), channel(2)]).toEqual([[0, 12], [6, 18], [18]]);
  expect(image.filter((value) => value !== 0 && value !== 255)).toHaveLength(0);
});

test('winner and rank are those of the side to move, and games that do not tell are left out', () => {
  expect(label(ranked).classes).toEqual(['the side to move loses', 'the side to move wins']);
  expect(firstBoard('RE[B+1]', 'winner').label).toBe(1);
  expect(firstBoard('RE[W+1]', 'winner').label).toBe(0);
  expect(firstBoard('BR[1k]WR[9p]', 'rank').label).toBe(0);
  expect(firstBoard('BR[9p]WR[1k]', 'rank').label).toBe(1);
  const all = label(ranked).train.labels.length;
  const half = ranked.map((record, i) =>
    i % 2 === 0 ? withResult(record, i % 4 === 0 ? 'RE[0]' : '') : record,
  );
  const known = label(half).train.labels.length;
  expect(known).toBeGreaterThan(0.4 * all);
  expect(known).toBeLessThan(0.6 * all);
});

test('rank: from kyu over dan and professional dan to ratings, in classes of as many boards', () => {
  const boards = label(ranked, { by: 'rank', classes: 12 });
  expect(boards.classes).toEqual([
    'below 1k',
    'from 1k, below 1d',
    'from 1d, below 9d',
    'from 9d, below 1p',
    'from 1p, below 2300',
    'from 2300',
  ]);
  const three = label(ranked, { by: 'rank', classes: 3 });
  expect(three.classes).toHaveLength(3);
  const counts = [0, 1, 2].map((c) => three.train.labels.filter((value) => value === c).length);
  for (const count of counts) expect(count).toBeGreaterThan(three.train.labels.length / 6);
  expect(labelledBoards([{ path: 'x', records: games }], { ...OPTIONS, by: 'rank' })).toEqual({
    ok: false,
    message: expect.stringContaining('no record has ranks'),
  });
});

test('opening: the commonest first moves up to symmetry, and another', () => {
  const corner = ['aa', 'ea', 'ae', 'ee'];
  const records = games.map((record, i) =>
    record.replace(
      /;B\[\w\w\].*$/s,
      i % 3 === 0 ? ';B[cc]' : i % 3 === 1 ? `;B[${corner[i % 4]}]` : ';B[bc]',
    ),
  );
  const moved = records.map(
    (start, i) =>
      `${start};W[${'abcde'[i % 5]}b];B[dd];W[db];B[${'abde'[Math.floor(i / 5) % 4]}e];W[${'abcde'[Math.floor(i / 20) % 5]}d])`,
  );
  const boards = label(moved, { by: 'opening', classes: 3, from: 3 });
  expect(boards.classes.toSorted()).toEqual(['A5', 'C3', 'C4']);
  const two = label(moved, { by: 'opening', classes: 2, from: 3 });
  expect(two.classes).toHaveLength(2);
  expect(two.classes[1]).toBe('another');
});

test('what the records lack is said', () => {
  expect(labelledBoards([{ path: 'x', records: games }], { ...OPTIONS, size: 9 })).toEqual({
    ok: false,
    message: 'none of the games is on 9 x 9 and has a move 5',
  });
});
