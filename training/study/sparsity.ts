/** How much of a net is exactly 0, as penalties with a corner there leave it. */
import { connectedWeights } from '#nets/connected-weights.ts';
import type { AnyNetFile } from '#nets/file.ts';
import { isKernel } from '#nets/kernels.ts';

/**
 * Shares, in [0, 1], of the weights of all kernels of all nets, and of their filters all of whose weights are; 0 without
 * kernels. Weights that a connection table holds at 0 are none.
 */
export type Sparsity = { readonly zeroWeights: number; readonly zeroFilters: number };

export function sparsityOf(nets: readonly Pick<AnyNetFile, 'spec' | 'weights'>[]): Sparsity {
  const [counts, zeros] = [
    { weights: 0, filters: 0 },
    { weights: 0, filters: 0 },
  ];
  for (const { spec, weights } of nets) {
    const connected = connectedWeights(spec);
    for (const [name, { shape, values }] of weights) {
      if (!isKernel(shape)) continue;
      const seen = connected.get(name);
      // A filter is one output, the last axis.
      const filters = shape[shape.length - 1];
      const isZero = Array<boolean>(filters).fill(true);
      values.forEach((value, i) => {
        if (seen?.[i] === 0) return;
        counts.weights++;
        if (value === 0) zeros.weights++;
        else isZero[i % filters] = false;
      });
      counts.filters += filters;
      zeros.filters += isZero.filter(Boolean).length;
    }
  }
  return {
    zeroWeights: zeros.weights / Math.max(1, counts.weights),
    zeroFilters: zeros.filters / Math.max(1, counts.filters),
  };
}
