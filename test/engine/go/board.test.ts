/** The incremental board against recomputation. */
import { expect, test } from 'vitest';
import { Board } from '#engine/go/board.ts';
import { opponent } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { ZOBRIST_HI, ZOBRIST_LO, zobristIndex } from '#engine/go/zobrist.ts';
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
  let [hi, lo] = [0, 0];
  for (let p = 0; p < board.area; p++) {
    if (stones[p] === 0) {
      if (board.liberties(p) !== 0 || board.chainId(p) !== -1)
        throw new Error(`empty point ${p} has a chain`);
      continue;
    }
    hi ^= ZOBRIST_HI[zobristIndex(p, stones[p])];
    lo ^= ZOBRIST_LO[zobristIndex(p, stones[p])];
    const { chain, liberties } = floodChain(stones, p, width, height);
    if (board.liberties(p) !== liberties.size) throw new Error(`liberties of ${p}: ${board.liberties(p)}`);
    const got = board.chainStones(p);
    if (got.length !== chain.size || !got.every((q) => chain.has(q) && board.chainId(q) === board.chainId(p)))
      throw new Error(`chain of ${p}: ${got.join()}`);
  }
  if (board.hashHi !== hi >>> 0 || board.hashLo !== lo >>> 0) throw new Error('hash differs');
}

type Snapshot = { stones: number[]; liberties: number[]; rest: number[] };

const snapshotOf = (board: Board): Snapshot => ({
  stones: [...board.stones],
  liberties: Array.from(board.stones, (_, p) => board.liberties(p)),
  rest: [board.hashHi, board.hashLo, board.koPoint, ...board.captures],
});

/** Sizes turn with the seed, so that all shapes meet both suicide rules. */
function sizeOf(seed: number, draw: (n: number) => number): [number, number] {
  if (seed % 100 === 0) return [25, 2 + draw(24)];
  if (seed % 100 === 1) return [19, 19];
  return [2 + draw(7), 2 + draw(7)];
}

test('in 2,000 random games chains, liberties, hash and legality equal recomputation at each move, and undo goes back to the start', () => {
  for (let seed = 0; seed < 2000; seed++) {
    const draw = makeDraw(seed);
    const [width, height] = sizeOf(seed, draw);
    const suicide = (seed >> 1) % 2 === 0;
    const board = new Board(width, height);
    const before: Snapshot[] = [];
    const seen: string[] = [[...board.stones].join('')];
    let color: Color = 1;
    const plies = Math.min(2 * board.area, 120);
    for (let ply = 0; ply < plies; ply++) {
      const stones = [...board.stones];
      const legalMoves: number[] = [];
      const results: number[][] = [];
      // On large boards eight points a move are asked about, on small ones every point.
      const asked =
        board.area <= 30 ? Array.from(stones.keys()) : Array.from({ length: 8 }, () => draw(board.area));
      for (const p of asked) {
        const after = stones[p] === 0 ? naivePlay(stones, p, color, width, height) : stones;
        const repeats = seen.length > 1 && after.join('') === seen[seen.length - 2];
        // Simple ko forbids taking a single stone back at once; a lone suicide changes nothing and is not ko.
        const legal = stones[p] === 0 && (suicide || after[p] === color) && !(repeats && after[p] === color);
        if (board.isLegal(p, color, suicide) !== legal)
          throw new Error(`seed ${seed} ply ${ply} point ${p}: legal is ${legal}`);
        if (!legal) continue;
        legalMoves.push(p);
        results.push(after);
      }
      if (legalMoves.length === 0) {
        if (board.area <= 30) break;
        continue;
      }
      const choice = draw(legalMoves.length);
      const predicted = board.hashAfter(legalMoves[choice], color);
      before.push(snapshotOf(board));
      board.play(legalMoves[choice], color);
      if ([...board.stones].join('') !== results[choice].join(''))
        throw new Error(`seed ${seed} ply ${ply}: stones differ`);
      if (board.hashHi !== predicted.hi || board.hashLo !== predicted.lo)
        throw new Error(`seed ${seed} ply ${ply}: hashAfter differs`);
      expectChainsMatch(board);
      seen.push(results[choice].join(''));
      color = opponent(color);
    }
    for (const snapshot of before.reverse()) {
      board.undo();
      if (JSON.stringify(snapshotOf(board)) !== JSON.stringify(snapshot))
        throw new Error(`seed ${seed}: undo differs`);
      if (board.area <= 30) expectChainsMatch(board);
    }
  }
});

test('moves played and taken back in any order leave the chains that the stones make', () => {
  for (let seed = 0; seed < 100; seed++) {
    const draw = makeDraw(seed);
    const board = new Board(2 + draw(6), 2 + draw(6));
    const earlier = new Board(board.width, board.height);
    const before: Snapshot[] = [];
    for (let step = 0; step < 150; step++) {
      const point = draw(board.area + 1);
      const color = (1 + draw(2)) as Color;
      if (before.length > 0 && draw(3) === 0) {
        board.undo();
        if (JSON.stringify(snapshotOf(board)) !== JSON.stringify(before.pop()))
          throw new Error(`seed ${seed} step ${step}: undo differs`);
      } else if (board.isLegal(point, color, true)) {
        before.push(snapshotOf(board));
        board.play(point, color);
      }
      expectChainsMatch(board);
      if (before.length === 0) continue;
      const moves = 1 + draw(before.length);
      earlier.copyEarlier(board, moves);
      expectChainsMatch(earlier);
      expect(snapshotOf(earlier)).toEqual(before[before.length - moves]);
    }
  }
});

test.each([
  [2, 57],
  [3, 12675],
])(
  'a square board of side %d has %d positions without a chain that lacks liberties (Tromp, OEIS A094777)',
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
