/** Which weights of a net are its kernels: what decay, penalties, gradient norms, sparsity and directions are of. */

/**
 * Of convolutions [KH, KW, CI, CO], and matrices [CI, CO]: of dense layers, attention and gated layers. Vectors are none, nor
 * are the frequencies [kvHeads, queryDim / 2, 2] of rotary embeddings, which are angles.
 */
export const isKernel = (shape: readonly unknown[]): boolean => shape.length === 2 || shape.length === 4;
