/**
 * Runs the operator tests of tfjs-core itself, which its package carries, against one backend.
 * `node test/conformance/run.ts BACKEND [--out FILE] [--grep TEXT]` prints how many specs passed and writes which.
 */
import { writeFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { BackendName } from '#nets/backend/backends.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' }, grep: { type: 'string' }, failures: { type: 'boolean' } },
});
const [backendName = 'wasm'] = positionals;

const require = createRequire(import.meta.url);
const packages = join(dirname(require.resolve('@tensorflow/tfjs-core')), '../..');
const core = join(packages, 'tfjs-core/dist');

// tfjs imports this CommonJS module as a namespace, which Node fills only with the names that it can see.
(globalThis as { seedrandom?: unknown }).seedrandom = createRequire(join(core, 'index.js'))('seedrandom');
const SEEDRANDOM = 'data:text/javascript,export const alea = globalThis.seedrandom.alea';

// The tests are ES modules that import without extensions, and every import of tfjs has to mean its ES modules.
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'seedrandom') return { url: SEEDRANDOM, shortCircuit: true };
    const [, name, path = 'dist/index'] =
      /^@tensorflow\/(tfjs-[a-z-]+)(?:\/(.*?)(?:\.js)?)?$/.exec(specifier) ?? [];
    if (name !== undefined)
      return { url: pathToFileURL(join(packages, name, `${path}.js`)).href, shortCircuit: true };
    if (!/^\.\.?(\/|$)/.test(specifier) || /\.(js|ts|json|cjs|mjs)$/.test(specifier))
      return next(specifier, context);
    for (const candidate of [`${specifier}.js`, `${specifier.replace(/\/$/, '')}/index.js`])
      try {
        return next(candidate, context);
      } catch {
        // Not this one.
      }
    return next(specifier, context);
  },
});

type Spec = { fullName: string; status: string; failedExpectations: { message: string }[] };

type Jasmine = {
  getEnv(): {
    configure(options: object): void;
    addReporter(reporter: object): void;
    execute(): Promise<unknown>;
  };
};
const { installGlobals, jasmine } = require('jasmine-core') as {
  installGlobals: () => void;
  jasmine: Jasmine;
};
installGlobals();
const environment = jasmine.getEnv();
environment.configure({
  forbidDuplicateNames: false,
  random: false,
  specFilter: (spec: { getFullName(): string }) => spec.getFullName().includes(values.grep ?? ''),
});
// jasmine_util.js asks CommonJS for jasmine's internals only to lengthen a time-out.
(globalThis as { require?: unknown }).require = Object.assign(
  (name: string) => (name.includes('jasmine') ? { core: () => ({}) } : require(name)),
  { resolve: require.resolve },
);

const at = (path: string): string => pathToFileURL(join(core, path)).href;
await import(at('public/chained_ops/register_all_chained_ops.js'));
await import(at('register_all_gradients.js'));
const { setTestEnvs } = (await import(at('jasmine_util.js'))) as {
  setTestEnvs: (environments: object[]) => void;
};
const { useBackend } = await import('#nets/backend/backends.ts');
await useBackend(backendName as BackendName);
setTestEnvs([{ name: backendName, backendName, flags: {}, isDataSync: true }]);
await import(at('tests.js'));

const specs: Spec[] = [];
environment.addReporter({ specDone: (spec: Spec) => specs.push(spec) });
await environment.execute();

const passed = specs.filter(({ status }) => status === 'passed');
const failed = specs.filter(({ status }) => status === 'failed');
if (values.failures === true)
  for (const { fullName, failedExpectations } of failed)
    process.stdout.write(`${fullName}\n    ${failedExpectations[0]?.message.split('\n')[0].slice(0, 200)}\n`);
if (values.out !== undefined)
  writeFileSync(
    values.out,
    JSON.stringify({
      backend: backendName,
      passed: passed.map((s) => s.fullName),
      failed: failed.map((s) => s.fullName),
    }),
  );
process.stdout.write(`${backendName}: ${passed.length} of ${passed.length + failed.length} specs passed\n`);
process.exit(0);
