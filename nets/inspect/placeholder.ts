/** Weights for nets that are only to be measured. */
import type { AnyNetFile, WeightArray } from '../file.ts';
import { isKernel } from '../kernels.ts';
import type { AnySpec } from '../spec.ts';
import { weightShapes } from '../weight-shapes.ts';

/** The net with kernels that take means of what they see, so that numbers neither grow nor vanish with depth, and norms that do nothing. */
export function placeholderNet(spec: AnySpec): AnyNetFile {
  const weights = new Map<string, WeightArray>();
  for (const [name, shape] of weightShapes(spec)) {
    const size = shape.reduce((product, side) => product * side, 1);
    const isFactor = /gamma|scale|norm|variance$/.test(name.slice(name.lastIndexOf('/')));
    const value = isKernel(shape) ? (shape.at(-1) as number) / size : Number(isFactor);
    weights.set(name, { shape, values: new Float32Array(size).fill(value) });
  }
  return { spec, weights, provenance: {} };
}
