/** Positions whose score no further play can change. */
import { expect, test } from 'vitest';
import { BLACK } from '#engine/go/color.ts';
import { makeRules } from '#engine/go/rules.ts';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import { Search } from '#engine/search/search.ts';
import { isSettled } from '#engine/search/settled.ts';
import { positionOf } from '../go/diagram.ts';
import { hashEvaluator, played } from './helpers.ts';

const area = makeRules('chinese', { komi: 0.5 });
const SETTLED = `
  . X O . O
  X X O O O
  . X O . O
  X X O O O
  . X O . O`;

test('a board of pass-alive stones and their eyes is settled under area rules only', () => {
  expect(isSettled(positionOf(SETTLED, area))).toBe(true);
  expect(isSettled(positionOf(SETTLED, makeRules('japanese')))).toBe(false);
  expect(isSettled(positionOf(SETTLED, { ...area, tax: 'all' }))).toBe(false);
});

test('one stone that still has to be taken, one point between the sides, or one eye too few is not settled', () => {
  expect(isSettled(positionOf('O . X O O\nX X X O .\n. X O O O\nX X O . O\nX X O O O', area))).toBe(false);
  expect(isSettled(positionOf(SETTLED.replace('. X O .', '. X . .'), area))).toBe(false);
  expect(isSettled(positionOf('. X O . O\nX X O O O\nX X O . O\nX X O O O\nX X O . O', area))).toBe(false);
});

test('a search scores settled positions exactly without asking anyone, and still answers in one', async () => {
  // Black fills the last point between the sides: ten points to fifteen, less the komi.
  const diagram = SETTLED.replace('. X O .', '. . O .');
  let evaluations = 0;
  const search = new Search(
    hashEvaluator(8, (size) => (evaluations += size)),
    NET_SEARCH,
  );
  const position = positionOf(diagram, area, BLACK);
  const { moves } = await search.search(position, { visits: 100 }, 1);
  expect(evaluations).toBeLessThan(100);
  const fill = moves.find(({ move }) => move === 1);
  expect(fill).toMatchObject({ scoreToPlay: -5.5, scoreStdev: 0, winrateToPlay: 0 });
  const settled = played(position, 1);
  const after = await search.search(settled, { visits: 20 }, 1);
  expect(settled.isLegal(after.move as number)).toBe(true);
  expect(after.rootVisits).toBe(20);
});
