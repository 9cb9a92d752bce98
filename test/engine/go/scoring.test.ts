/** Counting under area and territory rules, with taxes and handicap. */
import { expect, test } from 'vitest';
import { handicapPoints } from '#engine/go/handicap.ts';
import { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import { scorePosition } from '#engine/go/scoring.ts';
import { positionOf } from './diagram.ts';

const area = makeRules('chinese', { komi: 0 });
const territory = makeRules('japanese', { komi: 0 });

const DIVIDED = `
  . X . O .
  . X . O .
  X X . O O
  . X . O .
  . X . O O`;

test('area counts stones and surrounded points, not dame', () => {
  const { black, white, scoreBlack } = scorePosition(positionOf(DIVIDED, area));
  expect([black, white, scoreBlack]).toEqual([10, 10, 0]);
});

test('a dead stone is the opponent’s point under area, and a point and a prisoner under territory rules', () => {
  const text = `
    . . X O .
    X X X O O
    . . X O .
    . . X O O`;
  const withDead = text.replace('. . X O .', 'O . X O .');
  const dead = [0];
  expect(scorePosition(positionOf(withDead, area), dead).black).toBe(
    scorePosition(positionOf(text, area)).black,
  );
  expect(scorePosition(positionOf(text, territory)).black).toBe(6);
  expect(scorePosition(positionOf(withDead, territory), dead).black).toBe(7);
});

test('captured stones are prisoners under territory rules', () => {
  const start = positionOf(
    `
    O . X
    X . .
    . . .`,
    territory,
  );
  const taken = start.play(1);
  if (!taken.ok) throw new Error(taken.reason);
  expect(taken.position.board.captures[1]).toBe(1);
  // Six points and one prisoner.
  expect(scorePosition(taken.position).black).toBe(7);
});

const SEKI = `
  . X O . O X .
  X X O O O X X
  X X X X X X X
  . X . X . X .`;

test('a neutral point left open between living groups costs neither its territory', () => {
  const open = `
    . . X O . .
    . . X O . .
    . . X O . .
    . . X . O .
    . . X O O .`;
  const filled = open.replace('. . X . O .', '. . X X O .');
  const { black, white } = scorePosition(positionOf(open, territory));
  expect([black, white]).toEqual([10, 8]);
  expect(scorePosition(positionOf(filled, territory)).black).toBe(black);
});

test('a group that touches dame has no territory where eyes in seki are taxed', () => {
  const text = `
    . X . O . O
    X X O O O O
    X O O . O O
    X O . O O .`;
  // The corner eye of Black and the dame beside it: Black stands in seki.
  const none = scorePosition(positionOf(text, area));
  const taxed = scorePosition(positionOf(text, { ...area, tax: 'seki' }));
  expect(none.black - taxed.black).toBe(1);
  expect(scorePosition(positionOf(SEKI, territory)).black).toBe(
    scorePosition(positionOf(SEKI, { ...territory, tax: 'none' })).black,
  );
});

test('group tax takes two points from each living group', () => {
  const plain = scorePosition(positionOf(DIVIDED.replaceAll('. O', 'O O'), area));
  const taxed = scorePosition(positionOf(DIVIDED.replaceAll('. O', 'O O'), { ...area, tax: 'all' }));
  expect(plain.black - taxed.black).toBe(2);
});

test('the handicap bonus is none, n or n - 1 points, and nothing for one stone', () => {
  const white = (handicapBonus: 'none' | 'n' | 'n-1', count: number): number => {
    const handicapStones = count === 1 ? [40] : handicapPoints(count, 9, 9);
    return scorePosition(
      Position.start({ width: 9, height: 9, rules: { ...area, handicapBonus }, handicapStones }),
    ).white;
  };
  expect([white('none', 4), white('n', 4), white('n-1', 4), white('n', 1)]).toEqual([0, 4, 3, 0]);
});
