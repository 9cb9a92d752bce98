/** Whether a net that opened can be played with, and the sentence where it cannot. */
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { evaluateAll } from '#engine/search/evaluator.ts';
import type { Evaluator } from '#engine/search/evaluator.ts';
import type { Provider } from '../providers.ts';

/** Evaluates a position, because weights that overflow are found out only so. @returns what went wrong, or null. */
export async function tryEvaluator(evaluator: Evaluator): Promise<string | null> {
  const position = Position.start({ width: 9, height: 9, rules: RULE_PRESETS['tromp-taylor'] });
  try {
    await evaluateAll(evaluator, [{ position, symmetry: 0 }]);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Why a net cannot be played with: its file is wrong, or there is nothing to run it on. */
export type NetRefusal = {
  readonly ok: false;
  readonly reason: 'bad-net' | 'no-provider';
  readonly message: string;
};

/** @param message of whatever failed; its first line is told. */
export function netRefusal(path: string, provider: Provider, message: string): NetRefusal {
  // Where in its sources an assertion failed is nothing to its users.
  const why = message.split('\n')[0].replace(/^\/\S+:\d+ .* was false\. /, '');
  // What the cpu can do and another cannot is not the net's fault.
  return provider === 'cpu'
    ? { ok: false, reason: 'bad-net', message: `${path}: it is no net to play with (${why})` }
    : {
        ok: false,
        reason: 'no-provider',
        message: `${path}: ONNX Runtime cannot run it on ${provider} (${why}); tengen doctor says what runs here`,
      };
}
