/** Where boards lie in the buffer of a batch: each turned by its symmetry, in the top-left corner. */
import { symmetryTable } from '#engine/go/symmetry.ts';

export type Turned = { readonly width: number; readonly height: number; readonly symmetry: number };

/** The smallest buffer, in columns and rows, that holds every one of the boards. */
export function bufferOf(boards: readonly Turned[]): { width: number; height: number } {
  const isTransposed = ({ symmetry }: Turned): boolean => (symmetry & 4) !== 0;
  return {
    width: Math.max(...boards.map((board) => (isTransposed(board) ? board.height : board.width))),
    height: Math.max(...boards.map((board) => (isTransposed(board) ? board.width : board.height))),
  };
}

const tables = new Map<number, Int16Array>();

/** int16 [width * height]: the row-major point of the buffer that shows each point of the board. Cached: do not write. */
export function bufferPoints({ width, height, symmetry }: Turned, bufferWidth: number): Int16Array {
  const key = ((symmetry * 32 + width) * 32 + height) * 32 + bufferWidth;
  let table = tables.get(key);
  if (table === undefined) {
    const turnedWidth = symmetry & 4 ? height : width;
    table = symmetryTable(symmetry, width, height)
      .subarray(0, width * height)
      .map((to) => Math.floor(to / turnedWidth) * bufferWidth + (to % turnedWidth));
    tables.set(key, table);
  }
  return table;
}
