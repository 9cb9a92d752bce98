/** Boards in classes: what a label says, what an image shows, and that no game is both learned from and tested on. */
import { expect, test } from 'vitest';
import { SYMMETRY_COUNT, mapPoint } from '#engine/go/symmetry.ts';
import { parseSgf } from '#engine/record/sgf.ts';
import { gameFromSgf } from '#engine/record/sgf-game.ts';
import { gameHash, sideOf } from '#training/holdout.ts';
import { classCounts, pixelsOf } from '#training/images/image-set.ts';
import type { ImageSet } from '#training/images/image-set.ts';
import { labelledBoards } from '#training/labelled-boards.ts';
import type { LabelOptions, LabelledBoards, LabelledResult } from '#training/labelled-boards.ts';
import { randomGame } from './games.ts';

type Asked = Partial<LabelOptions>;

const OPTIONS = { by: 'winner', classes: 3, size: 5, from: 4, every: 2, holdOut: 0.3, seed: 1 } as const;

function ask(records: readonly string[], asked: Asked = {}): LabelledResult {
  return labelledBoards([{ path: 'test.sgfs', records }], { ...OPTIONS, skipped: new Map(), ...asked });
}

function label(records: readonly string[], asked: Asked = {}): LabelledBoards {
  const made = ask(records, asked);
  if (!made.ok) throw new Error(made.message);
  return made.boards;
}

const isTest = (record: string): boolean => {
  const parsed = parseSgf(record);
  const game = parsed.ok ? gameFromSgf(parsed.games[0]) : null;
  if (game?.ok !== true) throw new Error(record);
  return sideOf(gameHash(game.value), { test: 0.3, validation: 0, train: 1 }) === 'test';
};

const withResult = (record: string, result: string): string => record.replace(/RE\[[^\]]*\]/, result);
const withInfo = (record: string, info: string): string => record.replace('SZ[', `${info}SZ[`);

const GAMES = 200;
const RANKS = ['12k', '1k', '1d', '9d', '1p', '2300?'];
const games = Array.from({ length: GAMES }, (_, seed) => randomGame(seed, 5, 12));
/** Each player of a rank wins as often as he loses. */
const ranked = games.map((record, i) =>
  withResult(
    withInfo(record, `BR[${RANKS[i % 6]}]WR[${RANKS[i % 6]}]`),
    `RE[${Math.floor(i / 6) % 2 === 0 ? 'B' : 'W'}+R]`,
  ),
);
const testGames = ranked.filter(isTest).length;

const boardsOf = (images: ImageSet): string[] =>
  Array.from(images.labels, (_, i) => pixelsOf(images, i).join(''));

test('of a game that is learned from one board of every two is drawn, of one for tests a single one', () => {
  const { train, test: tests } = label(ranked, { by: 'rank' });
  expect(tests.labels).toHaveLength(testGames);
  // 12 random moves and two passes at most: boards after 4 or 5 moves, 6 or 7 and so on, and fewer where no move was left.
  expect(train.labels.length).toBeGreaterThan(4 * (GAMES - testGames));
  expect(train.labels.length).toBeLessThanOrEqual(5 * (GAMES - testGames));
  // As many boards of the side that moves first, with as many stones of either, as of the other, with one stone less.
  const isFirst = (_board: string, i: number): boolean =>
    [...pixelsOf(train, i)].filter((value, at) => value === 255 && at % 3 < 2).length % 2 === 0;
  const share = boardsOf(train).filter(isFirst).length / train.labels.length;
  expect(share).toBeGreaterThan(0.35);
  expect(share).toBeLessThan(0.65);
  expect(label(ranked, { by: 'rank' }).test.pixels).toEqual(tests.pixels);
  expect(label(ranked, { by: 'rank', seed: 2 }).test.pixels).not.toEqual(tests.pixels);
  const bytes = train.groups ?? new Uint8Array(0);
  const games = new Set(Array.from(train.labels, (_, i) => bytes.subarray(4 * i, 4 * i + 4).join()));
  expect(games.size).toBe(GAMES - testGames);
  const learned = new Set(boardsOf(train));
  expect(boardsOf(tests).filter((board) => learned.has(board))).toEqual([]);
});

/** What a game that is learned from shows and is labelled first. @param from moves before that; after 4 Black is to play. */
function firstBoard(
  info: string,
  by: 'winner' | 'rank',
  from: number,
): { channels: number[][]; label: number } {
  const record = ['ee', 'ed', 'de', 'ae']
    .map((last) => `(;FF[4]GM[1]SZ[5]KM[0]${info};B[aa];W[bb];B[cc];W[dd];B[${last}])`)
    .find((text) => !isTest(text)) as string;
  const { train } = label([record, ...ranked], { by, classes: 2, from, every: 1 });
  expect([train.height, train.width, train.channels]).toEqual([5, 5, 3]);
  const image = pixelsOf(train, 0);
  expect(image.filter((value) => value !== 0 && value !== 255)).toHaveLength(0);
  const channels = [0, 1, 2].map((c) =>
    [...image.keys()].filter((i) => i % 3 === c && image[i] === 255).map((i) => (i - c) / 3),
  );
  return { channels, label: train.labels[0] };
}

test('an image shows stones of the side to move, of its opponent, and the last move', () => {
  expect(firstBoard('BR[3d]WR[3d]', 'rank', 4).channels).toEqual([[0, 12], [6, 18], [18]]);
  expect(firstBoard('BR[3d]WR[3d]', 'rank', 3).channels).toEqual([[6], [0, 12], [12]]);
});

