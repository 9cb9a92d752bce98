/** From record files to batches: what is kept, which side of the hold-out it falls on, and what the net is shown. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { Board } from '#engine/go/board.ts';
import { BLACK, EMPTY, opponent, signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { SYMMETRY_COUNT, mapPoint, symmetryTable } from '#engine/go/symmetry.ts';
import { parseSgf } from '#engine/record/sgf.ts';
import { gameFromSgf } from '#engine/record/sgf-game.ts';
import { immediateEvaluator } from '#engine/search/evaluator.ts';
import { playoutEvaluator } from '#engine/search/playout-evaluator.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { OWN_FEATURES } from '#nets/features/feature-set.ts';
import { disposeBatch } from '#nets/batch.ts';
import { BoardAugment } from '#training/augment/board-augment.ts';
import { buildDataset } from '#training/dataset.ts';
import { makeBatch } from '#training/example.ts';
import { Sampler, exampleOf } from '#training/sampler.ts';
import { openEvaluator } from '#nets/evaluator.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { evaluateOnGames } from '#training/evaluate.ts';
import { readGameFiles } from '#training/game-files.ts';
import type { GameFile } from '#training/game-files.ts';
import { bagged } from '#training/bag.ts';
import { gameHash, sideOf, testShares } from '#training/holdout.ts';
import { newPositions, positionKey } from '#training/position-key.ts';
import { randomPosition } from '../nets/random-positions.ts';
import { randomGame } from './games.ts';

beforeAll(() => useBackend('cpu'));

const SIDES = ['train', 'validation', 'test'] as const;

const fileOf = (records: string[]): GameFile => ({ path: 'test.sgfs', records });

test('whole games are kept for validation and for tests, always the same ones, and copies count once', () => {
  const records = Array.from({ length: 60 }, (_, seed) => randomGame(seed, 5, 12));
  const [first, again] = [records, records.toReversed()].map((list) =>
    buildDataset([fileOf(list), fileOf(list)], { features: OWN_FEATURES, holdOut: 0.3, trainShare: 1 }),
  );
  expect(SIDES.map((side) => first[side].length).reduce((a, b) => a + b)).toBe(60);
  expect(first.skipped.get('a second copy of a game')).toBe(60);
  for (const side of SIDES) expect(first[side].length).toBeGreaterThan(5);
  const keys = (games: typeof first.train): string[] => games.map((game) => game.moves.join()).toSorted();
  for (const side of SIDES) expect(keys(again[side])).toEqual(keys(first[side]));
});

test('of boards of several sizes only those asked for are taken', () => {
  const records = Array.from({ length: 20 }, (_, seed) => randomGame(seed, seed % 2 === 0 ? 5 : 6, 12));
  const options = { features: OWN_FEATURES, holdOut: 0.3, trainShare: 1, size: 5 };
  const games = buildDataset([fileOf(records)], options);
  const widths = SIDES.flatMap((side) => games[side].map(({ positions }) => positions.width));
  expect(widths).toEqual(Array(10).fill(5));
});

test('the hash of a game ignores everything but board and moves, and splits evenly', () => {
  const hashOf = (sgf: string): number => {
    const parsed = parseSgf(sgf);
    const game = parsed.ok ? gameFromSgf(parsed.games[0]) : null;
    if (!game?.ok) throw new Error(`test game is not read: ${sgf}`);
    return gameHash(game.value);
  };
  const hash = hashOf('(;GM[1]SZ[9];B[ee];W[cc])');
  for (const same of [
    '(;GM[1]FF[4]SZ[9]PB[Ann]PW[Bo]DT[2020-01-01]RE[W+R]KM[7];B[ee]C[hi];W[cc])',
    '(;GM[1]SZ[9]RU[Japanese]HA[0];B[ee];W[cc](;N[end]))',
  ])
    expect(hashOf(same)).toBe(hash);
  for (const other of [
    '(;GM[1]SZ[9];B[ee];W[cd])',
    '(;GM[1]SZ[9];B[ee];B[cc])',
    '(;GM[1]SZ[9];B[cc];W[ee])',
    '(;GM[1]SZ[9];B[ee])',
    '(;GM[1]SZ[9:10];B[ee];W[cc])',
    '(;GM[1]SZ[13];B[ee];W[cc])',
  ])
    expect(hashOf(other), other).not.toBe(hash);
  let held = 0;
  for (let i = 0; i < 2000; i++) {
    const moves = [i % 81, Math.floor(i / 81)].map((move) => ({ color: 1, move }));
    if (sideOf(gameHash({ width: 9, height: 9, moves }), testShares(0.25)) === 'test') held++;
  }
  expect(held).toBeGreaterThan(420);
  expect(held).toBeLessThan(580);
});

const SYMMETRIES = Array.from({ length: SYMMETRY_COUNT }, (_, symmetry) => symmetry);

test.each([
  [9, 9],
  [5, 8],
])('turned copies of a game on %i x %i have its hash', (width, height) => {
  // The first move is on the diagonal, so that the second decides which copy comes first; one is a pass.
  const moves = [2 * width + 2, 3 * width + 1, width * height, 4].map((move, i) => ({
    color: 1 + (i % 2),
    move,
  }));
  const turned = SYMMETRIES.map((symmetry) => {
    const image = symmetryTable(symmetry, width, height);
    const sides = symmetry & 4 ? { width: height, height: width } : { width, height };
    return gameHash({ ...sides, moves: moves.map(({ color, move }) => ({ color, move: image[move] })) });
  });
  expect(new Set(turned).size).toBe(1);
  const other = [...moves.slice(0, 3), { color: 2, move: 5 }];
  expect(gameHash({ width, height, moves: other })).not.toBe(turned[0]);
});

test('positions are the same up to symmetry, with the same player to move on boards of the same size', () => {
  const { board, toPlay } = randomPosition(3, 7, 6);
  const key = positionKey({ board, toPlay });
  for (const symmetry of SYMMETRIES) {
    const [width, height] = symmetry & 4 ? [6, 7] : [7, 6];
    const turned = new Board(width, height);
    board.stones.forEach((stone, p) => {
      if (stone !== EMPTY) turned.play(mapPoint(symmetry, p, 7, 6), stone as Color);
    });
    expect(positionKey({ board: turned, toPlay })).toBe(key);
  }
  expect(positionKey({ board, toPlay: opponent(toPlay) })).not.toBe(key);
  const [small, large] = [5, 7].map((side) => positionKey({ board: new Board(side, side), toPlay: BLACK }));
  expect(small).not.toBe(large);
});

test('of games that are tested by, positions are new but for those that are learned from', () => {
  const records = Array.from({ length: 20 }, (_, seed) => randomGame(seed, 5, 12));
  const options = { features: OWN_FEATURES, holdOut: 0.3, trainShare: 1 };
  const { train, test: tested } = buildDataset([fileOf(records)], options);
  const isNew = newPositions(train, tested);
  let first = 0;
  for (const { moves } of tested) {
    // All games begin with the empty board.
    expect([isNew(first), isNew(first + moves.length - 1)]).toEqual([false, true]);
    first += moves.length;
  }
  expect(first).toBeGreaterThan(0);
});

test('a smaller share to learn from is part of a larger one, and the same is held out', () => {
  const files = [fileOf(Array.from({ length: 80 }, (_, seed) => randomGame(seed, 5, 8)))];
  const of = (trainShare: number): string[][] => {
    const { train, validation, test } = buildDataset(files, {
      features: OWN_FEATURES,
      holdOut: 0.25,
      trainShare,
    });
    return [train, [...validation, ...test]].map((games) => games.map(({ moves }) => moves.join()));
  };
  const [[whole, held], [half, sameHeld], [eighth]] = [of(1), of(0.5), of(0.125)];
  expect(whole.length + held.length).toBe(80);
  expect(sameHeld).toEqual(held);
  expect(whole).toEqual(expect.arrayContaining(half));
  expect(half).toEqual(expect.arrayContaining(eighth));
  expect(half.length).toBeGreaterThan(eighth.length);
  expect(eighth.length).toBeGreaterThan(0);
  expect(half.length).toBeLessThan(0.7 * whole.length);
});

test('a bag holds as many of the same, some several times, as its seed says', () => {
  const items = Array.from({ length: 1000 }, (_, i) => i);
  const [bag, other] = [bagged(items, 1), bagged(items, 2)];
  expect(bag).toHaveLength(1000);
  expect(bagged(items, 1)).toEqual(bag);
  expect(other).not.toEqual(bag);
  // 1 - 1 / e of them.
  expect(new Set(bag).size).toBeGreaterThan(580);
  expect(new Set(bag).size).toBeLessThan(690);
  expect(bagged(items, null)).toBe(items);
});

test('a bag may draw each of the items, and all as often', () => {
  const drawn = Array.from({ length: 3000 }, (_, seed) => bagged([0, 1, 2], seed)).flat();
  // Of 9000 draws: five deviations are 224.
  for (const item of [0, 1, 2])
    expect(Math.abs(drawn.filter((one) => one === item).length - 3000)).toBeLessThan(224);
});

test('several nets are measured by their mean, which forecasts moves no worse than they do on average', async () => {
  const members = [1, 2].map((seed) => playoutEvaluator({ seed }));
  const { policy } = await evaluateOnGames(members, [fileOf([randomGame(1, 5, 6)])], {
    holdOut: 1,
    skipped: new Map(),
  });
  expect(policy.forecasts).toBe(8);
  expect(policy.nll).toBeLessThanOrEqual(policy.memberNll + 1e-9);
});

test('under all eight symmetries a game is measured as its mirror image is, and no worse than under one', async () => {
  const opened = await openEvaluator(defaultNetPath);
  if (!opened.ok) throw new Error(opened.message);
  const { evaluator } = opened;
  const record = randomGame(1, 7, 20);
  const mirrored = record.replaceAll(/([BW])\[(.)(.)\]/g, '$1[$3$2]');
  expect(mirrored).not.toBe(record);
  const measure = async (game: string, symmetries: number): Promise<number[]> => {
    const { policy, valueMse } = await evaluateOnGames([evaluator], [fileOf([game])], {
      holdOut: 1,
      symmetries,
      skipped: new Map(),
    });
    return [policy.nll, policy.memberNll, valueMse];
  };
  const [[nll, memberNll, valueMse], turned, [one]] = [
    await measure(record, 8),
    await measure(mirrored, 8),
    await measure(record, 1),
  ];
  for (const [i, figure] of [nll, memberNll, valueMse].entries()) expect(turned[i]).toBeCloseTo(figure, 4);
  expect((await measure(mirrored, 1))[0]).not.toBeCloseTo(one, 3);
  expect(nll).toBeLessThan(memberNll);
  await evaluator.close();
});

test('records that cannot be used are counted by reason, in training and in measuring', async () => {
  const good = randomGame(1, 5, 6);
  const records = [good, good, '(;', '(;GM[2])', '(;GM[1]SZ[5];B[aa];W[aa])'];
  const expected = {
    'a second copy of a game': 1,
    'not valid SGF': 1,
    'not a game this program reads': 1,
    'no moves, an illegal one, or two in a row by one player': 1,
  };
  const { train, skipped } = buildDataset([fileOf(records)], {
    features: OWN_FEATURES,
    holdOut: 0,
    trainShare: 1,
  });
  expect(train).toHaveLength(1);
  expect(Object.fromEntries(skipped)).toEqual(expected);
  const leftOut = new Map<string, number>();
  const accuracy = await evaluateOnGames([playoutEvaluator({ seed: 1 })], [fileOf(records)], {
    holdOut: 1,
    skipped: leftOut,
  });
  expect(accuracy).toMatchObject({ games: 1, positions: 8 });
  expect(Object.fromEntries(leftOut)).toEqual(expected);
});

test('owners and score are measured for whoever is to move, and winners beside always naming one colour', async () => {
  const files = [fileOf(['(;GM[1]FF[4]SZ[3]KM[0]RU[Chinese]RE[B+9];B[bb];W[];B[])'])];
  const sure = immediateEvaluator(8, (position) => ({
    policyLogits: new Float32Array(10),
    valueToPlay: signFor(position.toPlay),
    scoreToPlay: signFor(position.toPlay) * 7,
    scoreStdev: 0,
    ownershipToPlay: new Float32Array(9).fill(signFor(position.toPlay)),
  }));
  expect(await evaluateOnGames([sure], files, { holdOut: 1, skipped: new Map() })).toMatchObject({
    valueSign: 1,
    majority: 1,
    ownership: { accuracy: 1, accuracyLate: 1, meanIou: 0.5 },
    scoreError: 2,
  });
});

test('owners are measured apart over the last thirty moves of a game', async () => {
  // Black fills 20 points of 49, White passes; 41 positions.
  const moves = Array.from(
    { length: 20 },
    (_, i) => `;B[${'abcdefg'[i % 7]}${'abc'[Math.floor(i / 7)]}];W[]`,
  );
  const files = [fileOf([`(;GM[1]FF[4]SZ[7]KM[0]RU[Chinese]RE[B+49]${moves.join('')};B[])`])];
  const rightFrom = 20;
  const late = immediateEvaluator(8, ({ toPlay, moveNumber }) => ({
    policyLogits: new Float32Array(50),
    valueToPlay: 0,
    scoreToPlay: 0,
    scoreStdev: 0,
    ownershipToPlay: new Float32Array(49).fill(moveNumber < rightFrom ? -signFor(toPlay) : signFor(toPlay)),
  }));
  const { positions, ownership } = await evaluateOnGames([late], files, { holdOut: 1, skipped: new Map() });
  expect(positions).toBe(41);
  expect(ownership).toMatchObject({ accuracy: 21 / 41, accuracyLate: 21 / 30 });
});

test('targets are seen by the side to move, and ownership only where the board proves the result', () => {
  const sgf = '(;GM[1]FF[4]SZ[3]KM[0]RU[Chinese]RE[B+9];B[bb];W[];B[])';
  const wrong = sgf.replace('B+9', 'B+4');
  const { train } = buildDataset([fileOf([sgf])], { features: OWN_FEATURES, holdOut: 0, trainShare: 1 });
  const game = train[0];
  expect([...game.moves]).toEqual([4, 9, 9]);
  expect(game.targets.scoreBlack).toBe(9);
  const batch = makeBatch([0, 1].map((ply) => exampleOf(game, ply, 0)));
  expect([...batch.targets.value.dataSync()]).toEqual([1, -1]);
  expect([...batch.targets.ownership.dataSync()]).toEqual([...Array(9).fill(1), ...Array(9).fill(-1)]);
  expect(batch.targets.policy.arraySync().map((row) => row.indexOf(1))).toEqual([4, 9]);
  expect(batch.targets.score.dataSync()[1]).toBeCloseTo(-9 / 20);
  disposeBatch(batch);
  const unproven = buildDataset([fileOf([wrong])], { features: OWN_FEATURES, holdOut: 0, trainShare: 1 })
    .train[0];
  expect(unproven.targets).toEqual({ outcomeBlack: 1, scoreBlack: null, ownershipBlack: null });
});

test('a symmetry turns planes, move and ownership alike, and mixed sizes share a batch', () => {
  const { train } = buildDataset([fileOf([randomGame(1, 5, 14), randomGame(2, 7, 20)])], {
    features: OWN_FEATURES,
    holdOut: 0,
    trainShare: 1,
  });
  const [small, large] = [5, 7].map((width) => train.find((game) => game.positions.width === width));
  if (!small || !large) throw new Error('both games are needed');
  for (let s = 0; s < 8; s++) {
    const batch = makeBatch([exampleOf(small, 10, 0), exampleOf(small, 10, s), exampleOf(large, 3, s)]);
    const planes = batch.planes.arraySync();
    const ownership = batch.targets.ownership.arraySync();
    const policy = batch.targets.policy.arraySync();
    const mask = batch.targets.mask.arraySync();
    for (let p = 0; p < 25; p++) {
      const q = mapPoint(s, p, 5, 5);
      const [from, to] = [Math.floor(p / 5) * 7 + (p % 5), Math.floor(q / 5) * 7 + (q % 5)];
      expect(planes[1][Math.floor(q / 5)][q % 5]).toEqual(planes[0][Math.floor(p / 5)][p % 5]);
      expect(ownership[1][to]).toBe(ownership[0][from]);
      expect(policy[1][to]).toBe(policy[0][from]);
    }
    expect(mask.map((row) => row.reduce((a, b) => a + b))).toEqual([25, 25, 49]);
    expect(policy.map((row) => row.reduce((a, b) => a + b))).toEqual([1, 1, 1]);
    expect(planes[0][6][6]).toEqual(Array(OWN_FEATURES.planes).fill(0));
    disposeBatch(batch);
  }
});

test('a sampler reaches every position, and a step draws the same each time', () => {
  const { train } = buildDataset([fileOf([randomGame(1, 5, 8), randomGame(2, 5, 3)])], {
    features: OWN_FEATURES,
    holdOut: 0,
    trainShare: 1,
  });
  const sampler = new Sampler(train);
  expect(sampler.positions).toBe(10 + 5);
  const all = Array.from({ length: 15 }, (_, i) => sampler.at(i));
  expect(all.map((example) => example.index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4]);
  const draw = (step: number): object[] => sampler.draw(6, 1, step, BoardAugment.parse({ komi: 3 }));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('files are read plain or gzipped, one game a line or one a file, and refusals name the file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tengen-'));
  const lines = [randomGame(1, 5, 4), randomGame(2, 5, 4)].join('\n');
  writeFileSync(join(folder, 'a.sgfs.gz'), gzipSync(lines));
  writeFileSync(join(folder, 'b.sgf'), randomGame(3, 5, 4).replace(';B', '\n;B'));
  const read = readGameFiles([folder]);
  expect(read.ok && read.files.map((file) => file.records.length)).toEqual([2, 1]);
  const cut = join(folder, 'cut.sgfs.gz');
  writeFileSync(cut, gzipSync(lines).subarray(0, 40));
  expect(readGameFiles([cut])).toEqual({
    ok: false,
    message: `${cut} is gzipped but damaged or cut short; copy it again.`,
  });
  expect(readGameFiles([join(folder, 'none')])).toMatchObject({
    ok: false,
    message: expect.stringContaining('no such file'),
  });
});

test('a damaged line costs its own game, and lines of variations are none by themselves', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tengen-'));
  const recordsOf = (name: string, text: string): number => {
    writeFileSync(join(folder, name), text);
    const read = readGameFiles([join(folder, name)]);
    return read.ok ? read.files[0].records.length : 0;
  };
  const games = [1, 2, 3].map((seed) => randomGame(seed, 5, 4));
  expect(recordsOf('cut.sgfs', [...games, '(;GM[1]SZ[5];B[a'].join('\n'))).toBe(4);
  expect(recordsOf('variations.sgf', '(;GM[1]SZ[5]\n(;B[aa])\n(;B[bb])\n(;B[cc]))')).toBe(1);
  expect(recordsOf('broken.sgf', '(;GM[1]SZ[5]\n;B[aa]\n;W[bb]\n;B[cc')).toBe(1);
});
