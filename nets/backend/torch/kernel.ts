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

/** Registers a kernel. What `body` makes and does not return is freed; strings are left to the cpu backend. */
export function define<Attributes = unknown>(name: string, body: KernelBody<Attributes>): void {
  const onHost = hostKernel(name);
  defineRaw(name, (call) => {
    const torch = call.backend as TorchBackend;
    const inputs = call.inputs as Record<string, TensorInfo | null | undefined>;
    for (const key in inputs) if (inputs[key]?.dtype === 'string') return onHost(call);
    let isList = false;
    const results = scoped(() => {
      const handles: Record<string, Handle> = {};
      const given: Handle[] = [];
      for (const key in inputs) {
        const info = inputs[key];
        if (info) given.push((handles[key] = torch.handleOf(info)));
      }
      const made = body(handles, call.attrs as Attributes, inputs as Infos);
      isList = Array.isArray(made);
      const list = Array.isArray(made) ? made : [made];
      // An input that passes through gets a handle of its own, since the caller frees both.
      for (let i = 0; i < list.length; i++) if (given.includes(list[i])) list[i] = alias(list[i]);
      return list;
    });
    if (!isList) return torch.keep(results[0]);
    return results.map((handle) => torch.keep(handle));
  });
}

/** Registers a kernel that handles tensors itself. */
export function defineRaw(name: string, kernelFunc: KernelFunc): void {
  registerKernel({ kernelName: name, backendName: BACKEND_NAME, kernelFunc });
}
