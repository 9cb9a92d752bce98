/**
 * `npm run test:conformance`: tfjs-core's own operator tests on wasm and torch. Fails where torch passes less than 95% of
 * what wasm passes, or where it fails a spec that is not excluded with a reason.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAddon } from '#nets/backend/torch/addon.ts';
import { EXCLUSIONS } from './exclusions.ts';

/** What the issue of this backend asks for. */
const LEAST_SHARE = 0.95;
/** Bundling or filtering that drops tests would pass without notice. */
const LEAST_SPECS = 4200;

const folder = mkdtempSync(join(tmpdir(), 'tengen-conformance-'));

/** Names of the specs that `backend` passed, without the backend's name, and how many there were. */
function passedOn(backend: string): { passed: Set<string>; total: number } {
  const out = join(folder, `${backend}.json`);
  const run = fileURLToPath(new URL('./run.ts', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [run, backend, '--out', out], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`The tests did not run on ${backend}:\n${stderr.slice(-2000)}`);
  const { passed, failed } = JSON.parse(readFileSync(out, 'utf8')) as { passed: string[]; failed: string[] };
  const plain = (name: string): string => name.replaceAll(` ${backend} {}`, '').replaceAll(/\s+/g, ' ');
  return { passed: new Set(passed.map(plain)), total: passed.length + failed.length };
}

const addon = loadAddon();
const names = ['cpu', 'wasm', ...(addon.ok ? ['torch'] : [])];
const results = new Map(names.map((name) => [name, passedOn(name)]));
rmSync(folder, { recursive: true });
console.table(
  Object.fromEntries(
    [...results].map(([name, { passed, total }]) => [
      name,
      { specs: total, 'distinct names passed': passed.size },
    ]),
  ),
);
const problems = [...results]
  .filter(([, { total }]) => total < LEAST_SPECS)
  .map(([name, { total }]) => `only ${total} specs ran on ${name}`);
const wasm = results.get('wasm')?.passed ?? new Set();
const torch = results.get('torch')?.passed;
if (torch === undefined) console.log(`torch skipped: ${addon.ok ? '' : addon.message}`);
else {
  const lost = [...wasm].filter((name) => !torch.has(name));
  const share = 1 - lost.length / wasm.size;
  console.log(`torch passes ${(100 * share).toFixed(1)}% of the specs that wasm passes; not these:`);
  for (const name of lost) console.log(`  ${name}: ${EXCLUSIONS[name] ?? 'NO REASON GIVEN'}`);
  if (share < LEAST_SHARE) problems.push(`torch passes less than ${100 * LEAST_SHARE}% of what wasm passes`);
  const unexplained = lost.filter((name) => !(name in EXCLUSIONS));
  if (unexplained.length > 0) problems.push(`${unexplained.length} specs have no reason in exclusions.ts`);
  const stale = Object.keys(EXCLUSIONS).filter((name) => torch.has(name) || !wasm.has(name));
  if (stale.length > 0) problems.push(`these exclusions exclude nothing: ${stale.join('; ')}`);
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
