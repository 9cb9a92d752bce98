/** Microseconds to lay out what a net sees of a 9x9 position, ladders read: `tengen bench features [--json]` */
import { median } from 'simple-statistics';
import { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { SYMMETRY_COUNT } from '#engine/go/symmetry.ts';
import { TENGEN_V1, encodeTengenV1 } from '#nets/features/tengen-v1.ts';

const SIZE = 9;
const ROUNDS = 5;
const REPEATS = 50;

const rng = makeRng(2);
const positions: Position[] = [];
let position = Position.start({ width: SIZE, height: SIZE, rules: RULE_PRESETS.chinese });
for (let i = 0; i < 60; i++) {
  positions.push(position);
  const moves = position.legalMoves();
  const played = position.play(moves[rng.nextInt(moves.length - 1)]);
  if (played.ok) position = played.position;
}
const planes = new Float32Array(SIZE * SIZE * TENGEN_V1.planes);
const globals = new Float32Array(TENGEN_V1.globals);
const times: number[] = [];
for (let round = 0; round <= ROUNDS; round++) {
  const start = performance.now();
  for (let i = 0; i < REPEATS; i++)
    for (const each of positions) {
      planes.fill(0);
      encodeTengenV1(each, i % SYMMETRY_COUNT, planes, globals, SIZE);
    }
  // The first round warms the compiler up.
  if (round > 0) times.push((1000 * (performance.now() - start)) / (REPEATS * positions.length));
}
const row = { features: 'tengen-v1', size: SIZE, microseconds: Number(median(times).toFixed(1)) };
if (process.argv.includes('--json')) console.log(JSON.stringify(row));
else console.table([row]);
