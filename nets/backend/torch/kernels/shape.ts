/** Kernels that move values without computing. */
import { backend_util, slice_util, util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Handle } from '../addon.ts';
import { aten, atenMany, scalar, shapeOf, upload } from '../aten.ts';
import type { TorchBackend } from '../backend.ts';
import { define, defineRaw } from '../kernel.ts';

const reshape = aten('reshape');
const permute = aten('permute');
const slice = aten('slice.Tensor');
const cat = aten('cat');
const stack = aten('stack');
const unbind = atenMany('unbind.int');
const split = atenMany('split_with_sizes');
const repeat = aten('repeat');
const pad = aten('constant_pad_nd');
const flip = aten('flip');
const indexSelect = aten('index_select');
const where = aten('where.self');
const expand = aten('expand');

/** tfjs pads as [before, after] from the first axis on, ATen as flat pairs from the last axis back. */
export function padding(pairs: readonly (readonly number[])[]): number[] {
  return pairs.toReversed().flat();
}

function takeAlong(x: Handle, axis: number, indices: readonly number[]): Handle {
  return indexSelect(x, axis, upload(Int32Array.from(indices), [indices.length]));
}

/** Positions that padding by mirroring reads along one axis; `edge` is 1 where the border itself is not repeated. */
function mirrored(side: number, [before, after]: readonly number[], edge: 0 | 1): number[] {
  return Array.from({ length: before + side + after }, (_, i) => {
    const at = i - before;
    if (at < 0) return -at - 1 + edge;
    return at < side ? at : 2 * side - at - 1 - edge;
  });
}

