#!/usr/bin/env node
/** The `tengen` program under any Node: runs `main.ts` here, or with the Node 24 that the packages bring. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const runsTypeScript = process.features.typescript !== undefined && process.features.typescript !== false;
if (runsTypeScript) await import('./main.ts');
else {
  const node = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
  if (!existsSync(node)) {
    process.stderr.write('tengen: Node 24 is missing: run `npm ci` in the folder of Tengen.\n');
    process.exit(4);
  }
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches both from the terminal: the child decides what it means.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}
