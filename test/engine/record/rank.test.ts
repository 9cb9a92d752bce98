/** Ranks and ratings as records write them, on one scale. */
import { expect, test } from 'vitest';
import { formatRank, parseRank } from '#engine/record/rank.ts';

test.each([
  ['30k', -29],
  ['12K', -11],
  ['1 kyu', 0],
  ['3级', -2],
  ['1d', 1],
  ['5 Dan', 5],
  ['9段', 9],
  ['7d?', 7],
  ['1p', 10],
  ['9P', 18],
  ['P9', 18],
  ['P8段', 17],
  ['100', 100],
  [' 2300? ', 2300],
  ['2399.8', 2399],
])('%j is %d', (text, rank) => {
  expect(parseRank(text)).toBe(rank);
});

test.each([
  '',
  '?',
  '7',
  '99',
  '0d',
  '10d',
  '31k',
  '10p',
  '0k',
  'p',
  'd',
  'P3k',
  '2300d',
  '12345',
  'strong',
  '9d9d',
])('%j is no rank', (text) => {
  expect(parseRank(text)).toBeNull();
});

test('what is written is read again, and stronger players have larger numbers', () => {
  const texts = ['30k', '2k', '1k', '1d', '9d', '1p', '9p', '100', '2893'];
  const ranks = texts.map((text) => parseRank(text) as number);
  expect(ranks.map(formatRank)).toEqual(texts);
  expect(ranks.toSorted((a, b) => a - b)).toEqual(ranks);
});
