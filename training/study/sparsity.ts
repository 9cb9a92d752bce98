/** How much of a net is exactly 0, as penalties with a corner there leave it. */
import type { AnyNetFile } from '#nets/file.ts';

/** Shares, in [0, 1], of the weights of all kernels of all nets, and of their filters all of whose weights are; 0 without kernels. */
export type Sparsity = { readonly zeroWeights: number; readonly zeroFilters: number };

export function sparsityOf(nets: readonly Pick<AnyNetFile, 'weights'>[]): Sparsity {
  const [counts, zeros] = [
    { weights: 0, filters: 0 },
    { weights: 0, filters: 0 },
  ];
  for (const [name, { shape, values }] of nets.flatMap((net) => [...net.weights])) {
    if (!name.endsWith('/kernel')) continue;
    // A filter is one output, the last axis.
    const filters = shape[shape.length - 1];
    const isZero = Array<boolean>(filters).fill(true);
    values.forEach((value, i) => {
      if (value === 0) zeros.weights++;
      else isZero[i % filters] = false;
    });
    counts.weights += values.length;
    counts.filters += filters;
    zeros.filters += isZero.filter(Boolean).length;
  }
  return {
    zeroWeights: zeros.weights / Math.max(1, counts.weights),
    zeroFilters: zeros.filters / Math.max(1, counts.filters),
  };
}
