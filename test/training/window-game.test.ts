/** What a game of self-play teaches of each of its positions, and how it looks to the net. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { signFor } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import { SYMMETRY_COUNT, symmetryTable } from '#engine/go/symmetry.ts';
import { SCORE_SCALE } from '#nets/architectures/net.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { disposeBatch } from '#nets/batch.ts';
import { FEATURE_SETS, FEATURE_SET_NAMES } from '#nets/features/feature-set.ts';
import type { SelfPlayGame } from '#selfplay/shards/self-play-game.ts';
import { makeBatch } from '#training/example.ts';
import type { Example } from '#training/example.ts';
import { windowGame } from '#training/window-game.ts';
import { encode } from '../nets/features/encode.ts';
import { fixtureGame } from '../selfplay/run/fixture-games.ts';

beforeAll(() => useBackend('cpu'));

const OWN = FEATURE_SETS['katago-v7'];

/** The examples of all positions of a game. */
function examples(game: SelfPlayGame, share: number, symmetry = 0, features = OWN): Example[] {
  const { packed, positions } = windowGame(game, features, share);
  return positions.map((target, index) => ({ ...target, positions: packed, index, symmetry }));
}

/** The tensors of a batch of one, as arrays. */
function shown(example: Example): Record<string, number[]> {
  const batch = makeBatch([example]);
  const { planes, globals, targets } = batch;
  const arrays = Object.fromEntries(
    Object.entries({ planes, globals, ...targets }).map(([name, tensor]) => [name, [...tensor.dataSync()]]),
  );
  disposeBatch(batch);
  return arrays;
}

function positionAt({ width, height, rules, setup, toPlay, moves }: SelfPlayGame, ply: number): Position {
  let position = Position.start({ width, height, rules, setup, toPlay });
  for (const move of moves.slice(0, ply)) {
    const played = position.play(move);
    if (!played.ok) throw new Error(played.reason);
    ({ position } = played);
  }
  return position;
}

/** The same with some stones set up first, so that White begins. */
function fromSetup(game: SelfPlayGame): SelfPlayGame {
  const [first, ...moves] = game.moves;
  const positions = game.positions
    .filter(({ ply }) => ply > 0)
    .map((position) => ({ ...position, ply: position.ply - 1 }));
  return {
    ...game,
    setup: { black: [first], white: [] },
    toPlay: 2,
    moves: Int16Array.from(moves),
    positions,
  };
}

test.each(FEATURE_SET_NAMES)('positions look to the net as %s shows them, under every symmetry', (name) => {
  const features = FEATURE_SETS[name];
  fc.assert(
    fc.property(fc.nat(1000), fc.boolean(), fc.nat(SYMMETRY_COUNT - 1), (index, setUp, symmetry) => {
      const plain = fixtureGame(0, index, 5, false);
      const game = setUp ? fromSetup(plain) : plain;
      for (const [k, example] of examples(game, 0, symmetry, features).entries()) {
        if (k % 5 !== 0) continue;
        const position = positionAt(game, game.positions[k].ply);
        expect(example.toPlay).toBe(position.toPlay);
        const { planes, globals } = encode(features, position, symmetry);
        const { planes: gotPlanes, globals: gotGlobals } = shown(example);
        expect(gotPlanes).toEqual([...planes]);
        expect(gotGlobals).toEqual([...globals]);
      }
    }),
    { numRuns: 10 },
  );
});

test('targets turn with the board', () => {
  const game = fixtureGame(0, 4, 5, false);
  const opinion = Int8Array.from({ length: 25 }, (_, p) => 5 * p - 60);
  const positions = game.positions.map((position) => ({ ...position, ownershipBlack: opinion }));
  const straight = examples({ ...game, positions }, 0.5);
  for (let symmetry = 1; symmetry < SYMMETRY_COUNT; symmetry++) {
    const table = symmetryTable(symmetry, 5, 5);
    for (const example of straight) {
      const [was, is] = [shown(example), shown({ ...example, symmetry })];
      for (const map of ['policy', 'reply', 'ownership'])
        was[map].forEach((value, p) => expect(is[map][table[p]], `${map} under ${symmetry}`).toBe(value));
      for (const same of ['value', 'score', 'globals']) expect(is[same]).toEqual(was[same]);
    }
  }
});

