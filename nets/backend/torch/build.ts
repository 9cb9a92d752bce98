/** `npm run build:torch`: compiles the addon against the libtorch of this machine. Needs a C++17 compiler and nothing else. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ADDON_PATH } from './addon.ts';
import { findLibtorch } from './libtorch.ts';
import type { Libtorch } from './libtorch.ts';

const require = createRequire(import.meta.url);

function compilerArguments(libtorch: Libtorch): string[] {
  const headers = [
    (require('node-api-headers') as { include_dir: string }).include_dir,
    dirname(require.resolve('node-addon-api')),
    ...libtorch.includes,
  ];
  const libraries = ['c10', 'torch', 'torch_cpu', ...(libtorch.cuda ? ['c10_cuda', 'torch_cuda'] : [])];
  const undefinedSymbols = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : [];
  return [
    '-std=c++17',
    '-O2',
    '-fPIC',
    '-shared',
    '-DNODE_ADDON_API_CPP_EXCEPTIONS',
    '-DNAPI_VERSION=8',
    `-D_GLIBCXX_USE_CXX11_ABI=${libtorch.cxx11 ? 1 : 0}`,
    // The compiler knows /usr/include itself, and must not search it first.
    ...headers.filter((folder) => folder !== '/usr/include').flatMap((folder) => ['-isystem', folder]),
    fileURLToPath(new URL('./addon/addon.cc', import.meta.url)),
    `-L${libtorch.lib}`,
    `-Wl,-rpath,${libtorch.lib}`,
    // The linker would leave out libraries of which only the registered operators are used.
    ...(process.platform === 'darwin' ? undefinedSymbols : ['-Wl,--no-as-needed']),
    ...libraries.map((name) => `-l${name}`),
    '-o',
    ADDON_PATH,
  ];
}

const found = findLibtorch();
if (!found.ok) {
  process.stderr.write(`build:torch: ${found.message}\n`);
  process.exit(4);
}
const { libtorch } = found;
process.stderr.write(
  `libtorch ${libtorch.version}${libtorch.cuda ? ' with CUDA' : ''} from ${libtorch.origin}: compiling, about 40 s\n`,
);
mkdirSync(dirname(ADDON_PATH), { recursive: true });
const compiler = process.env.CXX ?? 'c++';
const { status, error } = spawnSync(compiler, compilerArguments(libtorch), { stdio: 'inherit' });
if (error !== undefined) {
  process.stderr.write(
    `build:torch: the compiler ${compiler} cannot be run: install g++ or name one by CXX=.\n`,
  );
  process.exit(4);
}
if (status !== 0) {
  process.stderr.write('build:torch: the compiler refused; its words are above.\n');
  process.exit(1);
}
process.stderr.write('The torch backend is ready: tengen doctor\n');
