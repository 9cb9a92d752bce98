/** The cursor shows what the immutable position shows. */
import { expect, test } from 'vitest';
import type { Board } from '#engine/go/board.ts';
import { PositionCursor } from '#engine/go/cursor.ts';
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { makeRng } from '#engine/go/random.ts';
import type { PositionView } from '#engine/go/view.ts';

const libertiesOf = (board: Board): number[] =>
  Array.from(board.stones, (stone, p) => 10 * board.liberties(p) + stone);

const summary = (view: PositionView): unknown => ({
  stones: [...view.board.stones],
  captures: [...view.board.captures],
  toPlay: view.toPlay,
  passes: view.consecutivePasses,
  moveNumber: view.moveNumber,
  isOver: view.isOver,
  recent: [0, 1, 2, 3, 4, 5].map((i) => view.recentMove(i)),
  earlier: [1, 2, 3, 4, 5].map((i) => {
    const board = view.boardBefore(i);
    return board && [board.hashHi, board.hashLo, board.koPoint, ...libertiesOf(board)];
  }),
  legal: Array.from({ length: view.board.area + 2 }, (_, move) => view.isLegal(move)),
});

test.each(Object.entries(RULE_PRESETS))(
  'a cursor under %s rules shows what positions show, forwards and backwards',
  (_name, rules) => {
    for (let seed = 0; seed < 40; seed++) {
      const rng = makeRng(seed);
      let position = Position.start({ width: 4, height: 3, rules });
      for (let i = 0; i < 6; i++) {
        const moves = position.legalMoves();
        const result = position.play(moves[rng.nextInt(moves.length)]);
        if (result.ok) position = result.position;
      }
      const cursor = new PositionCursor(position);
      const seen: unknown[] = [];
      for (let ply = 0; ply < 40 && !position.isOver; ply++) {
        expect(summary(cursor)).toEqual(summary(position));
        seen.push(summary(cursor));
        // Passes end games early, so they are drawn seldom.
        const moves = position.legalMoves();
        const move = moves[rng.nextInt(moves.length - (rng.nextInt(5) > 0 && moves.length > 1 ? 1 : 0))];
        const result = position.play(move);
        if (!result.ok) throw new Error(result.reason);
        position = result.position;
        cursor.play(move);
      }
      expect(summary(cursor)).toEqual(summary(position));
      for (const expected of seen.toReversed()) {
        cursor.undo();
        expect(summary(cursor)).toEqual(expected);
      }
    }
  },
);
