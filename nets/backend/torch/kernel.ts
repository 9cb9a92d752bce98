/** How a tfjs kernel is written for libtorch: a function of handles that returns handles. */
import { registerKernel } from '@tensorflow/tfjs-core';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { Handle } from './addon.ts';
import { aten, scoped } from './aten.ts';
import { hostKernel } from '../host.ts';
import type { TorchBackend } from './backend.ts';

const alias = aten('alias');

export const BACKEND_NAME = 'torch';

/** Inputs by name; an optional one that was not given is undefined. */
export type Handles = Readonly<Record<string, Handle>>;
export type Infos = Readonly<Record<string, TensorInfo>>;

export type KernelBody<Attributes> = (
  inputs: Handles,
  attributes: Attributes,
  infos: Infos,
) => Handle | Handle[];

/** The inputs that were given, by name. */
function entriesOf(inputs: unknown): [string, TensorInfo][] {
  return Object.entries(inputs as Record<string, TensorInfo | null | undefined>).filter(
    (entry): entry is [string, TensorInfo] => entry[1] !== null && entry[1] !== undefined,
  );
}

/** Registers a kernel. What `body` makes and does not return is freed; strings are left to the cpu backend. */
export function define<Attributes = unknown>(name: string, body: KernelBody<Attributes>): void {
  const onHost = hostKernel(name);
  defineRaw(name, (call) => {
    const { inputs, attrs } = call;
    const torch = call.backend as TorchBackend;
    const given = entriesOf(inputs);
    if (given.some(([, { dtype }]) => dtype === 'string')) return onHost(call);
    let isList = false;
    const results = scoped(() => {
      const handles = Object.fromEntries(given.map(([key, info]) => [key, torch.handleOf(info)]));
      const made = body(handles, attrs as Attributes, inputs as unknown as Infos);
      isList = Array.isArray(made);
      // An input that passes through gets a handle of its own, since the caller frees both.
      const passed = new Set(Object.values(handles));
      return (Array.isArray(made) ? made : [made]).map((handle) =>
        passed.has(handle) ? alias(handle) : handle,
      );
    });
    const infos = results.map((handle) => torch.keep(handle));
    return isList ? infos : infos[0];
  });
}

/** Registers a kernel that handles tensors itself. */
export function defineRaw(name: string, kernelFunc: KernelFunc): void {
  registerKernel({ kernelName: name, backendName: BACKEND_NAME, kernelFunc });
}
