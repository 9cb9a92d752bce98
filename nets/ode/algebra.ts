/** What solvers of ordinary differential equations need of the states they move. */

/** A number for each of the samples that share a batch. */
export type PerSample = Float64Array;

/** A weight and what it multiplies. */
export type Term<S> = readonly [weight: number, slope: S];

/** The error that a step may make in each number x of a state: atol + rtol |x|. */
export type Tolerance = { readonly rtol: number; readonly atol: number };

/** S holds one state of each sample, or a slope, or a gradient. Whoever is given an S that was made owns it. */
export interface Algebra<S> {
  readonly samples: number;
  /** x + size * (sum of weight * slope), with each sample's own size; x null is 0. */
  advance(x: S | null, sizes: PerSample, terms: readonly Term<S>[]): S;
  /** Of each sample sqrt(mean of (e / (atol + rtol max(|x|, |y|)))^2) (Hairer, Nørsett and Wanner 1993, II.4.11). */
  norm(e: S, x: S, y: S, tolerance: Tolerance): PerSample;
  /** y of the chosen samples, x of the others. */
  select(chosen: readonly boolean[], y: S, x: S): S;
  /** Disposes what is made inside, but for what it returns. */
  scope<T extends object>(make: () => T): T;
  dispose(x: S): void;
}

/** States side by side; an error is as large as it is in the worse of the two. */
export function pairs<S>(one: Algebra<S>): Algebra<readonly [S, S]> {
  const side = (terms: readonly Term<readonly [S, S]>[], i: 0 | 1): Term<S>[] =>
    terms.map(([weight, slope]) => [weight, slope[i]]);
  return {
    samples: one.samples,
    advance: (x, sizes, terms) => [
      one.advance(x && x[0], sizes, side(terms, 0)),
      one.advance(x && x[1], sizes, side(terms, 1)),
    ],
    norm: (e, x, y, tolerance) => {
      const [first, second] = ([0, 1] as const).map((i) => one.norm(e[i], x[i], y[i], tolerance));
      return first.map((norm, b) => Math.max(norm, second[b]));
    },
    select: (chosen, y, x) => [one.select(chosen, y[0], x[0]), one.select(chosen, y[1], x[1])],
    scope: (make) => one.scope(make),
    dispose: ([first, second]) => {
      one.dispose(first);
      one.dispose(second);
    },
  };
}
