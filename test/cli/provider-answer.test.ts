/** What the trial of a provider answers to `tengen doctor`, and what is made of a process that has no answer. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeAnswer, readAnswer } from '../../cli/provider-answer.ts';
import type { ProviderAnswer } from '../../cli/provider-answer.ts';

const SCRIPT = join(import.meta.dirname, '../../cli/provider-trial.ts');
const EXITED = { status: 0, signal: null };

test('a provider that does not start says so and why', () => {
  const answer = readAnswer(spawnSync(process.execPath, [SCRIPT, 'abacus'], { encoding: 'utf8' }));
  expect(answer).toEqual({ ok: false, starts: false, message: expect.stringContaining('abacus') });
});

test.each<ProviderAnswer>([
  { ok: true, trial: { evaluationsPerSecond: 900, valueToPlay: -0.25, policyLogits: [0.5, 1] } },
  { ok: false, starts: true, message: 'the device is lost' },
])('%j is read from the last line, whatever a driver has printed', (answer) => {
  expect(readAnswer({ ...EXITED, stdout: `a driver{${makeAnswer(answer)}` })).toEqual(answer);
});

test.each([
  [{ ...EXITED, stdout: '' }, 'exit code 0'],
  [{ ...EXITED, stdout: '{"ok":true,"trial":{"evaluationsPerSecond":1}}' }, 'exit code 0'],
  [{ status: null, signal: 'SIGSEGV', stdout: '\n{"ok":tr' }, 'SIGSEGV'],
  [
    {
      status: null,
      signal: 'SIGKILL',
      stdout: null,
      error: Object.assign(new Error('late'), { code: 'ETIMEDOUT' }),
    },
    'ETIMEDOUT',
  ],
])('a process that ended as %j failed without an answer', (ended, how) => {
  expect(readAnswer(ended)).toEqual({
    ok: false,
    starts: true,
    message: `its trial ended without an answer (${how})`,
  });
});
