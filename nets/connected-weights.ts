/** Which weights of kernels with a connection table do anything. */
import { seenByTable } from './layers/conv.ts';
import type { AnySpec } from './spec.ts';
import { connectionTables, weightShapes } from './weight-shapes.ts';

/** `seenByTable` of the kernels that have a table, by their names. */
export function connectedWeights(spec: AnySpec): Map<string, Float32Array> {
  const shapes = weightShapes(spec);
  return new Map(
    Array.from(connectionTables(spec), ([name, table]) => {
      const shape = shapes.get(name);
      if (shape === undefined) throw new Error(`internal: ${name} has a table and no shape`);
      return [name, seenByTable(table, shape)];
    }),
  );
}
