/** Games as bytes: nothing is lost either way, and bytes that are no game are refused in a sentence. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeGame, encodeGame } from '#selfplay/shards/codec.ts';
import { asRecorded, roundPolicy } from '#selfplay/shards/rounding.ts';
import { arbitraryGame, someGames } from './arbitrary-game.ts';

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

test('a rounded policy sums to exactly 1 and is off by less than a unit a move', () => {
  const weights = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 362 });
  fc.assert(
    fc.property(weights, (values) => {
      const sum = values.reduce((total, value) => total + value, 0);
      fc.pre(sum > 1e-30);
      const rounded = roundPolicy(Int16Array.from(values.keys()), Float32Array.from(values));
      expect(rounded.policy.reduce((total, value) => total + value, 0)).toBe(1);
      const found = new Map([...rounded.policyMoves].map((move, i) => [move, rounded.policy[i]]));
      for (const [move, value] of values.entries())
        expect(Math.abs((found.get(move) ?? 0) - value / sum)).toBeLessThan(2 ** -16);
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
