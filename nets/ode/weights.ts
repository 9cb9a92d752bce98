/**
 * The weights of what moves the map in `Layers.ode`: dx/dt = half2(half1(x, t), t), each half being
 * conv3x3(relu(gamma x / rms + beta)) + bias + t slope, with rms the root of the mean square of all numbers of a board.
 *
 * The norm is none of a batch: inside of a differential equation it has to be the same function of one board whenever a
 * solver looks. This one is, is smooth, and bounds dx/dt, so that there are solutions whatever the weights.
 */

/** Added to the mean square. */
export const ODE_EPSILON = 1e-5;

const HALVES = ['half1', 'half2'] as const;

/** In the order in which everything lists them. */
const PARTS = ['gamma', 'beta', 'kernel', 'bias', 'slope'] as const;

/** One value of each weight of a half. */
export type Half<T> = Readonly<Record<(typeof PARTS)[number], T>>;

/** Names and shapes, in order. */
export function odeWeights(channels: number): [name: string, shape: readonly number[]][] {
  const shapeOf = (part: (typeof PARTS)[number]): readonly number[] =>
    part === 'kernel' ? [3, 3, channels, channels] : [channels];
  return HALVES.flatMap((half) =>
    PARTS.map((part) => [`${half}/${part}`, shapeOf(part)] as [string, number[]]),
  );
}

/** The weights of both halves from a value for each of `odeWeights`. */
export function halves<T>(values: readonly T[]): Half<T>[] {
  return HALVES.map((_, half) => {
    const own = PARTS.map((part, i) => [part, values[half * PARTS.length + i]] as const);
    return Object.fromEntries(own) as Half<T>;
  });
}
