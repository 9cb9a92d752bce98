/** Whom a net is judged against. */
import { expect, test } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import { rateOf } from '#selfplay/rating/elo.ts';
import { chooseOpponents } from '#selfplay/rating/opponents.ts';
import { generationOfName, netName, rateMatches } from '#selfplay/rating/rating-book.ts';
import type { RatedMatch, Ratings } from '#selfplay/run/run-files.ts';

const ANCHORS = ['random', 'playouts@100', 'gnugo@10'];

const rated = (elos: Readonly<Record<string, number>>, best: string | null): Ratings => ({
  players: Object.entries(elos).map(([name, elo]) => ({
    name,
    generation: name.startsWith('G') ? Number(name.slice(1)) : null,
    elo,
    low: elo - 50,
    high: elo + 50,
    games: 40,
  })),
  best,
});

const choose = (
  generation: number,
  ratings: Ratings,
  hasNet: (generation: number) => boolean = () => true,
): string[] => chooseOpponents({ generation, every: 5, ratings, anchors: ANCHORS, hasNet });

test('the first net meets the weakest anchor alone', () => {
  expect(choose(0, rated({}, null))).toEqual(['random']);
});

test('a net meets those of one and two judgements ago and the best, each once', () => {
  const elos = { random: 0, G0: 0, G5: 500, G10: 400, G15: 450 };
  expect(choose(20, rated(elos, 'G5'))).toEqual(['random', 'playouts@100', 'G15', 'G10', 'G5']);
  expect(choose(10, rated({ random: 0, G0: 0, G5: 50 }, 'G5'))).toEqual([
    'random',
    'playouts@100',
    'G5',
    'G0',
  ]);
});

test('nets whose files are gone are left out, and a net never meets itself or a later one', () => {
  const elos = { random: 0, G0: 0, G5: 300, G10: 400 };
  expect(choose(10, rated(elos, 'G10'), (generation) => generation !== 0)).toEqual([
    'random',
    'playouts@100',
    'G5',
  ]);
});

test('an anchor comes in once the one below it is beaten more often than not, and goes out when it always loses', () => {
  expect(choose(5, rated({ random: 0, G0: -30 }, 'G0'))).toEqual(['random', 'G0']);
  expect(choose(10, rated({ random: 0, G5: 300, G0: 0 }, 'G5'))).toEqual([
    'random',
    'playouts@100',
    'G5',
    'G0',
  ]);
  const strong = { random: 0, 'playouts@100': 500, G0: 0, G5: 900 };
  expect(choose(10, rated(strong, 'G5'))).toEqual(['playouts@100', 'gnugo@10', 'G5', 'G0']);
});

test('an anchor that always wins waits until the nets come within reach, and somebody is always met', () => {
  const weak = { random: 0, 'playouts@100': 500, 'gnugo@10': 1800, G0: 0, G5: 900 };
  expect(choose(10, rated(weak, 'G5'))).toEqual(['playouts@100', 'G5', 'G0']);
  const far = { random: 0, 'playouts@100': 500, 'gnugo@10': 1400, G0: 0, G5: 2500 };
  expect(choose(10, rated(far, 'G5'))).toEqual(['G5', 'G0']);
  expect(choose(10, rated(far, 'G5'), () => false)).toEqual(['gnugo@10']);
});

test('the ladder of a simulated run recovers the strengths of its nets and anchors', () => {
  const anchors: Readonly<Record<string, number>> = { random: 0, 'playouts@100': 700, 'gnugo@10': 1500 };
  const truth = (name: string): number =>
    anchors[name] ?? 1900 * (1 - Math.exp(-(generationOfName(name) ?? NaN) / 40));
  for (const seed of [1, 2, 3]) {
    const rng = makeRng(seed);
    const matches: RatedMatch[] = [];
    for (let generation = 0; generation <= 200; generation += 5) {
      const first = netName(generation);
      for (const second of choose(generation, rateMatches(matches))) {
        const rate = rateOf(truth(first) - truth(second));
        const wins = Array.from({ length: 20 }, () => rng.nextFloat() < rate).filter(Boolean).length;
        matches.push({ generation, first, second, wins, losses: 20 - wins, draws: 0, runSeconds: 0 });
      }
    }
    const { players, best } = rateMatches(matches);
    expect(players.length).toBe(41 + 3);
    const errors = players.map(({ name, elo }) => elo - truth(name));
    const mean = errors.reduce((a, b) => a + b) / errors.length;
    // The intervals are those of the distance from the mean of all.
    const held = players.filter(({ elo, high }, i) => Math.abs(errors[i] - mean) <= high - elo).length;
    expect(held / players.length).toBeGreaterThan(0.85);
    // 0 is known only through the few games of the first nets.
    expect(Math.abs(mean)).toBeLessThan(300);
    expect(truth(best ?? '')).toBeGreaterThan(1800);
  }
});
