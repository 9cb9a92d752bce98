/** The inverse of a small symmetric matrix. */

/**
 * Inverts a symmetric positive definite matrix by sweeping every pivot (Goodnight 1979, "A tutorial on the SWEEP
 * operator"); such a matrix needs no pivoting.
 * @param matrix float64 [size * size], row by row; overwritten by its inverse.
 * @returns `matrix`.
 * @throws where a pivot is not positive, because the matrix is not what it should be.
 */
export function invertPositiveDefinite(matrix: Float64Array, size: number): Float64Array {
  for (let k = 0; k < size; k++) {
    const pivot = matrix[k * size + k];
    if (!(pivot > 0)) throw new Error(`internal: pivot ${k} of a positive definite matrix is ${pivot}`);
    for (let j = 0; j < size; j++) matrix[k * size + j] /= pivot;
    for (let i = 0; i < size; i++) {
      if (i === k) continue;
      const factor = matrix[i * size + k];
      if (factor === 0) continue;
      for (let j = 0; j < size; j++) matrix[i * size + j] -= factor * matrix[k * size + j];
      matrix[i * size + k] = -factor / pivot;
    }
    matrix[k * size + k] = 1 / pivot;
  }
  return matrix;
}
