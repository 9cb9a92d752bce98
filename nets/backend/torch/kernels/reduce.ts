/** Kernels that reduce tensors along axes. */
import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Handle } from '../addon.ts';
import { SCALAR_TYPE, aten, atenMany, scalar } from '../aten.ts';
import { define } from '../kernel.ts';

type Axes = { axis: number | number[] | null; keepDims?: boolean };

const sum = aten('sum.dim_IntList');
const mean = aten('mean.dim');
const amax = aten('amax');
const amin = aten('amin');
const prod = aten('prod.dim_int');
const all = aten('all.dim');
const any = aten('any.dim');
const argmax = aten('argmax');
const argmin = aten('argmin');
const to = aten('to.dtype');
const nanToNum = aten('nan_to_num');
const cumsum = aten('cumsum');
const cumprod = aten('cumprod');
const flip = aten('flip');
const narrow = aten('narrow');
const full = aten('full_like');
const cat = aten('cat');
const softmax = aten('_softmax');
const logSoftmax = aten('_log_softmax');
const sortStable = atenMany('sort.stable');

/** The axes from the last to the first, so that reducing one leaves the numbers of the others. */
const axesOf = ({ axis }: Axes, x: TensorInfo): number[] =>
  util.parseAxisParam(axis as number, x.shape).sort((a, b) => b - a);

const isEmpty = ({ shape }: TensorInfo, axes: readonly number[]): boolean =>
  axes.some((axis) => shape[axis] === 0);

/** The largest of no numbers, which libtorch refuses, is no number, or 0 of whole ones, as on the cpu backend. */
const nothing = (x: Handle, axes: readonly number[], keepDims: boolean, dtype: string): Handle =>
  dtype === 'float32'
    ? full(sum(x, axes, keepDims, SCALAR_TYPE.float32), NaN)
    : sum(x, axes, keepDims, SCALAR_TYPE.int32);

/** Reduces one axis after another, for operators that take only one. */
function oneByOne(
  x: Handle,
  attributes: Axes,
  info: TensorInfo,
  run: (x: Handle, axis: number) => Handle,
): Handle {
  return axesOf(attributes, info).reduce((reduced, axis) => run(reduced, axis), x);
}

function cumulate(
  x: Handle,
  { axis, exclusive, reverse }: { axis: number; exclusive: boolean; reverse: boolean },
  info: TensorInfo,
  run: (x: Handle, axis: number) => Handle,
  start: number,
): Handle {
  const side = info.shape[axis];
  const forward = reverse ? flip(x, [axis]) : x;
  const shifted =
    exclusive && side > 0
      ? cat(
          [full(narrow(forward, axis, 0, 1), scalar(start, info.dtype)), narrow(forward, axis, 0, side - 1)],
          axis,
        )
      : forward;
  const result = run(shifted, axis);
  return reverse ? flip(result, [axis]) : result;
}

export function registerReduce(): void {
  define<Axes>('Sum', ({ x }, attributes, infos) => {
    const axes = axesOf(attributes, infos.x);
    const dtype = infos.x.dtype === 'float32' ? SCALAR_TYPE.float32 : SCALAR_TYPE.int32;
    return axes.length === 0 ? to(x, dtype) : sum(x, axes, attributes.keepDims === true, dtype);
  });
  define<Axes>('Mean', ({ x }, attributes, infos) => {
    const axes = axesOf(attributes, infos.x);
    const floats = to(x, SCALAR_TYPE.float32);
    return axes.length === 0 ? floats : mean(floats, axes, attributes.keepDims === true);
  });
  define<Axes>('Prod', ({ x }, attributes, infos) => {
    const dtype = infos.x.dtype === 'float32' ? SCALAR_TYPE.float32 : SCALAR_TYPE.int32;
    return oneByOne(to(x, dtype), attributes, infos.x, (y, axis) =>
      prod(y, axis, attributes.keepDims === true, dtype),
    );
  });
  for (const [kernel, run] of [
    ['Max', amax],
    ['Min', amin],
  ] as const)
    define<Axes & { reductionIndices?: number | number[] }>(kernel, ({ x }, attributes, infos) => {
      const axis = attributes.reductionIndices ?? attributes.axis;
      const axes = axesOf({ axis }, infos.x);
      if (axes.length === 0) return x;
      const keepDims = attributes.keepDims === true;
      return isEmpty(infos.x, axes) ? nothing(x, axes, keepDims, infos.x.dtype) : run(x, axes, keepDims);
    });
  for (const [kernel, run] of [
    ['All', all],
    ['Any', any],
  ] as const)
    define<Axes>(kernel, ({ x }, attributes, infos) =>
      oneByOne(x, attributes, infos.x, (y, axis) => run(y, axis, attributes.keepDims === true)),
    );
  for (const [kernel, run, least] of [
    ['ArgMax', argmax, -Infinity],
    ['ArgMin', argmin, Infinity],
  ] as const)
    define<Axes>(kernel, ({ x }, attributes, infos) => {
      const [axis] = axesOf(attributes, infos.x);
      if (isEmpty(infos.x, [axis])) return nothing(x, [axis], false, 'int32');
      if (infos.x.dtype !== 'float32') return run(to(x, SCALAR_TYPE.int32), axis, false);
      // NaN is never the largest or the smallest; libtorch would take it for both.
      return run(nanToNum(x, least, Infinity, -Infinity), axis, false);
    });
  define<{ axis: number; exclusive: boolean; reverse: boolean }>('Cumsum', ({ x }, attributes, infos) =>
    cumulate(x, attributes, infos.x, (y, axis) => cumsum(y, axis), 0),
  );
  define<{ axis: number; exclusive: boolean; reverse: boolean }>('Cumprod', ({ x }, attributes, infos) =>
    cumulate(x, attributes, infos.x, (y, axis) => cumprod(y, axis), 1),
  );
  define<{ dim: number }>('Softmax', ({ logits }, { dim }) => softmax(logits, dim, false));
  define<{ axis: number }>('LogSoftmax', ({ logits }, { axis }) => logSoftmax(logits, axis, false));
  define<{ k: number }>('TopK', ({ x }, { k }) => {
    const [values, indices] = sortStable(x, true, -1, true);
    return [narrow(values, -1, 0, k), narrow(indices, -1, 0, k)];
  });
}
