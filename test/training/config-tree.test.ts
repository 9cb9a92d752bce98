/** Configs put over one another: what says nothing changes nothing, and a value that would be lost is found. */
import { expect, test } from 'vitest';
import { covered, merge } from '#training/config-tree.ts';

test('fields that say something go over others; empty ones and lists are no fields', () => {
  const under = { net: '4x32', data: { files: ['a', 'b'], kind: 'games' } };
  const over = { net: { blocks: undefined }, data: { files: ['c'] }, steps: 9 };
  expect(merge(under, over)).toEqual({ net: '4x32', data: { files: ['c'], kind: 'games' }, steps: 9 });
  expect(covered(under, over)).toEqual([]);
});

test.each([
  [{ net: '4x32' }, { net: { blocks: 6 } }, ['net']],
  [{ learner: { schedule: 'cosine' } }, { learner: { schedule: { kind: 'cyclic' } } }, ['learner.schedule']],
  [{ a: null, b: { c: [1], d: 2 } }, { a: { e: 1 }, b: { c: { f: 3 }, d: { g: 4 } } }, ['a', 'b.c', 'b.d']],
])('fields over a value of %j that has none are told', (under, over, places) => {
  expect(covered(under, over)).toEqual(places);
});

test('a value over fields is no loss: the schema sees it', () => {
  expect(covered({ net: { trunk: {} }, steps: 1 }, { net: '4x32', steps: 2 })).toEqual([]);
});
