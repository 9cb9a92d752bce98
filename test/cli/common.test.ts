/** What every command shares. */
import { expect, test } from 'vitest';
import { CliError, EXIT, requireOpened } from '#cli/common.ts';
import { reportPreparing } from '#cli/train/common.ts';
import { netRefusal } from '#nets/inference/trial.ts';

test.each([
  ['a net that is wrong is bad input', netRefusal('a.safetensors', 'cpu', 'no'), EXIT.badInput],
  [
    'a provider that does not run is unavailable',
    netRefusal('a.safetensors', 'cuda', 'no'),
    EXIT.unavailable,
  ],
  [
    'an engine that does not start is unavailable',
    { ok: false, reason: 'no-engine', message: 'no' } as const,
    EXIT.unavailable,
  ],
])('%s', (_, refusal, exitCode) => {
  expect(() => requireOpened(refusal)).toThrow(new CliError(exitCode, refusal.message));
  expect(() => requireOpened(refusal)).toThrow(expect.objectContaining({ exitCode }));
});

test('what is opened is handed on', () => {
  const opened = { ok: true, net: 7 } as const;
  expect(requireOpened(opened)).toBe(opened);
});

test('Ctrl-C ends the look at positions before the first step', () => {
  let isStopped = false;
  const { update, stop } = reportPreparing(() => isStopped);
  update(1, 3);
  isStopped = true;
  expect(() => update(2, 3)).toThrow(
    expect.objectContaining({
      exitCode: EXIT.interrupted,
      message: expect.stringContaining('Stopped before'),
    }),
  );
  stop();
});
