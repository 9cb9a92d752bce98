/** Which of several names somebody may have meant. */

/** Letters to insert, delete or change to get from `a` to `b` (Levenshtein 1966), by the rows of Wagner and Fischer's table. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}

/** The names that are at most `distance` letters from `name`, nearest first. */
export function nearest(name: string, names: readonly string[], distance: number): string[] {
  const distances = new Map(names.map((known) => [known, editDistance(name, known)]));
  return [...distances]
    .filter(([, letters]) => letters <= distance)
    .sort((a, b) => a[1] - b[1])
    .map(([known]) => known);
}
