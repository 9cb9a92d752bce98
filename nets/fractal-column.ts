/** One column of a FractalNet as a net of its own: the answer at a fraction of the time (Larsson et al. 2017, section 4.3). */
import type { NetFile, NetFileResult } from './file.ts';
import { weightShapes } from './weight-shapes.ts';

/** @param column counted from the shallowest, 1. The weights are those of the whole net. */
export function columnOf({ spec, weights, provenance }: NetFile, column: number): NetFileResult {
  const { trunk } = spec;
  if (trunk.kind !== 'fractal' || trunk.column !== undefined)
    return { ok: false, message: 'only a whole FractalNet has columns' };
  if (column < 1 || column > trunk.columns)
    return { ok: false, message: `its columns are 1 to ${trunk.columns}, not ${column}` };
  const alone = { ...spec, trunk: { ...trunk, column } };
  const kept = weightShapes(alone);
  const own = new Map([...weights].filter(([name]) => kept.has(name)));
  return { ok: true, net: { spec: alone, weights: own, provenance: { ...provenance, column } } };
}
