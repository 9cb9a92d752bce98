/** Microseconds to lay out a position as `katago-v7`, along light games: `tengen bench features [--json]` */
import { mean, median } from 'simple-statistics';
import { PositionCursor } from '#engine/go/cursor.ts';
import { isEye } from '#engine/go/eyes.ts';
import { LadderMaps } from '#engine/go/ladder-maps.ts';
import { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { SYMMETRY_COUNT } from '#engine/go/symmetry.ts';
import type { FeatureSet } from '#nets/features/feature-set.ts';
import { katagoV7 } from '#nets/features/katago-v7.ts';
import { benchOptions } from './common/arguments.ts';

const values = benchOptions({});
const GAMES = 10;
/** Rounds over all games, of which the first warm the compiler up. */
const ROUNDS = 7;
const WARM_UP = 2;

type Row = {
  size: number;
  /** Of the position and its two parents, whether chains of one or two liberties stand on the board. */
  ladders: string;
  positions: number;
  /** Microseconds an encoding, over the positions; of each the median over rounds, which no other program disturbs. */
  median: number;
  mean: number;
};

const empty = (size: number): PositionCursor =>
  new PositionCursor(Position.start({ width: size, height: size, rules: RULE_PRESETS.chinese }));

/** Random moves that fill no own eye, for as many plies as there are points. */
function lightGame(size: number, seed: number): number[] {
  const rng = makeRng(seed);
  const cursor = empty(size);
  const moves: number[] = [];
  const points = Array.from({ length: size * size }, (_, p) => p);
  while (moves.length < points.length) {
    const open = points.filter((p) => cursor.isLegal(p) && !isEye(cursor.board, p, cursor.toPlay));
    if (open.length === 0) break;
    moves.push(open[rng.nextInt(open.length)]);
    cursor.play(moves[moves.length - 1]);
  }
  return moves;
}

/**
 * Times of the positions along games, apart for those with and without chains to read.
 * @param makeFeatures the set for a round, which has met none of its positions.
 * @param title of the positions with chains to read.
 */
function measure(size: number, makeFeatures: () => FeatureSet, title: string): Row[] {
  const games = Array.from({ length: GAMES }, (_, seed) => lightGame(size, seed));
  const area = size * size;
  const kinds = [new Map<string, number[]>(), new Map<string, number[]>()];
  for (let round = 0; round < ROUNDS; round++) {
    const features = makeFeatures();
    const out = {
      planes: new Float32Array(area * features.planes),
      globals: new Float32Array(features.globals),
      columns: size,
      pointStride: 1,
      planeStride: area,
      planesOffset: 0,
      globalsOffset: 0,
    };
    for (const [game, moves] of games.entries()) {
      const cursor = empty(size);
      let lastRead = -Infinity;
      for (const [ply, move] of moves.entries()) {
        cursor.play(move);
        const { stones } = cursor.board;
        if (stones.some((stone, p) => stone !== 0 && cursor.board.liberties(p) <= 2)) lastRead = ply;
        out.planes.fill(0);
        const begin = performance.now();
        features.encode(cursor, game % SYMMETRY_COUNT, out);
        const microseconds = 1000 * (performance.now() - begin);
        if (round < WARM_UP) continue;
        const times = kinds[ply - lastRead <= 2 ? 1 : 0];
        const position = `${game} ${ply}`;
        times.set(position, [...(times.get(position) ?? []), microseconds]);
      }
    }
  }
  return kinds.map((times, kind) => {
    const medians = [...times.values()].map((rounds) => median(rounds));
    return {
      size,
      ladders: kind === 0 ? 'none' : title,
      positions: medians.length,
      median: Number(median(medians).toFixed(1)),
      mean: Number(mean(medians).toFixed(1)),
    };
  });
}

const rows = [9, 19].flatMap((size) => [
  ...measure(size, () => katagoV7(new LadderMaps(4096)), 'of parents remembered'),
  // With one map, that of the position drives out those of its parents.
  ...measure(size, () => katagoV7(new LadderMaps(1)), 'all read').slice(1),
]);
if (values.json === true) console.log(JSON.stringify(rows));
else console.table(rows);
