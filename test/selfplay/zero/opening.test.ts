/** First moves drawn from the policy alone. */
import { expect, test } from 'vitest';
import { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { immediateEvaluator } from '#engine/search/evaluator.ts';
import { openingMove } from '#selfplay/zero/opening.ts';

const empty = Position.start({ width: 2, height: 2, rules: RULE_PRESETS.chinese });
/** Probabilities 0.1, 0.2, 0.3, 0.4 of the points, beside a pass that is likelier than all of them. */
const evaluator = immediateEvaluator(1, () => ({
  policyLogits: Float32Array.from([0.1, 0.2, 0.3, 0.4, 50].map(Math.log)),
  valueToPlay: 0,
  scoreToPlay: 0,
  scoreStdev: NaN,
  ownershipToPlay: null,
}));
const DRAWS = 4000;

test.each([1, 0.5])(
  'a move comes with the power 1 / %d of its probability, a pass never',
  async (temperature) => {
    const rng = makeRng(1);
    const drawn = new Float64Array(5);
    for (let i = 0; i < DRAWS; i++) drawn[await openingMove(evaluator, empty, temperature, rng)]++;
    const powers = [0.1, 0.2, 0.3, 0.4].map((p) => p ** (1 / temperature));
    const sum = powers.reduce((a, b) => a + b);
    for (const [move, power] of powers.entries())
      expect(Math.abs(drawn[move] / DRAWS - power / sum)).toBeLessThan(5 * Math.sqrt(0.25 / DRAWS));
    expect(drawn[4]).toBe(0);
  },
);

test('a pass comes where nothing else is legal', async () => {
  // Black lives with two eyes, which White may not fill.
  const lives = Position.start({
    width: 3,
    height: 2,
    rules: RULE_PRESETS.chinese,
    setup: { black: [1, 3, 4, 5], white: [] },
    toPlay: 2,
  });
  expect(lives.legalMoves()).toEqual([6]);
  const even = immediateEvaluator(1, () => ({
    policyLogits: new Float32Array(7),
    valueToPlay: 0,
    scoreToPlay: 0,
    scoreStdev: NaN,
    ownershipToPlay: null,
  }));
  expect(await openingMove(even, lives, 1, makeRng(1))).toBe(6);
});
