/** The eight symmetries and what commutes with them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SYMMETRY_COUNT, inverseSymmetry, mapPoint, symmetryTable } from '#engine/go/symmetry.ts';
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';

test('flips come before the transpose: symmetry 5 sends A9 of 9x9 to J9', () => {
  // y = 0 flips to y = 8, then (x 0, y 8) transposes to (x 8, y 0).
  expect(mapPoint(5, 0, 9, 9)).toBe(8);
  expect(mapPoint(6, 0, 9, 9)).toBe(72);
});

test('every symmetry is undone by its inverse on every board', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 25 }), fc.integer({ min: 2, max: 25 }), fc.nat(7), (w, h, s) => {
      const there = symmetryTable(s, w, h);
      const back = symmetryTable(inverseSymmetry(s), s & 4 ? h : w, s & 4 ? w : h);
      for (let p = 0; p <= w * h; p++) expect(back[there[p]]).toBe(p);
    }),
    { numRuns: 60 },
  );
});

test('playing commutes with every symmetry, legality included', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(25), { maxLength: 60 }), fc.nat(SYMMETRY_COUNT - 1), (choices, s) => {
      const options = { width: 5, height: 4, rules: RULE_PRESETS['tromp-taylor'] };
      const turned = s & 4 ? { ...options, width: 4, height: 5 } : options;
      const table = symmetryTable(s, 5, 4);
      let [a, b] = [Position.start(options), Position.start(turned)];
      for (const choice of choices) {
        const move = choice % 21;
        const [playedA, playedB] = [a.play(move), b.play(table[move])];
        expect(playedA.ok).toBe(playedB.ok);
        if (!playedA.ok || !playedB.ok) continue;
        [a, b] = [playedA.position, playedB.position];
        a.board.stones.forEach((stone, p) => expect(b.board.stones[table[p]]).toBe(stone));
      }
    }),
  );
});
