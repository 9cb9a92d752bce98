/** The addon behind the torch backend: its functions, and loading it. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Where `npm run build:torch` puts it; beside the code, because it belongs to this machine. */
export const ADDON_PATH: string = fileURLToPath(new URL('./build/tengen_torch.node', import.meta.url));

/** The number under which the addon keeps a tensor. */
export type Handle = number;

export type Values = Float32Array | Int32Array | Uint8Array;

/** Numbers are floats, bigints are integers where an operator takes a Scalar; ints and floats are told apart elsewhere. */
export type Argument =
  Handle | bigint | boolean | string | null | undefined | readonly (number | boolean | null)[];

export type Addon = {
  findOperator(name: string, overload: string): number;
  /** Results that an operator leaves out are null. */
  call(operator: number, ...given: readonly Argument[]): Handle | (Handle | null)[];
  upload(values: Values, shape: readonly number[]): Handle;
  download(tensor: Handle): Values;
  /** The number of its ScalarType, then its shape. */
  layoutOf(tensor: Handle): number[];
  free(...tensors: readonly Handle[]): void;
  liveTensors(): number;
  useDevice(device: string): void;
  setThreads(threads: number): void;
  about(): { version: string; cuda: boolean; mkldnn: boolean; threads: number; device: string };
};

export type AddonResult =
  { readonly ok: true; readonly addon: Addon } | { readonly ok: false; readonly message: string };

/** Loads the addon of this machine, or says how to get it. */
export function loadAddon(): AddonResult {
  if (!existsSync(ADDON_PATH))
    return {
      ok: false,
      message: 'the addon is not built: run `npm run build:torch` where libtorch and a C++ compiler are',
    };
  try {
    return { ok: true, addon: createRequire(import.meta.url)(ADDON_PATH) as Addon };
  } catch (error) {
    const [why] = (error as Error).message.split('\n');
    return { ok: false, message: `the addon does not load (${why}): run \`npm run build:torch\` again` };
  }
}
