/** How many light playouts a second one core plays, by board size. `node bench/board.ts [--json]` */
import { median } from 'simple-statistics';
import { Board } from '#engine/go/board.ts';
import { BLACK } from '#engine/go/color.ts';
import { playout } from '#engine/go/playout.ts';
import { makeRng } from '#engine/go/random.ts';
import { benchOptions } from './common/arguments.ts';

const values = benchOptions({});
const ROUNDS = 5;
const ROUND_MS = 600;

function playoutsPerSecond(size: number): number {
  const rng = makeRng(1);
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const start = performance.now();
    let games = 0;
    while (performance.now() - start < ROUND_MS) {
      playout(new Board(size, size), BLACK, rng);
      games++;
    }
    // The first round warms the compiler up.
    if (round > 0) rates.push((games * 1000) / (performance.now() - start));
  }
  return Math.round(median(rates));
}

const rows = [9, 13, 19].map((size) => ({ size, playoutsPerSecond: playoutsPerSecond(size) }));
if (values.json === true) console.log(JSON.stringify(rows));
else console.table(rows);
