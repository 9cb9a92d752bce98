/** Makes the backend "torch" known to tfjs, where this machine has the addon. */
import { registerBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { loadAddon, type Addon } from './addon.ts';
import type { BackendOptions, StartResult } from '../backends.ts';
import { useAddon } from './aten.ts';
import { TorchBackend } from './backend.ts';
import { BACKEND_NAME } from './kernel.ts';
import { registerBinary } from './kernels/binary.ts';
import { registerConv } from './kernels/conv.ts';
import { registerCreate } from './kernels/create.ts';
import { registerGather } from './kernels/gather.ts';
import { registerHost } from './kernels/host.ts';
import { registerMatMul } from './kernels/matmul.ts';
import { registerNorm } from './kernels/norm.ts';
import { registerOurs } from './kernels/ours.ts';
import { registerPool } from './kernels/pool.ts';
import { registerReduce } from './kernels/reduce.ts';
import { registerShape } from './kernels/shape.ts';
import { registerUnary } from './kernels/unary.ts';

let isRegistered = false;

/** @throws Error where there is no such device. */
function configure(addon: Addon, options: BackendOptions): void {
  const { device = addon.about().cuda ? 'cuda' : 'cpu', threads = 1 } = options;
  addon.setThreads(threads);
  addon.useDevice(device);
  useAddon(addon);
}

/** Registers the kernels once; later calls change device and threads. */
export function registerTorch(options: BackendOptions = {}): StartResult {
  const loaded = loadAddon();
  if (!loaded.ok) return loaded;
  const { addon } = loaded;
  try {
    configure(addon, options);
  } catch (error) {
    return { ok: false, message: (error as Error).message };
  }
  const { version, device, threads } = addon.about();
  const description = `libtorch ${version} on ${device}${device === 'cpu' ? `, ${threads} threads` : ''}`;
  if (isRegistered) return { ok: true, description };
  registerBackend(BACKEND_NAME, () => new TorchBackend(addon));
  for (const register of [
    registerUnary,
    registerBinary,
    registerReduce,
    registerShape,
    registerCreate,
    registerMatMul,
    registerConv,
    registerPool,
    registerNorm,
    registerGather,
    registerOurs,
    registerHost,
  ])
    register();
  isRegistered = true;
  return { ok: true, description };
}
