/** The tensor backends of this machine, by name: starting one, and why one cannot be had. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { version_wasm, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { registerTorch } from './torch/register.ts';
import { registerWasmGradients } from './wasm/register.ts';
import { startWebGpu } from './webgpu.ts';

/** Fastest first, as a rule; `auto` measures. */
export const BACKENDS = ['torch', 'tensorflow', 'webgpu', 'wasm', 'cpu'] as const;
export type BackendName = (typeof BACKENDS)[number];

export type BackendOptions = {
  /** torch: "cpu", "cuda" or "cuda:1"; default cuda where there is one. The others take what there is. */
  readonly device?: string;
  /** Of one operation on a CPU; torch only. Default 1. */
  readonly threads?: number;
};

export type StartResult =
  | {
      readonly ok: true;
      /** Version and device, for people. */
      readonly description: string;
    }
  | {
      readonly ok: false;
      /** Why not, and how to get it. */
      readonly message: string;
    };

const require = createRequire(import.meta.url);

/** Each makes its backend known to tfjs. */
const STARTERS: Readonly<
  Record<BackendName, (options: BackendOptions) => StartResult | Promise<StartResult>>
> = {
  torch: registerTorch,
  tensorflow: startTensorFlow,
  webgpu: startWebGpu,
  wasm: startWasm,
  cpu: () => ({ ok: true, description: `tfjs ${tf.version_core}, plain JavaScript` }),
};

/** Tells tfjs where its package keeps the compiled kernels. */
export function findWasm(): void {
  const main = require.resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(join(dirname(main), '..', 'wasm-out') + '/');
}

function startWasm(): StartResult {
  findWasm();
  registerWasmGradients();
  return { ok: true, description: `tfjs ${version_wasm}, one thread of WebAssembly SIMD` };
}

/** TensorFlow's own binding, where its user has installed it. */
function startTensorFlow(): StartResult {
  for (const name of ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'])
    try {
      const { version } = require(name) as { version: { 'tfjs-node'?: string } };
      return { ok: true, description: `${name} ${version['tfjs-node'] ?? ''}`.trim() };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'MODULE_NOT_FOUND')
        return { ok: false, message: `${name} does not load (${message.split('\n')[0]})` };
    }
  return {
    ok: false,
    message:
      'not installed: npm install --no-save @tensorflow/tfjs-node (or -node-gpu), which downloads a TensorFlow of 2022',
  };
}

/** Starts `name` and makes it the current backend. */
export async function startBackend(name: BackendName, options: BackendOptions = {}): Promise<StartResult> {
  tf.enableProdMode();
  const started = await STARTERS[name](options);
  if (!started.ok) return started;
  if (!(await tf.setBackend(name))) return { ok: false, message: 'it does not start' };
  await tf.ready();
  return started;
}

/** `startBackend` for callers that cannot go on without. @throws Error with one sentence that says how to get it. */
export async function useBackend(name: BackendName, options: BackendOptions = {}): Promise<void> {
  const started = await startBackend(name, options);
  if (!started.ok) throw new Error(`The tensor backend ${name} is not available: ${started.message}.`);
}
