/** Whether a net can begin with the trunk of another. */
import { mismatch } from '#nets/weight-shapes.ts';

type Shapes = ReadonlyMap<string, readonly number[]>;

const ofTrunk = (all: Shapes): Shapes => new Map([...all].filter(([name]) => name.startsWith('trunk/')));

/** The `mismatch` of the trunk's weights. Heads may differ. */
export const trunkMismatch = (expected: Shapes, shapes: Shapes): string | null =>
  mismatch(ofTrunk(expected), ofTrunk(shapes));
