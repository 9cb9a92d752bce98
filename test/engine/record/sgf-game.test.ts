/** Between SGF trees and games. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLACK, WHITE, type Color } from '#engine/go/color.ts';
import { RULE_PRESETS, makeRules, type Rules } from '#engine/go/rules.ts';
import { addNode, encodeText, makeSgf, parseSgf } from '#engine/record/sgf.ts';
import { replay, type GameRecord } from '#engine/record/game-record.ts';
import { gameFromSgf, sgfFromGame } from '#engine/record/sgf-game.ts';

function read(text: string): ReturnType<typeof gameFromSgf> {
  const parsed = parseSgf(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return gameFromSgf(parsed.games[0]);
}

function readOk(text: string): GameRecord {
  const game = read(text);
  if (!game.ok) throw new Error(game.message);
  return game.value;
}

const text = fc.string({ unit: 'grapheme' }).map((t) => t.replace(/\s+/g, ' ').trim());
const color = fc.constantFrom<Color>(BLACK, WHITE);
const records = fc
  .tuple(fc.integer({ min: 2, max: 25 }), fc.integer({ min: 2, max: 25 }))
  .chain(([width, height]) => {
    const stones = fc.uniqueArray(fc.nat(width * height - 1), { maxLength: 8 });
    return fc.record({
      size: fc.constant({ width, height }),
      preset: fc.constantFrom(...Object.values(RULE_PRESETS)),
      komi: fc.integer({ min: -20, max: 20 }).map((half) => half / 2),
      handicap: fc.constantFrom(0, 2, 3),
      stones,
      blackCount: fc.nat(8),
      toPlay: color,
      moves: fc.array(fc.record({ color, move: fc.nat(width * height) }), { maxLength: 20 }),
      texts: fc.array(text, { minLength: 7, maxLength: 7 }),
    });
  })
  .map(({ size, preset, komi, handicap, stones, blackCount, toPlay, moves, texts }): GameRecord => {
    const [result, playerBlack, playerWhite, rankBlack, rankWhite, date, event] = texts;
    const people = { result, playerBlack, playerWhite, rankBlack, rankWhite, date, event };
    const setup = { black: stones.slice(0, blackCount), white: stones.slice(blackCount) };
    return { ...size, rules: { ...preset, komi }, komi, handicap, setup, toPlay, moves, ...people };
  });

test('every game record reads back from the SGF it is written as', () => {
  fc.assert(
    fc.property(records, (record) => {
      expect(readOk(makeSgf([sgfFromGame(record)]))).toEqual(record);
    }),
  );
});

test('a bare record is a 19x19 game under Chinese rules with their komi, Black to play', () => {
  expect(readOk('(;)')).toMatchObject({
    width: 19,
    height: 19,
    rules: RULE_PRESETS.chinese,
    handicap: 0,
    toPlay: BLACK,
    moves: [],
    result: '',
  });
});

test('game information, set-up and the first variation are read; the others are not', () => {
  const game = readOk(`(;SZ[9:7]RU[AGA]KM[6,5]HA[2]AB[aa:ba]AW[cc]PB[A\\]]RE[W+R]
    ;AE[ba]AB[dd](;W[ee];B[];W[gg])(;W[aa]))`);
  expect(game).toMatchObject({
    width: 9,
    height: 7,
    rules: makeRules('aga', { komi: 6.5 }),
    playerBlack: 'A]',
  });
  expect(game.setup).toEqual({ black: [0, 30], white: [20] });
  expect(game.moves).toEqual([
    { color: WHITE, move: 40 },
    { color: BLACK, move: 63 },
    { color: WHITE, move: 60 },
  ]);
  expect(game.toPlay).toBe(WHITE);
});

test.each([
  ['(;GM[2])', 'GM[2]'],
  ['(;SZ[26])', 'SZ[26]'],
  ['(;SZ[9:1])', 'SZ[9:1]'],
  ['(;SZ[nine])', 'SZ[nine]'],
  ['(;KM[x])', 'KM[x]'],
  ['(;KM[1e9])', 'KM[1e9]'],
  ['(;HA[-2])', 'HA[-2]'],
  ['(;SZ[9]AB[aa:jj])', 'AB[aa:jj]'],
  ['(;SZ[9];B[aa];W[zz])', 'Move 2, W[zz]'],
  ['(;SZ[9];B[aa]W[bb])', 'a move of each colour'],
  ['(;SZ[9];B[aa];AW[bb])', 'AW after move 1'],
])('%s is refused with the property at fault', (sgf, message) => {
  expect(read(sgf)).toEqual({ ok: false, message: expect.stringContaining(message) });
});

test('a replay plays the moves in their colours, and goes on after two passes', () => {
  const result = replay(readOk('(;SZ[9];B[aa];B[bb];W[];B[];W[cc])'));
  if (!result.ok) throw new Error(result.message);
  expect(result.position.moves()).toEqual([0, 10, 81, 81, 20]);
  expect([0, 10, 20].map((point) => result.position.board.stones[point])).toEqual([BLACK, BLACK, WHITE]);
});

test('handicap stones are told from other set-up stones, and White moves first', () => {
  const result = replay(readOk('(;SZ[9]RU[Chinese]HA[2]AB[cc][gg])'));
  expect(result).toMatchObject({ ok: true, position: { handicap: 2, toPlay: WHITE } });
});

test('a replay names the first move that is not legal, or impossible set-up', () => {
  expect(replay(readOk('(;SZ[9];B[aa];W[bb];B[aa])'))).toMatchObject({
    ok: false,
    moveNumber: 3,
    reason: 'occupied',
    message: 'Move 3, Black A9, is not legal (occupied).',
  });
  expect(replay(readOk('(;SZ[9]AB[aa]AW[ab][ba])'))).toMatchObject({
    ok: false,
    moveNumber: 0,
    reason: 'set-up',
  });
});

test('whatever values its properties have, a record is read and replayed or refused in a sentence', () => {
  const value = fc.oneof(
    fc.constantFrom(
      '',
      'aa',
      'bb',
      'ab',
      'ba',
      'tt',
      'aa:bb',
      'cc:aa',
      '0',
      '2',
      '9',
      '5:7',
      '-1',
      'B',
      'W',
      'NZ',
    ),
    fc.string({ maxLength: 4 }).map(encodeText),
  );
  const name = fc.constantFrom('B', 'W', 'AB', 'AW', 'AE', 'PL', 'SZ', 'KM', 'HA', 'RU', 'RE', 'GM');
  const node = fc.array(fc.tuple(name, fc.array(value, { minLength: 1, maxLength: 3 })), { maxLength: 3 });
  let replayed = 0;
  fc.assert(
    fc.property(fc.array(node, { minLength: 1, maxLength: 8 }), ([first, ...others]) => {
      const root = addNode(null, first);
      let last = root;
      for (const properties of others) last = addNode(last, properties);
      const game = gameFromSgf(root);
      const result = game.ok ? replay(game.value) : game;
      if (result.ok) replayed++;
      else expect(result.message).toMatch(/\.$/);
    }),
    { numRuns: 5000 },
  );
  expect(replayed).toBeGreaterThan(100);
});

test.each([
  ['375', 7.5],
  ['325', 6.5],
  ['650', 6.5],
  ['6,5', 6.5],
  ['-7.5', -7.5],
])('komi KM[%s] is %f points', (text, komi) => {
  const parsed = parseSgf(`(;GM[1]KM[${text}])`);
  if (!parsed.ok) throw new Error(parsed.message);
  expect(gameFromSgf(parsed.games[0])).toMatchObject({ ok: true, value: { komi } });
});

test('what a file does not say of rules and komi is what the reader says, or Chinese', () => {
  const unsaid = makeRules('japanese', { komi: 200 });
  const rulesOf = (sgf: string, given?: Rules): unknown => {
    const parsed = parseSgf(sgf);
    if (!parsed.ok) throw new Error(parsed.message);
    const game = gameFromSgf(parsed.games[0], given);
    return game.ok ? game.value.rules : game.message;
  };
  expect(rulesOf('(;RU[house])', unsaid)).toEqual(unsaid);
  expect(rulesOf('(;KM[1])', unsaid)).toEqual({ ...unsaid, komi: 1 });
  expect(rulesOf('(;RU[AGA])', unsaid)).toEqual(makeRules('aga', { komi: 200 }));
  expect(rulesOf('(;RU[house])')).toEqual(makeRules('chinese'));
  expect(rulesOf('(;RU[Japanese])')).toEqual(makeRules('japanese'));
});
