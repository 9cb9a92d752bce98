/** Boards in buffers larger than they are, for tests that compare them with boards alone. */
import type { Inputs, Outputs } from './net-outputs.ts';

/** The same boards in the corner of a larger buffer. */
export function padded(inputs: Inputs, side: number): Inputs {
  const { planes, height, width } = inputs;
  const maps = planes.length / (height * width);
  const wide = new Float32Array(maps * side * side);
  for (let m = 0; m < maps; m++)
    for (let y = 0; y < height; y++)
      wide.set(
        planes.subarray((m * height + y) * width, (m * height + y + 1) * width),
        (m * side + y) * side,
      );
  return { ...inputs, planes: wide, height: side, width: side };
}

/** What is said of the points of a board of `inner` in a buffer of `outer` points a side, and of its pass. */
export function onBoard(outputs: Outputs, outer: number, inner: number): Outputs {
  const kept = (values: Float32Array): Float32Array =>
    values.filter((_, i) => i === outer * outer || (i % outer < inner && i < outer * inner));
  const { policy, ownership, ...others } = outputs;
  return { ...others, policy: kept(policy), ownership: kept(ownership) };
}
