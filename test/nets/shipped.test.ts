/** The nets that come with the program. */
import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import { openEvaluator } from '#nets/evaluator.ts';
import { defaultNetPath, zeroNetPath } from '#nets/weights.ts';

test.each([defaultNetPath, zeroNetPath])(
  '%s is small and prefers the middle of an empty 9x9 board',
  async (path) => {
    expect(statSync(path).size).toBeLessThanOrEqual(6_000_000);
    const opened = await openEvaluator(path);
    if (!opened.ok) throw new Error(opened.message);
    const batch = opened.evaluator.newBatch();
    batch.add(Position.start({ width: 9, height: 9, rules: makeRules('chinese', { komi: 7 }) }), 0);
    const [{ policyLogits }] = await batch.evaluate();
    await opened.evaluator.close();
    const best = policyLogits.indexOf(Math.max(...policyLogits));
    const [x, y] = [best % 9, Math.floor(best / 9)];
    expect(Math.max(Math.abs(x - 4), Math.abs(y - 4))).toBeLessThanOrEqual(2);
  },
);

test.each([defaultNetPath, zeroNetPath])(
  '%s says the same of a position wherever it is in a batch',
  async (path) => {
    const opened = await openEvaluator(path);
    if (!opened.ok) throw new Error(opened.message);
    const position = Position.start({ width: 9, height: 9, rules: makeRules('chinese', { komi: 7 }) });
    const answers = new Set<string>();
    for (let count = 1; count <= 9; count++) {
      const batch = opened.evaluator.newBatch();
      for (let i = 0; i < count; i++) batch.add(position, 3);
      for (const { valueToPlay, scoreToPlay, scoreStdev, policyLogits } of await batch.evaluate())
        answers.add([valueToPlay, scoreToPlay, scoreStdev, ...policyLogits].join());
    }
    await opened.evaluator.close();
    expect(answers.size).toBe(1);
  },
);
