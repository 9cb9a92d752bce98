/**
 * What `tengen doctor` runs for each provider of ONNX Runtime, in a process of its own: what drivers and missing libraries
 * say on file descriptor 2, past Node, is dropped with it. Prints a `ProviderTrial`, or nothing where none starts.
 */
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { SYMMETRY_COUNT } from '#engine/go/symmetry.ts';
import { evaluateAll } from '#engine/search/evaluator.ts';
import { openEvaluator } from '#nets/evaluator.ts';
import type { Provider } from '#nets/providers.ts';
import { defaultNetPath } from '#nets/weights.ts';

/** Of the shipped net on an empty 9x9 board. */
export type ProviderTrial = {
  readonly evaluationsPerSecond: number;
  readonly valueToPlay: number;
  readonly policyLogits: readonly number[];
};

/** Positions of one timed evaluation, and how many evaluations are timed after one to warm up. */
const BATCH = 32;
const ROUNDS = 5;

const provider = process.argv[2] as Provider;
const opened = await openEvaluator(defaultNetPath, { provider, maxBatch: BATCH });
// Dawn keeps threads of its own alive.
if (!opened.ok) process.exit();
const { evaluator } = opened;
const position = Position.start({ width: 9, height: 9, rules: RULE_PRESETS.chinese });
const requests = Array.from({ length: BATCH }, (_, i) => ({ position, symmetry: i % SYMMETRY_COUNT }));
const [{ valueToPlay, policyLogits }] = await evaluateAll(evaluator, requests);
const times: number[] = [];
for (let i = 0; i < ROUNDS; i++) {
  const start = performance.now();
  await evaluateAll(evaluator, requests);
  times.push(performance.now() - start);
}
await evaluator.close();
const trial: ProviderTrial = {
  evaluationsPerSecond: (1000 * BATCH) / times.toSorted((a, b) => a - b)[ROUNDS >> 1],
  valueToPlay,
  policyLogits: [...policyLogits],
};
process.stdout.write(JSON.stringify(trial), () => process.exit());