test('targets are those of the side to move: the result, mixed with what the search thought', () => {
  const plain = fixtureGame(0, 4, 5, false);
  const opinion = new Int8Array(25).fill(127);
  const positions = plain.positions.map((position) => ({ ...position, ownershipBlack: opinion }));
  const game = { ...plain, positions };
  const known = Array.from(game.ownershipBlack ?? []);
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
      for (const [k, example] of examples(game, share).entries()) {
        const { ply, valueBlack, scoreBlack } = game.positions[k];
        const sign = signFor(example.toPlay);
        const mixed = (result: number, search: number): number =>
          sign * ((1 - share) * result + share * search);
        const { value, score, ownership, valueKnown, scoreKnown, ownershipKnown } = shown(example);
        expect([valueKnown, scoreKnown, ownershipKnown]).toEqual([[1], [1], [1]]);
        expect(value[0]).toBeCloseTo(mixed(game.outcomeBlack, valueBlack), 6);
        expect(score[0]).toBeCloseTo(mixed(game.scoreBlack ?? NaN, scoreBlack) / SCORE_SCALE, 5);
        ownership.forEach((owner, p) =>
          expect(Math.abs(owner - mixed(known[p], 1))).toBeLessThan(0.5 / 127 + 1e-6),
        );
        expect(example.toPlay).toBe(ply % 2 === 0 ? 1 : 2);
      }
    }),
    { numRuns: 10 },
  );
});

test('the policy is the one searched, the reply the next move of the game and unknown at its end', () => {
  const game = fixtureGame(0, 4, 5, false);
  const last = { ...game.positions[0], ply: game.moves.length - 1 };
  const [first, ...others] = [...examples({ ...game, positions: [...game.positions, last] }, 0)];
  const { policy } = shown(first);
  const { policyMoves, policy: searched } = game.positions[0];
  policyMoves.forEach((move, k) => expect(policy[move]).toBe(searched[k]));
  expect(policy.reduce((sum, share) => sum + share)).toBeCloseTo(1, 6);
  for (const [k, { ply }] of game.positions.entries()) {
    const { reply } = shown([first, ...others][k]);
    if (ply + 1 < game.moves.length) expect(reply.indexOf(1)).toBe(game.moves[ply + 1]);
  }
  expect(Math.max(...shown(others.at(-1) ?? first).reply)).toBe(0);
});

test('after a resignation nobody knows the score nor who owns what, whatever the search thought', () => {
  const resigned = fixtureGame(0, 4, 7, true);
  for (const share of [0, 0.5]) {
    const { scoreKnown, ownershipKnown, valueKnown } = shown(examples(resigned, share)[0]);
    expect([...scoreKnown, ...ownershipKnown]).toEqual([0, 0]);
    expect(valueKnown).toEqual([1]);
  }
});

test('a score that the search has no opinion of is the one of the count', () => {
  const counted = fixtureGame(0, 4, 7, false);
  const positions = counted.positions.map((position) => ({ ...position, scoreBlack: NaN }));
  const [first] = examples({ ...counted, positions }, 0.5);
  expect(shown(first).score[0]).toBeCloseTo(
    (signFor(first.toPlay) * (counted.scoreBlack ?? NaN)) / SCORE_SCALE,
    6,
  );
});

test('boards of several sizes share a batch, each in the corner of the largest', () => {
  const [small, large] = [4, 6].map((size) => examples(fixtureGame(0, 1, size, false), 0)[2]);
  const batch = makeBatch([small, large]);
  expect(batch.fullBoards).toBe(false);
  expect(batch.planes.shape.slice(0, 3)).toEqual([2, 6, 6]);
  const [mask] = batch.targets.mask.arraySync();
  mask.forEach((on, p) => expect(on).toBe(p % 6 < 4 && p < 24 ? 1 : 0));
  const alone = shown(small);
  const [policy] = batch.targets.policy.arraySync();
  alone.policy
    .slice(0, 16)
    .forEach((share, p) => expect(policy[Math.floor(p / 4) * 6 + (p % 4)]).toBe(share));
  expect(policy[36]).toBe(alone.policy[16]);
  disposeBatch(batch);
});
