/** What a game keeps of a search. */
import { expect, test } from 'vitest';
import { searchedPosition } from '#selfplay/zero/searched-position.ts';

const result = {
  policyTarget: Float32Array.of(0.5, 0, 0.00005, 0.49995),
  policy: Float32Array.of(0.25, 0.5, 0.25, 0),
  winrateBlack: 0.75,
  scoreBlack: 2.5,
  ownershipBlack: Float32Array.of(-1, 0, 0.5),
};

test('the target has the moves that are likely enough, as shares of one', () => {
  const { ply, policyMoves, policy, valueBlack, scoreBlack } = searchedPosition(7, result, false);
  expect([ply, valueBlack, scoreBlack]).toEqual([7, 0.5, 2.5]);
  expect([...policyMoves]).toEqual([0, 3]);
  expect(policy[0]).toBeCloseTo(0.5 / 0.99995, 6);
  expect(policy[0] + policy[1]).toBeCloseTo(1, 6);
});

test('surprise is the divergence of the target from the prior, finite where the prior was rounded to 0', () => {
  // Worked out by hand: half of it doubled, half of it from 1e-8.
  const expected = 0.5 * Math.log(2) + 0.5 * Math.log(0.5 / 1e-8);
  expect(searchedPosition(0, result, false).surprise).toBeCloseTo(expected, 3);
  const agreed = { ...result, policy: result.policyTarget };
  expect(searchedPosition(0, agreed, false).surprise).toBeCloseTo(0, 3);
});

test('ownership is kept on request, in steps of 1 / 127', () => {
  expect(searchedPosition(0, result, false).ownershipBlack).toBeNull();
  expect(searchedPosition(0, result, true).ownershipBlack).toEqual(Int8Array.of(-127, 0, 64));
  expect(searchedPosition(0, { ...result, ownershipBlack: null }, true).ownershipBlack).toBeNull();
});
