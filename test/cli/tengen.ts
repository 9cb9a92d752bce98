/** The program as a process, for tests of what it prints and how it ends. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export type Run = { code: number | null; out: string; err: string };

/** The command as people start it, and what that runs. */
export const LAUNCHER = join(import.meta.dirname, '../../cli/tengen.js');
export const MAIN = join(import.meta.dirname, '../../cli/main.ts');

/** Runs `script` to its end. @param stdout a file's descriptor, or 'pipe' to get it as `out`. */
export function runToEnd(
  script: string,
  cwd: string,
  argv: readonly string[],
  input = '',
  stdout: number | 'pipe' = 'pipe',
): Run {
  const run = spawnSync(process.execPath, [script, ...argv], {
    cwd,
    input,
    stdio: ['pipe', stdout, 'pipe'],
    encoding: 'utf8',
  });
  return { code: run.status, out: run.stdout, err: run.stderr };
}
