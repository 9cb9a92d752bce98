/**
 * What `tengen doctor` runs for each provider of ONNX Runtime, in a process of its own: what drivers and missing libraries
 * say on file descriptor 2, past Node, is dropped with it. Ends with a `ProviderAnswer`.
 */
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { SYMMETRY_COUNT } from '#engine/go/symmetry.ts';
import { evaluateAll } from '#engine/search/evaluator.ts';
import type { NetEvaluator, OpenResult } from '#nets/evaluator.ts';
import type { Provider } from '#nets/providers.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { makeAnswer } from './provider-answer.ts';
import type { ProviderAnswer, ProviderTrial } from './provider-answer.ts';

/** Positions of one timed evaluation, and how many evaluations are timed after one to warm up. */
const BATCH = 32;
const ROUNDS = 5;

async function open(provider: Provider): Promise<OpenResult> {
  // Loads the native runtime, which may not be there.
  const { openEvaluator } = await import('#nets/evaluator.ts');
  return openEvaluator(defaultNetPath, { provider, maxBatch: BATCH });
}

async function tryOut(evaluator: NetEvaluator): Promise<ProviderTrial> {
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
  return {
    evaluationsPerSecond: (1000 * BATCH) / times.toSorted((a, b) => a - b)[ROUNDS >> 1],
    valueToPlay,
    policyLogits: [...policyLogits],
  };
}

async function answer(provider: Provider): Promise<ProviderAnswer> {
  let starts = false;
  try {
    const opened = await open(provider);
    if (!opened.ok) return { ok: false, starts, message: opened.message };
    starts = true;
    return { ok: true, trial: await tryOut(opened.evaluator) };
  } catch (error) {
    return { ok: false, starts, message: (error as Error).message };
  }
}

const answered = await answer(process.argv[2] as Provider);
// Dawn keeps threads of its own alive.
process.stdout.write(makeAnswer(answered), () => process.exit());
