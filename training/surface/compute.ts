/** Carries surfaces out: the losses of each net at each point of the plane that is not known yet. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { makeRng } from '#engine/go/random.ts';
import { modelFromNet } from '#nets/convert.ts';
import type { AnyNetFile } from '#nets/file.ts';
import { SolverFailure, orSolverFailure } from '#nets/ode/failure.ts';
import { randomDirection } from './directions.ts';
import type { Exam } from './exam.ts';
import { coordinates } from './grid.ts';
import type { Grid } from './grid.ts';
import type { Point, SurfaceFolder } from './surface-folder.ts';
import { WeightPlane } from './weight-plane.ts';

export type Examinee = { readonly path: string; readonly net: AnyNetFile; readonly exam: Exam };

export type ComputeOptions = Grid & {
  /** Of the directions: nets with the same kernels draw the same, before filters get their norms. */
  readonly seed: number;
  readonly folder: SurfaceFolder;
  readonly onProgress: (examinee: Examinee, points: number, total: number) => void;
  /** Asked after every point; true stops. */
  readonly shouldStop: () => boolean;
};

type Place = Pick<Point, 'net' | 'row' | 'column'>;

const keyOf = ({ net, row, column }: Place): string => `${net} ${row} ${column}`;

/**
 * f(alpha, beta) = L(theta + alpha delta + beta eta) at every point, each kept in the folder as soon as it is known.
 * @returns whether all points are known now.
 * @throws Error with a sentence where a net's weights are not those of its spec.
 */
export async function computePoints(
  examinees: readonly Examinee[],
  options: ComputeOptions,
): Promise<boolean> {
  const { side, folder } = options;
  const known = new Set(folder.points().map(keyOf));
  const total = examinees.length * side ** 2;
  const onPoint = (examinee: Examinee, point: Point): boolean => {
    folder.append(point);
    known.add(keyOf(point));
    options.onProgress(examinee, known.size, total);
    return options.shouldStop();
  };
  for (const [net, examinee] of examinees.entries()) {
    const places = Array.from({ length: side ** 2 }, (_, i): Place => {
      return { net, row: Math.floor(i / side), column: i % side };
    });
    const missing = places.filter((place) => !known.has(keyOf(place)));
    if (missing.length === 0) continue;
    const stopped = await examine(examinee, missing, options, (point) => onPoint(examinee, point));
    if (stopped) break;
  }
  return known.size === total;
}

/** @param onPoint answers whether to stop. @returns whether it did. */
async function examine(
  { path, net, exam }: Examinee,
  places: readonly Place[],
  { side, range, seed }: ComputeOptions,
  onPoint: (point: Point) => boolean,
): Promise<boolean> {
  const made = modelFromNet(net);
  if (!made.ok) throw new Error(`${path}: ${made.message}`);
  const { model } = made;
  const rng = makeRng(seed);
  const [delta, eta] = [1, 2].map(() => randomDirection(net, rng));
  const plane = new WeightPlane(model, delta, eta);
  const at = coordinates({ side, range });
  try {
    for (const place of places) {
      plane.moveTo(at[place.column], at[place.row]);
      const losses = await orSolverFailure(exam.losses(model));
      const stop = onPoint({ ...place, losses: losses instanceof SolverFailure ? {} : losses });
      // Lets Ctrl-C in.
      await nextTurn();
      if (stop) return true;
    }
    return false;
  } finally {
    plane.dispose();
    model.dispose();
  }
}
