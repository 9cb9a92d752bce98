/** Matrix products. */
import { util } from '@tensorflow/tfjs-core';
import type { Handle } from '../addon.ts';
import { aten } from '../aten.ts';
import { define } from '../kernel.ts';
import { finish, type Fused } from './activation.ts';

const matmul = aten('matmul');
const transpose = aten('transpose.int');

type Transposes = { transposeA: boolean; transposeB: boolean };

/** Batches [..., M, K] and [..., K, N]; a transposition is a view and costs nothing. */
function product(a: Handle, b: Handle, { transposeA, transposeB }: Transposes): Handle {
  return matmul(transposeA ? transpose(a, -2, -1) : a, transposeB ? transpose(b, -2, -1) : b);
}

export function registerMatMul(): void {
  define<Transposes>('BatchMatMul', ({ a, b }, attributes, infos) => {
    util.assert(
      infos.a.shape.length >= 2 && infos.b.shape.length >= 2,
      () => 'Matrix products need tensors of rank 2 or more.',
    );
    return product(a, b, attributes);
  });
  define<Transposes & Fused>('_FusedMatMul', ({ a, b, bias, preluActivationWeights }, attributes) =>
    finish(product(a, b, attributes), attributes, bias, preluActivationWeights),
  );
}
