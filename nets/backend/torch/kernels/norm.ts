/** Normalisation. */
import { aten } from '../aten.ts';
import { define } from '../kernel.ts';

const rsqrt = aten('rsqrt');
const add = aten('add.Scalar');
const addTensor = aten('add.Tensor');
const sub = aten('sub.Tensor');
const mul = aten('mul.Tensor');

export function registerNorm(): void {
  /** scale (x - mean) / sqrt(variance + epsilon) + offset, all of a shape that broadcasts to x's. */
  define<{ varianceEpsilon: number }>(
    'FusedBatchNorm',
    ({ x, mean, variance, offset, scale }, { varianceEpsilon }) => {
      const inverse = rsqrt(add(variance, varianceEpsilon));
      const factor = scale === undefined ? inverse : mul(inverse, scale);
      const scaled = mul(sub(x, mean), factor);
      return offset === undefined ? scaled : addTensor(scaled, offset);
    },
  );
}
