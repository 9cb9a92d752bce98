/** How hard a net thinks, and what goes along with it. */
import { mean, sum } from 'simple-statistics';
import { expect, test } from 'vitest';
import { EMPTY } from '#engine/go/color.ts';
import { changeSpec } from '#nets/changed-spec.ts';
import { openRawNet } from '#nets/inference/raw-opinion.ts';
import type { RawNet } from '#nets/inference/raw-opinion.ts';
import { effortOnGames } from '#training/effort.ts';
import { foundGames } from '#training/found-games.ts';
import type { GameFile } from '#training/game-files.ts';
import { partialRankCorrelation, rankCorrelation } from '#training/rank-correlation.ts';
import { randomNet, specOf } from '../nets/architectures/small-nets.ts';
import { randomGame } from './games.ts';

test('ranks that are equal share their mean', () => {
  // Ranks 0, 1.5, 1.5, 3 against 0, 2, 1, 3: covariance 4.5, squares 4.5 and 5.
  expect(rankCorrelation([1, 5, 5, 9], [-3, 0, -1, 100])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  expect(rankCorrelation([1, 2, 3], [9, 4, 1])).toBeCloseTo(-1, 12);
  expect(rankCorrelation([1, 2, 3], [7, 7, 7])).toBeNaN();
});

test('what two quantities owe to a third alone is no partial correlation', () => {
  const z = Array.from({ length: 400 }, (_, i) => i);
  const wave = (period: number): number[] =>
    z.map((value) => value + 60 * Math.sin((2 * Math.PI * value) / period));
  expect(rankCorrelation(wave(7), wave(11))).toBeGreaterThan(0.8);
  expect(Math.abs(partialRankCorrelation(wave(7), wave(11), z))).toBeLessThan(0.1);
  expect(partialRankCorrelation(wave(7), wave(7), z)).toBeCloseTo(1, 12);
});

type Seen = { evaluations: number; policyEntropy: number; doubt: number; stones: number };

/** What the net says of each position of the games, asked one by one. */
async function seenIn(net: RawNet, files: readonly GameFile[]): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const { positions } of foundGames(files, { sideOf: () => 'test', skipped: new Map() }))
    for (const position of positions) {
      const [{ evaluation, slopeEvaluations = NaN }] = await net.opinions(position, [0]);
      const weights = position.legalMoves().map((move) => Math.exp(evaluation.policyLogits[move]));
      const shares = weights.map((weight) => weight / sum(weights));
      seen.push({
        evaluations: slopeEvaluations,
        policyEntropy: -sum(shares.map((share) => share * Math.log(share))),
        doubt: 1 - Math.abs(evaluation.valueToPlay),
        stones: position.board.stones.reduce((count, stone) => count + Number(stone !== EMPTY), 0),
      });
    }
  return seen;
}

test('the effort on games is that on each of their positions', async () => {
  // By a tolerance at which positions take between 50 and 86 evaluations.
  const solver = { kind: 'dopri5', rtol: 1e-5, atol: 1e-5 };
  const changed = changeSpec(specOf('ode:8'), { trunk: { solver } });
  if (!changed.ok) throw new Error(changed.message);
  const opened = await openRawNet(randomNet(changed.spec));
  const games = [{ path: 'games.sgfs', records: [1, 2].map((seed) => randomGame(seed, 5, 14)) }];
  const measure = (holdOut: number, every: number): ReturnType<typeof effortOnGames> =>
    effortOnGames(opened, games, { holdOut, every, skipped: new Map() });
  const all = await measure(1, 1);
  expect(all?.positions).toBe(2 * 16);
  const seen = await seenIn(opened, games);
  const column = (name: keyof Seen): number[] => seen.map((position) => position[name]);
  const [evaluations, stones] = [column('evaluations'), column('stones')];
  expect(all?.evaluations).toBeCloseTo(mean(evaluations), 12);
  const counts = Map.groupBy(evaluations, (count) => count);
  expect(Object.keys(all?.shares ?? {})).toHaveLength(counts.size);
  for (const [count, those] of counts) expect(all?.shares[count]).toBeCloseTo(those.length / seen.length, 12);
  expect(all?.stones.value).toBeCloseTo(rankCorrelation(evaluations, stones), 12);
  for (const name of ['policyEntropy', 'doubt'] as const) {
    const values = column(name);
    const expected = rankCorrelation(evaluations, values);
    expect(expected, name).not.toBeNaN();
    expect(all?.[name].alone.value, name).toBeCloseTo(expected, 12);
    expect(all?.[name].atEqualStones.value, name).toBeCloseTo(
      partialRankCorrelation(evaluations, values, stones),
      12,
    );
  }
  expect((await measure(1, 4))?.positions).toBe(8);
  expect(await measure(0, 1)).toBeNull();
  await opened.close();
});
