/** Ladders read to their end. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLACK, WHITE, opponent } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { makeRng } from '#engine/go/random.ts';
import { LADDERED, LadderReader, ladderAttackOn } from '#engine/go/ladder.ts';
import { Board } from '#engine/go/board.ts';
import { pointOf, positionOf } from './diagram.ts';

function flagsOf(board: Board): Uint8Array {
  const flags = new Uint8Array(board.area);
  new LadderReader(board.width, board.height).read(board, flags);
  return flags;
}

const points = (flags: Uint8Array, flag: number): number[] =>
  [...flags].flatMap((bits, p) => (bits & flag ? [p] : []));

const captured = (text: string): number[] => points(flagsOf(positionOf(text).board), LADDERED);

test('a chain with more than two liberties is never in a ladder', () => {
  const text = `
    . . X . .
    . X O . .
    . . . . .
    . . . . .`;
  expect(positionOf(text).board.liberties(7)).toBe(2);
  expect(captured(text.replace('X O', '. O'))).not.toContain(7);
});

const CLASSIC = `
    . . . . . . .
    . . X X . . .
    . X O a . . .
    . . b . . . .
    . . . . . . .
    . . . . . . .
    . . . . . . .`;

test('the classic ladder works from one side only, and a breaker saves the chain', () => {
  const flags = flagsOf(positionOf(CLASSIC).board);
  expect(points(flags, LADDERED)).toEqual([pointOf(CLASSIC, 'O')]);
  expect(points(flags, ladderAttackOn(WHITE))).toEqual([pointOf(CLASSIC, 'b')]);
  const broken = CLASSIC.replace(
    '. . . . . . .\n    . . . . . . .\n    . . . . . . .',
    '. . . . . . .\n    . . . . O . .\n    . . . . . . .',
  );
  expect(broken).not.toBe(CLASSIC);
  expect(captured(broken)).toEqual([]);
});

test('a stone in atari that can capture its attacker is not in a ladder, and the board is left as it was', () => {
  const text = `
    . . . . .
    . O X . .
    O X O X .
    . b . X .
    . . . . .`;
  const { board } = positionOf(text);
  const before = [...board.stones];
  expect(board.liberties(12)).toBe(1);
  // White takes the stone on the left at b, unless that stone has a second liberty.
  expect(flagsOf(board)[12]).toBe(0);
  expect(captured(text.replace('O X . .', '. X . .'))).toContain(12);
  expect([...board.stones]).toEqual(before);
});

test('a chain whose two liberties are kos that the attacker can both take is lost', () => {
  const text = `
    X O . O O a
    X X O X X O
    . X . X . X
    X X . X O O`;
  const flags = flagsOf(positionOf(text).board);
  expect([flags[3], flags[4]]).toEqual([LADDERED, LADDERED]);
  expect(flags[pointOf(text, 'a')] & ladderAttackOn(WHITE)).toBe(ladderAttackOn(WHITE));
});

function libertyPoints(board: Board, p: number): number[] {
  const out = new Int16Array(board.area);
  return [...out.subarray(0, board.copyLiberties(p, out, 0))];
}

/** The rules of ladders as KataGo's authors state them, on copies of boards, without any shortcut. */
const naive = {
  /** Defender to move; `isRoot` where no ko counts as an escape. */
  falls(board: Board, target: number, isRoot: boolean): boolean {
    if (board.liberties(target) >= 2 || (!isRoot && board.koPoint >= 0)) return false;
    const root = isRoot ? board.clone() : board;
    if (isRoot) root.koPoint = -1;
    const defender = board.stones[target] as Color;
    const captures = board
      .chainStones(target)
      .flatMap((p) => [...board.neighbors.subarray(4 * p, 4 * p + 4)])
      .filter((q) => q >= 0 && board.stones[q] === opponent(defender) && board.liberties(q) === 1)
      .flatMap((q) => libertyPoints(board, q));
    return [...captures, ...libertyPoints(board, target)]
      .filter((move) => root.isLegal(move, defender, false))
      .every((move) => this.caught(after(root, move, defender), target));
  },
  /** Attacker to move. */
  caught(board: Board, target: number): boolean {
    const liberties = libertyPoints(board, target);
    if (liberties.length !== 2) return liberties.length < 2;
    const defender = board.stones[target] as Color;
    const attacker = opponent(defender);
    const isKo = (move: number): boolean =>
      !board.isSuicide(move, attacker) && after(board, move, attacker).koPoint >= 0;
    const isInAtari = (p: number): boolean =>
      [...board.neighbors.subarray(4 * p, 4 * p + 4)].some(
        (q) => q >= 0 && board.stones[q] === attacker && board.liberties(q) === 1,
      );
    const doubleKo =
      liberties.every((move) => isKo(move) && after(board, move, defender).liberties(move) <= 2) &&
      !board.chainStones(target).some(isInAtari);
    return (
      doubleKo ||
      liberties.some(
        (move) =>
          board.isLegal(move, attacker, false) && this.falls(after(board, move, attacker), target, false),
      )
    );
  },
  flags(board: Board): Uint8Array {
    const flags = new Uint8Array(board.area);
    for (let p = 0; p < board.area; p++) {
      const color = board.stones[p] as Color;
      if (board.liberties(p) === 1 && this.falls(board, p, true)) flags[p] |= LADDERED;
      if (board.liberties(p) !== 2) continue;
      for (const move of libertyPoints(board, p))
        if (
          board.isLegal(move, opponent(color), false) &&
          this.falls(after(board, move, opponent(color)), p, true)
        ) {
          flags[p] |= LADDERED;
          flags[move] |= ladderAttackOn(color);
        }
    }
    return flags;
  },
};

