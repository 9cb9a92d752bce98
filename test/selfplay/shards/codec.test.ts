/** Games as bytes: nothing is lost either way, and bytes that are no game are refused in a sentence. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import { makeRules } from '#engine/go/rules.ts';
import { decodeGame, encodeGame } from '#selfplay/shards/codec.ts';
import { gameProblem } from '#selfplay/shards/game-problem.ts';
import type { SearchedPosition, SelfPlayGame } from '#selfplay/shards/self-play-game.ts';
import { asRecorded, roundPolicy } from '#selfplay/shards/rounding.ts';
import { arbitraryGame, someGames } from './arbitrary-game.ts';

const position: SearchedPosition = {
  ply: 0,
  policyMoves: Int16Array.of(3, 9),
  policy: Float32Array.of(0.25, 0.75),
  valueBlack: 0.5,
  scoreBlack: NaN,
  surprise: 0,
  ownershipBlack: null,
};
const plain: SelfPlayGame = {
  generation: 2,
  index: 5,
  net: '0123456789abcdef'.repeat(4),
  width: 3,
  height: 3,
  rules: makeRules('tromp-taylor', { komi: 7.5 }),
  setup: { black: [], white: [] },
  toPlay: 1,
  moves: Int16Array.of(4, 9),
  end: 'passes',
  outcomeBlack: 1,
  scoreBlack: 1.5,
  ownershipBlack: new Int8Array(9).fill(1),
  playedOn: false,
  winnersLowest: 0.5,
  positions: [position],
};

test('a game survives its bytes, and the bytes the game', () => {
  fc.assert(
    fc.property(arbitraryGame, (game) => {
      const bytes = encodeGame(game);
      const decoded = decodeGame(bytes);
      expect(decoded).toEqual({ ok: true, game });
      if (decoded.ok) expect(encodeGame(decoded.game)).toEqual(bytes);
    }),
  );
});

test('rounding what is rounded changes nothing', () => {
  fc.assert(
    fc.property(arbitraryGame, (game) => {
      expect(asRecorded(game)).toEqual(game);
    }),
  );
});

test('a rounded policy sums to exactly 1 and is off by a unit a move at most', () => {
  const weights = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 362 });
  fc.assert(
    fc.property(weights, (values) => {
      const sum = values.reduce((total, value) => total + value, 0);
      fc.pre(sum > 1e-30);
      const rounded = roundPolicy(Int16Array.from(values.keys()), Float32Array.from(values));
      expect(rounded.policy.reduce((total, value) => total + value, 0)).toBe(1);
      const found = new Map([...rounded.policyMoves].map((move, i) => [move, rounded.policy[i]]));
      for (const [move, value] of values.entries())
        expect(Math.abs((found.get(move) ?? 0) - value / sum)).toBeLessThan(1.0001 * 2 ** -16);
    }),
  );
});

test('bytes cut short at any place, or followed by another, are no game', () => {
  const bytes = encodeGame(someGames(3)[2]);
  for (let length = 0; length < bytes.length; length++)
    expect(decodeGame(bytes.subarray(0, length))).toMatchObject({ ok: false });
  expect(decodeGame(Buffer.concat([bytes, Buffer.of(0)]))).toEqual({
    ok: false,
    message: 'the bytes are no game (1 bytes follow the game)',
  });
});

test('10,000 mutated games are refused in a sentence, or read as games that can be stored again', () => {
  const rng = makeRng(7);
  const games = someGames(20).map(encodeGame);
  let refused = 0;
  for (let i = 0; i < 10_000; i++) {
    const bytes = games[i % games.length].slice();
    for (let k = rng.nextInt(3); k >= 0; k--) bytes[rng.nextInt(bytes.length)] = rng.nextInt(256);
    const decoded = decodeGame(bytes);
    if (decoded.ok) expect(decodeGame(encodeGame(decoded.game))).toEqual(decoded);
    else refused++;
  }
  expect(refused).toBeGreaterThan(2_500);
});

test.each<[string, Partial<SelfPlayGame>]>([
  ['a policy with a probability of', { positions: [{ ...position, policy: Float32Array.of(0.1, 0.9) }] }],
  [
    'a policy with probabilities that sum to 0.75',
    { positions: [{ ...position, policy: Float32Array.of(0.5, 0.25) }] },
  ],
  [
    'a policy with moves that are out of order',
    { positions: [{ ...position, policyMoves: Int16Array.of(3, 3) }] },
  ],
  [
    'a policy with 2 probabilities for 1 moves',
    { positions: [{ ...position, policyMoves: Int16Array.of(3) }] },
  ],
  ['a value of 0.1', { positions: [{ ...position, valueBlack: 0.1 }] }],
  ['a value of -2', { positions: [{ ...position, valueBlack: -2 }] }],
  ['a surprise of NaN', { positions: [{ ...position, surprise: NaN }] }],
  ['position 0 is out of order', { positions: [position, position] }],
  ['position 2 is out of order or after the game', { positions: [{ ...position, ply: 2 }] }],
  ['a move off the board', { moves: Int16Array.of(0, 10) }],
  ['a board of 26x3', { width: 26 }],
  ['a score of -1.5 with the outcome 1', { scoreBlack: -1.5 }],
  ['score and ownership do not go with its end', { end: 'resignation' }],
  ['an ownership that is none', { ownershipBlack: new Int8Array(8) }],
  ['two set-up stones lie on one point', { setup: { black: [1], white: [1] } }],
  ['its net is no SHA-256', { net: 'G000012' }],
  ['a komi of NaN points', { rules: makeRules('aga', { komi: NaN }) }],
])('a game with %s is not stored', (problem, change) => {
  expect(() => encodeGame(plain)).not.toThrow();
  expect(() => encodeGame({ ...plain, ...change })).toThrow(`internal: game 5 cannot be stored: `);
  expect(gameProblem({ ...plain, ...change })).toContain(problem);
});
