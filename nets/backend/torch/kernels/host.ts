/** Kernels that our nets, losses and optimizers do not use, and all kernels of strings: tfjs's own cpu kernels compute them. */
import { hostKernel } from '../../host.ts';
import { defineRaw } from '../kernel.ts';

export const HOST_KERNELS = [
  'BroadcastArgs',
  'Bincount',
  'CropAndResize',
  'DenseBincount',
  'Diag',
  'Dilation2D',
  'Dilation2DBackpropFilter',
  'Dilation2DBackpropInput',
  'Einsum',
  'LRN',
  'LRNGrad',
  'MaxPoolWithArgmax',
  'Multinomial',
  'NonMaxSuppressionV3',
  'NonMaxSuppressionV4',
  'NonMaxSuppressionV5',
  'RaggedGather',
  'RaggedRange',
  'RaggedTensorToTensor',
  'ResizeBilinear',
  'ResizeBilinearGrad',
  'ResizeNearestNeighbor',
  'ResizeNearestNeighborGrad',
  'RotateWithOffset',
  'SearchSorted',
  'SparseFillEmptyRows',
  'SparseReshape',
  'SparseSegmentMean',
  'SparseSegmentSum',
  'SparseToDense',
  'StaticRegexReplace',
  'StringNGrams',
  'StringSplit',
  'StringToHashBucketFast',
  'Transform',
  'Unique',
] as const;

export function registerHost(): void {
  for (const name of HOST_KERNELS) defineRaw(name, hostKernel(name));
}