test.each([
  ['winner', 4, 'RE[B+1]', 1],
  ['winner', 4, 'RE[W+1]', 0],
  ['winner', 3, 'RE[B+1]', 0],
  ['winner', 3, 'RE[W+1]', 1],
  ['rank', 4, 'BR[1k]WR[9p]', 0],
  ['rank', 4, 'BR[9p]WR[1k]', 1],
  ['rank', 3, 'BR[1k]WR[9p]', 1],
  ['rank', 3, 'BR[9p]WR[1k]', 0],
] as const)('by %s after %i moves a board of %s is of class %i', (by, from, info, expected) => {
  expect(firstBoard(info, by, from).label).toBe(expected);
});

test('games that do not tell are left out and counted', () => {
  expect(label(ranked).classes).toEqual(['the side to move loses', 'the side to move wins']);
  const skipped = new Map<string, number>();
  const half = ranked.map((record, i) =>
    i % 2 === 0 ? withResult(record, i % 4 === 0 ? 'RE[0]' : '') : record,
  );
  const known = label(half, { skipped }).train.labels.length;
  const all = label(ranked).train.labels.length;
  expect(known).toBeGreaterThan(0.4 * all);
  expect(known).toBeLessThan(0.6 * all);
  expect([...skipped]).toEqual([['no winner', GAMES / 2]]);
  const set = ranked.map((record, i) => (i % 4 === 0 ? withInfo(record, 'AB[ba][bb]AW[ab]') : record));
  skipped.clear();
  label(set, { by: 'rank', skipped, from: 1 });
  expect(skipped.get('a handicap, or no rank that can be read')).toBeGreaterThan(0);
});

test('by rank there are classes of about as many boards, from kyu to ratings', () => {
  expect(label(ranked, { by: 'rank', classes: 12 }).classes).toEqual([
    'below 1k',
    'from 1k, below 1d',
    'from 1d, below 9d',
    'from 9d, below 1p',
    'from 1p, below 2300',
    'from 2300',
  ]);
  const { classes, train } = label(ranked, { by: 'rank', classes: 3 });
  expect(classes).toHaveLength(3);
  for (const count of classCounts(train, 3)) expect(count).toBeGreaterThan(train.labels.length / 6);
});

/** Of every six games three begin in the middle, two in a corner and one elsewhere; all corners are one. */
function opened(i: number): string {
  const first = i % 6 < 3 ? 'cc' : i % 6 < 5 ? ['aa', 'ea', 'ae', 'ee'][i % 4] : 'bc';
  const others = [`W[${'abcde'[i % 5]}b]`, 'B[dd]', 'W[db]', `B[${'abde'[Math.floor(i / 5) % 4]}e]`];
  return `(;FF[4]GM[1]SZ[5];B[${first}];${others.join(';')};W[${'abcde'[Math.floor(i / 20) % 5]}d])`;
}

test('by opening the commonest first moves come first, up to symmetry, and then all others', () => {
  const records = Array.from({ length: 600 }, (_, i) => opened(i));
  const three = label(records, { by: 'opening', from: 3 });
  expect(three.classes).toEqual(['C3', 'A5', 'C4']);
  const [most, some, few] = classCounts(three.train, 3);
  expect(most).toBeGreaterThan(1.2 * some);
  expect(some).toBeGreaterThan(1.5 * few);
  const two = label(records, { by: 'opening', from: 3, classes: 2 });
  expect(two.classes).toEqual(['C3', 'another']);
  expect(classCounts(two.train, 2)).toEqual([most, some + few]);
  const letters = 'abcde';
  for (let symmetry = 0; symmetry < SYMMETRY_COUNT; symmetry++) {
    const turned = records.map((record) =>
      record.replaceAll(/(?<=[BW]\[)(\w)(\w)/g, (_, x: string, y: string) => {
        const p = mapPoint(symmetry, letters.indexOf(y) * 5 + letters.indexOf(x), 5, 5);
        return letters[p % 5] + letters[Math.floor(p / 5)];
      }),
    );
    expect(label(turned, { by: 'opening', from: 3 }).train.labels).toEqual(three.train.labels);
  }
  const skipped = new Map<string, number>();
  const set = records.map((record, i) => (i < 60 ? withInfo(record, 'AB[ba]') : record));
  label(set, { by: 'opening', from: 3, skipped });
  expect(skipped.get('stones before the first move, or a first move of its own')).toBeGreaterThan(40);
});

const noWins = games.map((record) => withResult(record, 'RE[0]'));

test.each([
  [games, { size: 9 }, 'no game to learn from is on 9 x 9 and has more than 4 moves'],
  [games, { from: 300 }, 'no game to learn from is on 5 x 5 and has more than 300 moves'],
  [
    games,
    { by: 'rank' },
    'all boards are of one class by rank, or of none (a handicap, or no rank that can be read)',
  ],
  [
    noWins,
    {},
    'there is no board of class 0 by winner (the side to move loses) to learn from; give more games',
  ],
  [
    ranked,
    { by: 'rank', classes: 6, holdOut: 0.005 },
    expect.stringMatching(/^there is no board of class \d by rank \(.*\) to test on; give more games$/),
  ],
] as [string[], Asked, unknown][])('what records lack is said (%#)', (records, asked, message) => {
  expect(ask(records, asked)).toEqual({ ok: false, message });
});
