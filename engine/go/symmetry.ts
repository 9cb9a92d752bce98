/** The eight symmetries of the board: three bits applied in the order flip rows (1), flip columns (2), transpose (4). */

export const SYMMETRY_COUNT = 8;

/** Where `point` of a width x height board goes; with the transpose bit the image is height x width. */
export function mapPoint(symmetry: number, point: number, width: number, height: number): number {
  let x = point % width;
  let y = (point - x) / width;
  if (symmetry & 1) y = height - 1 - y;
  if (symmetry & 2) x = width - 1 - x;
  return symmetry & 4 ? x * height + y : y * width + x;
}

/** The symmetry that undoes `symmetry`; only 5 and 6 are not their own inverses. */
export function inverseSymmetry(symmetry: number): number {
  return symmetry === 5 ? 6 : symmetry === 6 ? 5 : symmetry;
}

const tables = new Map<number, Int16Array>();

/** int16 [width * height + 1]: the image of every move; pass stays pass. Cached: do not write. */
export function symmetryTable(symmetry: number, width: number, height: number): Int16Array {
  const key = (symmetry * 32 + width) * 32 + height;
  let table = tables.get(key);
  if (!table) {
    const area = width * height;
    table = Int16Array.from({ length: area + 1 }, (_, p) =>
      p === area ? area : mapPoint(symmetry, p, width, height),
    );
    tables.set(key, table);
  }
  return table;
}
