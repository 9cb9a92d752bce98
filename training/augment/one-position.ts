/** The one position of an example among those it is packed with. */
import type { EncodedPosition } from '#nets/features/edit-v7.ts';
import type { Example } from '../example.ts';

/** Read only: others share it. */
export function encodedPosition({ positions, index }: Example): EncodedPosition {
  const { width, height, features } = positions;
  const [area, globals] = [width * height, features.globals];
  return {
    planes: positions.planes.subarray(index * area, (index + 1) * area),
    globals: positions.globals.subarray(index * globals, (index + 1) * globals),
  };
}

/** The example with a copy of its position, changed by `edit`. */
export function withEdited(example: Example, edit: (position: EncodedPosition) => void): Example {
  const shared = encodedPosition(example);
  const position = { planes: shared.planes.slice(), globals: shared.globals.slice() };
  edit(position);
  return { ...example, positions: { ...example.positions, ...position }, index: 0 };
}
