/** Counts legal positions by brute force against the known numbers (Tromp, OEIS A094777). `node bench/legal-positions.ts [--json]` */
import { Board } from '#engine/go/board.ts';
import { benchOptions } from './common/arguments.ts';

const values = benchOptions({});

/** Every arrangement of stones is built on a `Board`; those where all chains have liberties are legal. */
function countLegal(width: number, height: number): number {
  const board = new Board(width, height);
  let count = 0;
  const visit = (point: number): void => {
    // A chain that is closed in by stones and edges already placed can never get a liberty again.
    const above = point - width - 1;
    for (const p of [above, above + 1]) if (p >= 0 && board.stones[p] !== 0 && hopeless(p, point)) return;
    if (point === board.area) {
      if (board.stones.every((stone, p) => stone === 0 || board.liberties(p) > 0)) count++;
      return;
    }
    for (const color of [0, 1, 2] as const) {
      board.place(point, color);
      visit(point + 1);
    }
    board.place(point, 0);
  };
  const hopeless = (p: number, placed: number): boolean =>
    board.liberties(p) === 0 && board.chainStones(p).every((q) => q + width < placed);
  visit(0);
  return count;
}

const KNOWN: readonly [number, number, number][] = [
  [2, 2, 57],
  [3, 3, 12_675],
  [4, 3, 321_689],
  [4, 4, 24_318_165],
];

const rows = KNOWN.map(([width, height, known]) => {
  const start = performance.now();
  const counted = countLegal(width, height);
  const seconds = Number(((performance.now() - start) / 1000).toFixed(1));
  return { board: `${width}x${height}`, counted, known, equal: counted === known, seconds };
});
if (values.json === true) console.log(JSON.stringify(rows));
else console.table(rows);
process.exitCode = rows.every((row) => row.equal) ? 0 : 1;