export function registerShape(): void {
  defineRaw('Identity', ({ inputs, backend }) => {
    const { x } = inputs as Record<string, TensorInfo>;
    (backend as TorchBackend).incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  });
  define<{ shape: number[] }>('Reshape', ({ x }, { shape }, infos) =>
    reshape(x, util.inferFromImplicitShape(shape, util.sizeFromShape(infos.x.shape))),
  );
  define<{ dim: number }>('ExpandDims', ({ input }, { dim }, infos) => {
    const { shape } = infos.input;
    util.assert(
      -(shape.length + 1) <= dim && dim <= shape.length,
      () => `Axis ${dim} is not in [-${shape.length + 1}, ${shape.length}].`,
    );
    const at = dim < 0 ? shape.length + 1 + dim : dim;
    return reshape(input, [...shape.slice(0, at), 1, ...shape.slice(at)]);
  });
  define<{ perm: number[] }>('Transpose', ({ x }, { perm }) => permute(x, perm));
  define<{ begin: number[]; size: number[] }>('Slice', ({ x }, { begin, size }, infos) => {
    const [starts, sizes] = slice_util.parseSliceParams(infos.x as never, begin, size);
    slice_util.assertParamsValid(infos.x as never, starts, sizes);
    return starts.reduce((part, start, axis) => slice(part, axis, start, start + sizes[axis], 1), x);
  });
  define<{
    begin: number[];
    end: number[];
    strides: number[];
    beginMask: number;
    endMask: number;
    ellipsisMask: number;
    newAxisMask: number;
    shrinkAxisMask: number;
  }>('StridedSlice', ({ x }, a, infos) => {
    const info = slice_util.sliceInfo(
      infos.x.shape,
      a.begin,
      a.end,
      a.strides,
      a.beginMask,
      a.endMask,
      a.ellipsisMask,
      a.newAxisMask,
      a.shrinkAxisMask,
    );
    const counts = slice_util.computeOutShape(info.begin, info.end, info.strides);
    const part = counts.reduce((rest, count, axis) => {
      const { [axis]: from } = info.begin;
      const { [axis]: by } = info.strides;
      if (by > 0) return slice(rest, axis, from, from + count * by, by);
      return takeAlong(
        rest,
        axis,
        Array.from({ length: count }, (_, i) => from + i * by),
      );
    }, x);
    return reshape(part, info.finalShape);
  });
  define<{ axis: number }>('Concat', (inputs, { axis }, infos) => {
    const shapes = Object.values(infos).map(({ shape }) => shape);
    const [at] = util.parseAxisParam(axis, shapes[0]);
    backend_util.assertParamsConsistent(shapes, at);
    const filled = Object.keys(inputs).filter((key) => util.sizeFromShape(infos[key].shape) > 0);
    if (filled.length === 0)
      return reshape(Object.values(inputs)[0], backend_util.computeOutShape(shapes, at));
    const parts = filled.map((key) => inputs[key]);
    return cat(parts, at);
  });
  define<{ axis: number }>('Pack', (inputs, { axis }, infos) => {
    const [first, ...others] = Object.values(infos);
    for (const { shape, dtype } of others) {
      util.assertShapesMatch(first.shape, shape, 'All tensors passed to stack must have matching shapes');
      util.assert(first.dtype === dtype, () => 'All tensors passed to stack must have matching dtypes');
    }
    return stack(Object.values(inputs), axis);
  });
  define<{ axis: number }>('Unpack', ({ value }, { axis }) => unbind(value, axis));
  define<{ numOrSizeSplits: number | number[]; axis: number }>(
    'SplitV',
    ({ x }, { numOrSizeSplits, axis }, infos) => {
      const [at] = util.parseAxisParam(axis, infos.x.shape);
      return split(x, backend_util.prepareSplitSize(infos.x as never, numOrSizeSplits, at), at);
    },
  );
  define<{ reps: number[] }>('Tile', ({ x }, { reps }) => repeat(x, reps));
  define<{ paddings: number[][]; constantValue: number }>(
    'PadV2',
    ({ x }, { paddings, constantValue }, infos) =>
      paddings.length === 0 ? x : pad(x, padding(paddings), scalar(constantValue, infos.x.dtype)),
  );
  define<{ paddings: number[][]; mode: 'reflect' | 'symmetric' }>(
    'MirrorPad',
    ({ x }, { paddings, mode }, infos) =>
      paddings.reduce(
        (padded, pair, axis) =>
          takeAlong(padded, axis, mirrored(infos.x.shape[axis], pair, mode === 'reflect' ? 1 : 0)),
        x,
      ),
  );
  define<{ dims: number | number[] }>('Reverse', ({ x }, { dims }, infos) =>
    flip(x, util.parseAxisParam(dims, infos.x.shape)),
  );
  define('FlipLeftRight', ({ image }) => flip(image, [2]));
  define('Select', ({ condition, t, e }, _, infos) => {
    const rank = infos.t.shape.length;
    const { shape } = infos.condition;
    // A vector of conditions chooses whole rows.
    const rows =
      shape.length === 1 && rank > 1
        ? reshape(condition, [...shape, ...Array<number>(rank - 1).fill(1)])
        : condition;
    return where(rows, t, e);
  });
  define<{ shape: number[] }>('BroadcastTo', ({ x }, { shape }) => expand(x, shape));
  define<{ blockShape: number[]; crops: number[][] }>(
    'BatchToSpaceND',
    ({ x }, { blockShape, crops }, infos) => {
      const block = blockShape.reduce((a, b) => a * b);
      const { shape } = infos.x;
      const spread = reshape(x, backend_util.getReshaped(shape, blockShape, block));
      const turned = permute(
        spread,
        backend_util.getPermuted(shape.length === 0 ? 0 : shapeOf(spread).length, blockShape.length),
      );
      const whole = reshape(turned, backend_util.getReshapedPermuted(shape, blockShape, block));
      const begin = backend_util.getSliceBeginCoords(crops, blockShape.length);
      const size = backend_util.getSliceSize(shapeOf(whole), crops, blockShape.length);
      return begin.reduce((part, start, axis) => slice(part, axis, start, start + size[axis], 1), whole);
    },
  );
  define<{ blockShape: number[]; paddings: number[][] }>(
    'SpaceToBatchND',
    ({ x }, { blockShape, paddings }, infos) => {
      const block = blockShape.reduce((a, b) => a * b);
      const { shape } = infos.x;
      const pairs = [
        [0, 0],
        ...paddings,
        ...Array<number[]>(shape.length - 1 - blockShape.length).fill([0, 0]),
      ];
      const padded = pad(x, padding(pairs), 0);
      const spread = reshape(padded, backend_util.getReshaped(shapeOf(padded), blockShape, block, false));
      const turned = permute(
        spread,
        backend_util.getPermuted(shapeOf(spread).length, blockShape.length, false),
      );
      return reshape(turned, backend_util.getReshapedPermuted(shapeOf(padded), blockShape, block, false));
    },
  );
  define<{ blockSize: number; dataFormat: string }>(
    'DepthToSpace',
    ({ x }, { blockSize: k, dataFormat }, infos) => {
      const [n, a, b, c] = infos.x.shape;
      if (dataFormat === 'NHWC')
        return reshape(permute(reshape(x, [n, a, b, k, k, c / (k * k)]), [0, 1, 3, 2, 4, 5]), [
          n,
          a * k,
          b * k,
          c / (k * k),
        ]);
      return reshape(permute(reshape(x, [n, k, k, a / (k * k), b, c]), [0, 3, 4, 1, 5, 2]), [
        n,
        a / (k * k),
        b * k,
        c * k,
      ]);
    },
  );
}
