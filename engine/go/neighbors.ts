/** Which points lie beside which, and the areas they make. */

const tables = new Map<number, Int16Array>();

/**
 * int16 [4 * width * height], the up to four neighbours of each point (above, left, right, below), padded with -1.
 * Computed once a size, since boards are cloned in hot loops: do not write.
 */
export function neighborTable(width: number, height: number): Int16Array {
  const known = tables.get(width * 32 + height);
  if (known) return known;
  const area = width * height;
  const table = new Int16Array(4 * area).fill(-1);
  for (let p = 0; p < area; p++) {
    const x = p % width;
    let n = 4 * p;
    if (p >= width) table[n++] = p - width;
    if (x > 0) table[n++] = p - 1;
    if (x < width - 1) table[n++] = p + 1;
    if (p < area - width) table[n++] = p + width;
  }
  tables.set(width * 32 + height, table);
  return table;
}

/**
 * The neighbours of `point`. Loops that must be fast read the table themselves: entries `4 * point` to
 * `4 * point + 3`, up to the first -1.
 */
export function neighborsOf(table: Int16Array, point: number): Int16Array {
  const four = table.subarray(4 * point, 4 * point + 4);
  const end = four.indexOf(-1);
  return end < 0 ? four : four.subarray(0, end);
}

/**
 * The largest connected areas of points with the same label, in the order of their first points.
 * @param labels [area]; points with the label 0 belong to no area.
 */
export function connectedAreas(table: Int16Array, labels: Uint8Array): number[][] {
  const seen = Uint8Array.from(labels, (label) => (label === 0 ? 1 : 0));
  const areas: number[][] = [];
  for (let start = 0; start < labels.length; start++) {
    if (seen[start]) continue;
    const points = [start];
    seen[start] = 1;
    for (const p of points)
      for (const q of neighborsOf(table, p))
        if (!seen[q] && labels[q] === labels[start]) {
          seen[q] = 1;
          points.push(q);
        }
    areas.push(points);
  }
  return areas;
}
