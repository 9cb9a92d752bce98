/** WebGPU in Node through Dawn, which the optional package "webgpu" brings: any GPU with a Vulkan, Metal or D3D12 driver. */
import { spawnSync } from 'node:child_process';
import type { StartResult } from './backends.ts';

type Adapter = { info: { vendor: string; architecture: string; device: string; description: string } };
type Gpu = { requestAdapter(options?: object): Promise<Adapter | null> };

/** Kept, because Dawn is gone with it. */
let gpu: Gpu | null = null;

const ADAPTER = { powerPreference: 'high-performance' };

/**
 * Whether Dawn finds a GPU. Asked in a process whose words are dropped: drivers that find none say so at length on file
 * descriptor 2, past Node.
 * @param url of the package.
 */
function hasAdapter(url: string): boolean {
  const ask = `import(${JSON.stringify(url)}).then(async ({ create }) =>
    process.exit((await create([]).requestAdapter(${JSON.stringify(ADAPTER)})) === null ? 1 : 0))`;
  return spawnSync(process.execPath, ['-e', ask], { stdio: 'ignore' }).status === 0;
}

/** Starts Dawn, and tfjs's WebGPU backend after it: the backend looks for `navigator.gpu` while it loads. */
export async function startWebGpu(): Promise<StartResult> {
  // A name that the compiler does not follow: the package is optional.
  const name = 'webgpu';
  let dawn: { create(flags: string[]): Gpu; globals: object };
  try {
    dawn = (await import(name)) as typeof dawn;
  } catch (error) {
    const [why] = (error as Error).message.split('\n');
    return { ok: false, message: `the package webgpu does not load (${why}): npm install webgpu` };
  }
  if (gpu === null && hasAdapter(import.meta.resolve(name))) {
    Object.assign(globalThis, dawn.globals);
    gpu = dawn.create([]);
    Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  }
  const adapter = (await gpu?.requestAdapter(ADAPTER)) ?? null;
  if (adapter === null)
    return {
      ok: false,
      message:
        'no GPU answers: install its Vulkan driver (a software one serves for tests: VK_ICD_FILENAMES)',
    };
  await import('@tensorflow/tfjs-backend-webgpu');
  const { description, device, architecture, vendor } = adapter.info;
  return { ok: true, description: `Dawn on ${description || device || `${vendor} ${architecture}`}` };
}
