/** Where libtorch is: the folder named by LIBTORCH, the one inside Python's torch, or Debian's libtorch-dev. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export type Libtorch = {
  /** How it was found, for people. */
  readonly origin: string;
  readonly includes: readonly string[];
  readonly lib: string;
  readonly version: string;
  /** Whether it brings the CUDA half; the addon must link it, or its operators are not there. */
  readonly cuda: boolean;
  /** Which std::string it was compiled with: older Python wheels use the one of before C++11. */
  readonly cxx11: boolean;
};

export type LibtorchResult =
  { readonly ok: true; readonly libtorch: Libtorch } | { readonly ok: false; readonly message: string };

const HOW =
  'Install one (Debian: apt install libtorch-dev; Python: pip install torch), or name an unpacked one by LIBTORCH=/path.';

/** The libtorch under `root`, with headers in `include`, or null where there is none. */
function libtorchIn(origin: string, include: string, lib: string): Libtorch | null {
  // The macros moved in 2.x.
  const headers = ['torch/csrc/api/include/torch/version.h', 'torch/headeronly/version.h']
    .map((name) => join(include, name))
    .filter((path) => existsSync(path));
  const c10 = ['libc10.so', 'libc10.dylib'].map((name) => join(lib, name)).find((path) => existsSync(path));
  if (headers.length === 0 || c10 === undefined) return null;
  const header = headers.map((path) => readFileSync(path, 'utf8')).join('\n');
  const part = (name: string): string => new RegExp(`TORCH_VERSION_${name} (\\d+)`).exec(header)?.[1] ?? '?';
  return {
    origin,
    includes: [include, join(include, 'torch/csrc/api/include')],
    lib,
    version: `${part('MAJOR')}.${part('MINOR')}.${part('PATCH')}`,
    cuda: existsSync(join(lib, 'libtorch_cuda.so')),
    cxx11: readFileSync(c10).includes('NSt7__cxx11'),
  };
}

/** The folder of Python's torch, or null. */
function pythonTorch(): string | null {
  try {
    return execFileSync(
      process.env.PYTHON ?? 'python3',
      ['-c', 'import importlib.util as u; print(u.find_spec("torch").origin)'],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    )
      .trim()
      .replace(/\/__init__\.py$/, '');
  } catch {
    return null;
  }
}

/** Folders in which Debian keeps libraries, /usr/lib/x86_64-linux-gnu and the like. */
function debianLibs(): string[] {
  if (!existsSync('/usr/lib')) return [];
  return readdirSync('/usr/lib')
    .filter((name) => name.endsWith('-linux-gnu'))
    .map((name) => `/usr/lib/${name}`);
}

/** Looks in the three places, in this order. */
export function findLibtorch(): LibtorchResult {
  const named = process.env.LIBTORCH;
  if (named !== undefined && named !== '') {
    const libtorch = libtorchIn(`LIBTORCH=${named}`, join(named, 'include'), join(named, 'lib'));
    if (libtorch !== null) return { ok: true, libtorch };
    return {
      ok: false,
      message: `LIBTORCH=${named} holds no libtorch: lib/libc10.so or include/torch/csrc/api/include/torch/version.h is missing.`,
    };
  }
  const python = pythonTorch();
  const candidates = [
    ...(python === null ? [] : [libtorchIn("Python's torch", join(python, 'include'), join(python, 'lib'))]),
    ...debianLibs().map((lib) => libtorchIn('libtorch-dev', '/usr/include', lib)),
  ];
  const libtorch = candidates.find((found) => found !== null);
  if (libtorch) return { ok: true, libtorch };
  return {
    ok: false,
    message: `No libtorch was found: not by LIBTORCH, not in Python's torch (${python ?? 'python3 has none'}), not in /usr/lib. ${HOW}`,
  };
}
