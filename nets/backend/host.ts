/** A kernel that another backend lacks, computed by tfjs's own cpu backend: tensors travel there and back. */
import { findBackend, getKernel } from '@tensorflow/tfjs-core';
import type { KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';

type Given = TensorInfo | readonly TensorInfo[] | null | undefined;

type CpuBackend = KernelBackend & {
  makeTensorInfo(shape: number[], dtype: string, values?: unknown): TensorInfo;
};

export function hostKernel(name: string): KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const own = backend as KernelBackend;
    const cpu = findBackend('cpu') as CpuBackend;
    const kernel = getKernel(name, 'cpu');
    if (kernel === undefined) throw new Error(`No backend here can compute ${name} of such tensors.`);
    const moved: TensorInfo[] = [];
    const toCpu = (info: TensorInfo): TensorInfo => {
      const copy = cpu.makeTensorInfo(info.shape, info.dtype, own.readSync(info.dataId));
      moved.push(copy);
      // Some cpu kernels expect a Tensor.
      return Object.assign(copy, { rank: info.shape.length, size: info.shape.reduce((a, b) => a * b, 1) });
    };
    const convert = (given: Given): unknown =>
      given === null || given === undefined ? given : isList(given) ? given.map(toCpu) : toCpu(given);
    const given = Array.isArray(inputs)
      ? inputs.map(convert)
      : Object.fromEntries(
          Object.entries(inputs as Record<string, Given>).map(([key, info]) => [key, convert(info)]),
        );
    try {
      const made = kernel.kernelFunc({ inputs: given as never, attrs, backend: cpu });
      const results = isList(made) ? made : [made];
      const back = results.map(({ dataId, shape, dtype }) => ({
        dataId: own.write(cpu.readSync(dataId), shape, dtype),
        shape,
        dtype,
      }));
      moved.push(...results);
      return isList(made) ? back : back[0];
    } finally {
      for (const info of moved) cpu.disposeData(info.dataId, true);
    }
  };
}

function isList(given: TensorInfo | readonly TensorInfo[]): given is readonly TensorInfo[] {
  return Array.isArray(given);
}