function after(board: Board, move: number, color: Color): Board {
  const next = board.clone();
  next.play(move, color);
  return next;
}

test('along random games, each ladder is what its rules say without shortcuts', () => {
  let ladders = 0;
  fc.assert(
    fc.property(
      fc.integer({ min: 3, max: 8 }),
      fc.integer({ min: 3, max: 8 }),
      fc.integer(),
      (width, height, seed) => {
        const rng = makeRng(seed);
        const board = new Board(width, height);
        let color: Color = BLACK;
        for (let ply = 0; ply < 2 * board.area; ply++, color = opponent(color)) {
          const move = rng.nextInt(board.area);
          if (!board.isLegal(move, color, false)) continue;
          board.play(move, color);
          if (rng.nextInt(4) > 0) continue;
          const flags = flagsOf(board);
          ladders += points(flags, LADDERED).length;
          expect(flags).toEqual(naive.flags(board));
        }
      },
    ),
    { numRuns: 60 },
  );
  expect(ladders).toBeGreaterThan(100);
});

test('on boards full of small chains, ko included, each ladder is what its rules say', () => {
  let [kos, bans] = [0, 0];
  fc.assert(
    fc.property(fc.integer(), fc.double({ min: 0.6, max: 0.9, noNaN: true }), (seed, density) => {
      const rng = makeRng(seed);
      const board = new Board(3 + rng.nextInt(4), 3 + rng.nextInt(3));
      for (let p = 0; p < board.area; p++)
        if (rng.nextFloat() < density) board.place(p, (1 + rng.nextInt(2)) as Color);
      for (let p = 0; p < board.area; p++) if (board.liberties(p) === 0) board.place(p, 0);
      for (let p = 0; p < board.area; p++) if (board.liberties(p) === 0) board.place(p, 0);
      expect(flagsOf(board)).toEqual(naive.flags(board));
      for (let p = 0; p < board.area; p++) {
        if (board.stones[p] !== 0 || board.isSuicide(p, BLACK)) continue;
        const next = after(board, p, BLACK);
        if (next.koPoint < 0) continue;
        kos++;
        const flags = flagsOf(next);
        expect(flags).toEqual(naive.flags(next));
        next.koPoint = -1;
        if (flagsOf(next).some((flag, q) => flag !== flags[q])) bans++;
      }
    }),
    { numRuns: 1000 },
  );
  // Some attacks are what the ban of the ko forbids.
  expect(kos).toBeGreaterThan(20);
  expect(bans).toBeGreaterThan(0);
});

test('of a board that would take millions of moves not every ladder is read', () => {
  const board = new Board(19, 19);
  for (let i = 0; i < 7 * 19; i++)
    board.play(2 * 19 * Math.floor(i / 19) + (i % 19), i % 2 === 0 ? BLACK : WHITE);
  const laddered = points(flagsOf(board), LADDERED);
  // Stones of the third line from above at either edge, and between them all that the budget is spent on.
  expect(laddered).toContain(2 * 19);
  expect(laddered).not.toContain(2 * 19 + 18);
});
