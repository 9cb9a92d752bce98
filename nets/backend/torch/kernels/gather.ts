/** Kernels that read and write at indices. */
import { backend_util, util } from '@tensorflow/tfjs-core';
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { Handle } from '../addon.ts';
import { SCALAR_TYPE, aten, scalar, upload } from '../aten.ts';
import { define } from '../kernel.ts';

const reshape = aten('reshape');
const indexSelect = aten('index_select');
const gather = aten('gather');
const expand = aten('expand');
const unsqueeze = aten('unsqueeze');
const to = aten('to.dtype');
const eq = aten('eq.Tensor');
const where = aten('where.self');
const lt = aten('lt.Scalar');
const narrow = aten('narrow');
const full = aten('full_like');
const zeros = aten('new_zeros');
const indexAdd = aten('index_add');
const indexCopy = aten('index_copy');
const mul = aten('mul.Tensor');
const sum = aten('sum.dim_IntList');

const int64 = (x: Handle): Handle => to(x, SCALAR_TYPE.int64);

/** int64 [M]: the row of [product(shape.slice(0, depth)), ...] that each of M index tuples names. */
function rowsOf(indices: Handle, depth: number, shape: readonly number[]): Handle {
  const strides = util.computeStrides([...shape.slice(0, depth), 1]);
  const tuples = reshape(int64(indices), [-1, depth]);
  return sum(mul(tuples, int64(upload(Int32Array.from(strides), [depth]))), [1], false);
}

/** Writes rows of `updates` at index tuples into `base` [rows, width]; a vector of indices is one of tuples of length 1. */
function scatter(
  indices: Handle,
  { shape: indexShape }: TensorInfo,
  updates: Handle,
  shape: readonly number[],
  write: (rows: number, width: number, at: Handle, values: Handle) => Handle,
): Handle {
  const depth = indexShape.length > 1 ? indexShape[indexShape.length - 1] : 1;
  const rows = util.sizeFromShape(shape.slice(0, depth));
  const width = util.sizeFromShape(shape.slice(depth));
  return reshape(write(rows, width, rowsOf(indices, depth, shape), reshape(updates, [-1, width])), [
    ...shape,
  ]);
}

export function registerGather(): void {
  define<{ axis: number; batchDims: number }>('GatherV2', ({ x, indices }, { axis, batchDims }, infos) => {
    const [at] = util.parseAxisParam(axis, infos.x.shape);
    const info = backend_util.segment_util.collectGatherOpShapeInfo(
      infos.x as never,
      infos.indices as never,
      at,
      batchDims,
    );
    const { batchSize, outerSize, dimSize, sliceSize, outputShape } = info;
    const flat = reshape(int64(indices), [batchSize, -1]);
    const blocks = reshape(x, [batchSize, outerSize, dimSize, sliceSize]);
    if (batchSize === 1) return reshape(indexSelect(blocks, 2, reshape(flat, [-1])), outputShape);
    const spread = expand(unsqueeze(unsqueeze(flat, 1), 3), [batchSize, outerSize, -1, sliceSize]);
    return reshape(gather(blocks, 2, spread), outputShape);
  });
  define('GatherNd', ({ params, indices }, _, infos) => {
    const { shape } = infos.params;
    const { shape: indexShape } = infos.indices;
    const depth = indexShape[indexShape.length - 1];
    const [outputShape] = backend_util.prepareAndValidate(infos.params as never, infos.indices as never);
    const rows = reshape(params, [util.sizeFromShape(shape.slice(0, depth)), -1]);
    return reshape(indexSelect(rows, 0, rowsOf(indices, depth, shape)), outputShape);
  });
  define<{ shape: number[] }>('ScatterNd', ({ indices, updates }, { shape }, infos) =>
    scatter(indices, infos.indices, updates, shape, (rows, width, at, values) =>
      indexAdd(zeros(updates, [rows, width]), 0, at, values),
    ),
  );
  define('TensorScatterUpdate', ({ tensor, indices, updates }, _, infos) =>
    scatter(indices, infos.indices, updates, infos.tensor.shape, (rows, width, at, values) =>
      indexCopy(reshape(tensor, [rows, width]), 0, at, values),
    ),
  );
  define<{ numSegments: number }>('UnsortedSegmentSum', ({ x, segmentIds }, { numSegments }, infos) => {
    const [rows, ...rest] = infos.x.shape;
    const flat = reshape(x, [rows, -1]);
    // Rows without a segment have a negative one; they go to a row that is cut off.
    const ids = int64(segmentIds);
    const at = where(lt(ids, 0), full(ids, BigInt(numSegments)), ids);
    const sums = indexAdd(zeros(flat, [numSegments + 1, util.sizeFromShape(rest)]), 0, at, flat);
    return reshape(narrow(sums, 0, 0, numSegments), [numSegments, ...rest]);
  });
  define<{ depth: number; onValue: number; offValue: number; dtype: DataType }>(
    'OneHot',
    ({ indices }, { depth, onValue, offValue, dtype }) => {
      const classes = upload(
        Int32Array.from({ length: depth }, (_, i) => i),
        [depth],
      );
      const isOn = eq(unsqueeze(indices, -1), classes);
      const like = to(isOn, SCALAR_TYPE[dtype as keyof typeof SCALAR_TYPE]);
      return where(isOn, full(like, scalar(onValue, dtype)), full(like, scalar(offValue, dtype)));
    },
  );
}
