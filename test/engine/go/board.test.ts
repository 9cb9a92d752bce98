import { expect, test } from 'vitest';
import { Board } from '#engine/go/board.ts';
import { opponent } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { floodChain, naivePlay } from './naive.ts';

/** A small linear congruential generator (Numerical Recipes constants), so that every failure repeats. */
function makeDraw(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

function expectChainsMatch(board: Board): void {
  const { width, height } = board;
  const stones = [...board.stones];
  const fresh = new Board(width, height);
  for (let p = 0; p < board.area; p++) {
    if (stones[p] === 0) {
      if (board.liberties(p) !== 0 || board.chainId(p) !== -1)
        throw new Error(`empty point ${p} has a chain`);
      continue;
    }
    fresh.place(p, stones[p] as Color);
    const { chain, liberties } = floodChain(stones, p, width, height);
    if (board.liberties(p) !== liberties.size) throw new Error(`liberties of ${p}: ${board.liberties(p)}`);
    const got = board.chainStones(p);
    if (got.length !== chain.size || !got.every((q) => chain.has(q) && board.chainId(q) === board.chainId(p)))
      throw new Error(`chain of ${p}: ${got.join()}`);
  }
  expect([board.hashHi, board.hashLo]).toEqual([fresh.hashHi, fresh.hashLo]);
}

test('in 2,000 random games chains, liberties, hash and legality equal recomputation, and undo restores each move', () => {
  for (let seed = 0; seed < 2000; seed++) {
    const draw = makeDraw(seed);
    const [width, height] = seed % 20 === 0 ? [19, 19] : [2 + draw(8), 2 + draw(8)];
    const suicide = seed % 2 === 0;
    const board = new Board(width, height);
    const seen: string[] = [[...board.stones].join('')];
    let color: Color = 1;
    const plies = width === 19 ? 60 : 2 * board.area;
    for (let ply = 0; ply < plies; ply++) {
      const p = draw(board.area);
      const stones = [...board.stones];
      const after = stones[p] === 0 ? naivePlay(stones, p, color, width, height) : stones;
      const repeats = seen.length > 1 && after.join('') === seen[seen.length - 2];
      // Simple ko forbids taking a single stone back at once; a lone suicide changes nothing and is not ko.
      const legal = stones[p] === 0 && (suicide || after[p] === color) && !(repeats && after[p] === color);
      if (board.isLegal(p, color, suicide) !== legal)
        throw new Error(`seed ${seed} ply ${ply} point ${p}: legal is ${legal}`);
      if (!legal) continue;
      const before = [[...board.stones], board.hashHi, board.hashLo, board.koPoint, [...board.captures]];
      const predicted = board.hashAfter(p, color);
      board.play(p, color);
      expect([board.hashHi, board.hashLo]).toEqual([predicted.hi, predicted.lo]);
      board.undo();
      expect([[...board.stones], board.hashHi, board.hashLo, board.koPoint, [...board.captures]]).toEqual(
        before,
      );
      if (ply % 8 === 0) expectChainsMatch(board);
      board.play(p, color);
      if ([...board.stones].join('') !== after.join(''))
        throw new Error(`seed ${seed} ply ${ply}: stones differ`);
      if (ply % 4 === 0) expectChainsMatch(board);
      seen.push(after.join(''));
      color = opponent(color);
    }
    expectChainsMatch(board);
  }
});

test.each([
  [2, 57],
  [3, 12675],
])(
  'a %dx%d board has %d positions without a chain that lacks liberties (Tromp, OEIS A094777)',
  (side, expected) => {
    let count = 0;
    const board = new Board(side as number, side as number);
    const visit = (p: number): void => {
      if (p === board.area) {
        if (board.stones.every((stone, q) => stone === 0 || board.liberties(q) > 0)) count++;
        return;
      }
      for (const color of [0, 1, 2] as const) {
        board.place(p, color);
        visit(p + 1);
      }
      board.place(p, 0);
    };
    visit(0);
    expect(count).toBe(expected);
  },
);
