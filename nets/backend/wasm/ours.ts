/** Kernels of our own operations, see nets/ops, in place of their compositions. */
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import { BATCH_NORM, BATCH_NORM_GRAD, type BatchNorm } from '../../ops/batch-norm.ts';
import { GLOBAL_POOL, GLOBAL_POOL_GRAD, type GlobalPool } from '../../ops/global-pool.ts';
import { MOMENTUM_STEP, type MomentumStep } from '../../ops/momentum-step.ts';
import { hostKernel } from '../host.ts';
import { improve } from './improve.ts';
import { Native } from './native/native.ts';
import { norm, normGradient } from './native/norm.ts';
import { globalPool, globalPoolGradient, momentumStep, sumOfMaps } from './native/pool.ts';
import { inBlocks } from './native/text.ts';

type Infos = Record<string, TensorInfo>;

/** Whether a map has points, and channels that fill vectors: the kernels' loops know no others. */
const isWhole = ({ shape }: TensorInfo): boolean => !shape.includes(0) && inBlocks(shape[3]);

export function registerOurs(): void {
  // tfjs's copies, and is called for whatever a gradient remembers.
  improve('Identity', () => ({ inputs, backend }) => {
    const { dataId, shape, dtype } = (inputs as Infos).x;
    (backend as KernelBackend).incRef(dataId);
    return { dataId, shape, dtype };
  });
  // tfjs leaves the results of reducing nothing as the memory happened to be.
  for (const name of ['Sum', 'Mean', 'Prod', 'Max', 'Min', 'All', 'Any']) {
    const onHost = hostKernel(name);
    improve(name, (stock) => (call) => ((call.inputs as Infos).x.shape.includes(0) ? onHost : stock)(call));
  }
  // tfjs turns a map around before it sums over its points.
  improve('Sum', (stock) => (call) => {
    const { x } = call.inputs as Infos;
    const { axis, keepDims } = call.attrs as unknown as { axis: number | number[] | null; keepDims: boolean };
    const isOfMaps = x.shape.length === 4 && String(axis) === '1,2' && !keepDims && x.dtype === 'float32';
    if (!isOfMaps || !isWhole(x)) return stock(call);
    return sumOfMaps(Native.of(call.backend), x);
  });
  const inPlaceOf = <Attributes>(
    name: string,
    run: (native: Native, inputs: Infos, attributes: Attributes) => TensorInfo | TensorInfo[],
  ): void =>
    improve(name, (composed) => (call) => {
      const inputs = call.inputs as Infos;
      if (!isWhole(inputs.x)) return composed(call);
      return run(Native.of(call.backend), inputs, call.attrs as Attributes);
    });
  inPlaceOf<BatchNorm>(BATCH_NORM, norm);
  inPlaceOf<BatchNorm>(BATCH_NORM_GRAD, normGradient);
  inPlaceOf<GlobalPool>(GLOBAL_POOL, globalPool);
  inPlaceOf<GlobalPool>(GLOBAL_POOL_GRAD, globalPoolGradient);
  improve(
    MOMENTUM_STEP,
    () =>
      ({ inputs, attrs, backend }) =>
        momentumStep(Native.of(backend), inputs as Infos, attrs as unknown as MomentumStep),
  );
}
