/** Kernels that make tensors from nothing but their attributes. */
import { util } from '@tensorflow/tfjs-core';
import type { DataType } from '@tensorflow/tfjs-core';
import type { Handle, Values } from '../addon.ts';
import { scoped, upload } from '../aten.ts';
import type { TorchBackend } from '../backend.ts';
import { hostKernel } from '../../host.ts';
import { define, defineRaw } from '../kernel.ts';

function filled(shape: readonly number[], value: number, dtype: DataType): Handle {
  const size = util.sizeFromShape([...shape]);
  return upload((util.getArrayFromDType(dtype as 'float32', size) as Values).fill(value), shape);
}

export function registerCreate(): void {
  const fillHost = hostKernel('Fill');
  defineRaw('Fill', (call) => {
    const { shape, value, dtype } = call.attrs as {
      shape: number[];
      value: number | string;
      dtype?: DataType;
    };
    const type = dtype ?? util.inferDtype(value);
    if (type === 'string') return fillHost(call);
    const [handle] = scoped(() => [filled(shape, Number(value), type)]);
    return (call.backend as TorchBackend).keep(handle);
  });
  define<{ start: number; stop: number; num: number }>('LinSpace', (_, { start, stop, num }) => {
    const step = (stop - start) / (num - 1);
    return upload(
      Float32Array.from({ length: num }, (__, i) => start + i * (num > 1 ? step : 0)),
      [num],
    );
  });
  define<{ start: number; stop: number; step: number; dtype: DataType }>(
    'Range',
    (_, { start, stop, step, dtype }) => {
      const isEmpty = start === stop || (start < stop && step < 0) || (stop < start && step > 1);
      const count = isEmpty ? 0 : Math.abs(Math.ceil((stop - start) / step));
      // A step of 1 towards a smaller stop counts down.
      const by = stop < start && step === 1 ? -1 : step;
      const values = util.getArrayFromDType(dtype as 'float32', count) as Values;
      for (let i = 0; i < count; i++) values[i] = start + i * by;
      return upload(values, [count]);
    },
  );
}
