/** The ladder of a run. */
import { expect, test } from 'vitest';
import { generationOfName, netName, rateMatches } from '#selfplay/rating/rating-book.ts';
import { Ratings } from '#selfplay/run/run-files.ts';
import type { RatedMatch } from '#selfplay/run/run-files.ts';

const match = (first: string, second: string, wins: number, losses: number): RatedMatch => ({
  generation: generationOfName(first) ?? 0,
  first,
  second,
  wins,
  losses,
  draws: 0,
  runSeconds: 0,
});

test('nets and anchors stand on one ladder, random at 0, and the best is the strongest net', () => {
  const ratings = rateMatches([
    match('G2', 'random', 15, 5),
    match('G4', 'G2', 12, 8),
    match('G6', 'G4', 8, 12),
    match('G6', 'gnugo', 0, 20),
    match('G4', 'gnugo', 0, 20),
  ]);
  expect(Ratings.parse(ratings)).toEqual(ratings);
  expect(ratings.players.map(({ name }) => name)).toEqual(['gnugo', 'G4', 'G6', 'G2', 'random']);
  expect(ratings.players.map(({ generation }) => generation)).toEqual([null, 4, 6, 2, null]);
  expect(ratings.players.at(-1)).toMatchObject({ elo: 0, games: 20 });
  expect(ratings.best).toBe('G4');
});

test('of two equally strong nets the later is the best', () => {
  expect(rateMatches([match('G9', 'random', 5, 5), match('G10', 'random', 5, 5)]).best).toBe('G10');
});

test('without random the first player has 0, and without matches there is no ladder', () => {
  const ratings = rateMatches([match('G5', 'G0', 9, 1)]);
  expect(ratings.players.find(({ name }) => name === 'G5')?.elo).toBe(0);
  expect(rateMatches([])).toEqual({ players: [], best: null });
});

test('names of nets are read as they are written', () => {
  expect(generationOfName(netName(12))).toBe(12);
  for (const name of ['gnugo', 'G', 'G1x', 'xG1', 'random']) expect(generationOfName(name)).toBe(null);
});
