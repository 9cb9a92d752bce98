/** Games as positions: turns, ko, superko, passes and their end. */
import { expect, test } from 'vitest';
import { BLACK, WHITE, opponent } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS, makeRules } from '#engine/go/rules.ts';
import type { Rules } from '#engine/go/rules.ts';
import { naivePlay } from './naive.ts';

type Naive = { stones: number[]; color: number; passes: number; koPoint: number; history: string[] };

const stateKey = (stones: readonly number[], color: number, rules: Rules): string =>
  stones.join('') + (rules.ko === 'situational' ? `/${color}` : '');

/** Children of a naive state: every rule recomputed from the stones and a list of strings. */
function naiveChildren(state: Naive, rules: Rules, width: number, height: number): Naive[] {
  if (state.passes === 2) return [];
  const { stones, color, history } = state;
  const children: Naive[] = [];
  for (let p = 0; p < stones.length; p++) {
    if (stones[p] !== 0 || p === state.koPoint) continue;
    const after = naivePlay(stones, p, color, width, height);
    if (!rules.suicide && after[p] === 0) continue;
    const key = stateKey(after, 3 - color, rules);
    if (rules.ko !== 'simple' && history.includes(key)) continue;
    const taken = stones.flatMap((stone, q) => (stone === 3 - color && after[q] === 0 ? [q] : []));
    const back = taken.length === 1 ? naivePlay(after, taken[0], 3 - color, width, height) : [];
    const isKo = rules.ko === 'simple' && taken.length === 1 && back.join() === stones.join();
    const koPoint = isKo ? taken[0] : -1;
    children.push({ stones: after, color: 3 - color, passes: 0, koPoint, history: [...history, key] });
  }
  const passKey = stateKey(stones, 3 - color, rules);
  children.push({
    ...state,
    color: 3 - color,
    passes: state.passes + 1,
    koPoint: -1,
    history: [...history, passKey],
  });
  return children;
}

const naiveWalks = (state: Naive, depth: number, rules: Rules, w: number, h: number): number =>
  depth === 0
    ? 1
    : naiveChildren(state, rules, w, h).reduce((n, s) => n + naiveWalks(s, depth - 1, rules, w, h), 0);

function walks(position: Position, depth: number): number {
  if (depth === 0) return 1;
  let count = 0;
  for (const move of position.legalMoves()) {
    const result = position.play(move);
    if (!result.ok) throw new Error(`listed as legal: ${move}, refused: ${result.reason}`);
    count += walks(result.position, depth - 1);
  }
  return count;
}

test.each(Object.keys(RULE_PRESETS) as (keyof typeof RULE_PRESETS)[])(
  'under %s rules as many move sequences are legal as a naive second implementation finds',
  (name) => {
    const rules = RULE_PRESETS[name];
    for (const [width, height, depth] of [
      [2, 2, 7],
      [3, 2, 5],
      [3, 3, 4],
    ]) {
      const stones = Array.from({ length: width * height }, () => 0);
      const start = { stones, color: 1, passes: 0, koPoint: -1, history: [stateKey(stones, 1, rules)] };
      const expected = naiveWalks(start, depth, rules, width, height);
      expect(walks(Position.start({ width, height, rules }), depth), `${width}x${height}`).toBe(expected);
    }
  },
);

function playAll(position: Position, moves: readonly number[]): Position {
  return moves.reduce((p, move) => {
    const result = p.play(move);
    if (!result.ok) throw new Error(`${move}: ${result.reason}`);
    return result.position;
  }, position);
}

test('a ko is refused at once and allowed after a move elsewhere, unless the whole board repeats', () => {
  // . X O .      Black at 1, 4, 9; White at 2, 7, 10; White plays 5, Black takes it from 6.
  // X O . O
  // . X O .
  const setup = { black: [1, 4, 9], white: [2, 5, 7, 10] };
  for (const [ko, reason] of [
    ['simple', 'ko'],
    ['positional', 'superko'],
    ['situational', 'superko'],
  ] as const) {
    const rules = makeRules('chinese', { ko });
    const taken = playAll(Position.start({ width: 4, height: 4, rules, setup, toPlay: BLACK }), [6]);
    expect(taken.board.stones[5]).toBe(0);
    expect(taken.play(5)).toEqual({ ok: false, reason });
    expect(playAll(taken, [15, 12]).isLegal(5)).toBe(true);
    // Whoever has just taken may connect, if it is asked about him.
    expect(([WHITE, BLACK] as const).map((color) => taken.resume(color).isLegal(5))).toEqual([false, true]);
  }
});

test('two passes end the game, a resumed game goes on with its history', () => {
  const start = Position.start({ width: 5, height: 5, rules: RULE_PRESETS.chinese });
  const over = playAll(start, [12, 25, 25]);
  expect(over.isOver).toBe(true);
  expect(over.play(0)).toEqual({ ok: false, reason: 'game-over' });
  const resumed = over.resume();
  expect(resumed.moves()).toEqual([12, 25, 25]);
  expect(resumed.toPlay).toBe(opponent(BLACK));
  expect(resumed.play(12)).toEqual({ ok: false, reason: 'occupied' });
  expect(resumed.play(26)).toEqual({ ok: false, reason: 'off-board' });
  expect(resumed.play(0).ok).toBe(true);
});

test('after handicap White moves first, and set-up stones must have liberties', () => {
  const rules = RULE_PRESETS.aga;
  const position = Position.start({ width: 9, height: 9, rules, handicapStones: [20, 60] });
  expect([position.toPlay, position.handicap, position.board.stones[20]]).toEqual([2 as Color, 2, 1]);
  expect(() => Position.start({ width: 2, height: 2, rules, setup: { black: [1, 2], white: [0] } })).toThrow(
    /no liberties/,
  );
});
