/** Losses by their decimal logarithm: where a scale begins and ends, and where it is marked by round numbers. */

export type LogScale = {
  /** Logarithms of the smallest and the largest loss. */
  readonly domain: readonly [number, number];
  /** Logarithms of round numbers within it. */
  readonly ticks: readonly number[];
  /** The logarithm of a loss; one that is not finite counts as the largest. */
  readonly of: (loss: number | null) => number;
  /** What is written at a tick. */
  readonly text: (tick: number) => string;
};

/** Round numbers of a scale over less than this factor are of an arithmetic sequence. */
const FACTOR_OF_SEQUENCE = 5;
/** Of one over more than this factor they are powers of ten alone. */
const FACTOR_OF_POWERS = 1e5;
/** Of an arithmetic sequence. */
const FEWEST_TICKS = 6;

/** @param losses with one above 0. */
export function logScale(losses: readonly (number | null)[]): LogScale {
  const positive = losses.filter((loss) => loss !== null && loss > 0) as number[];
  const low = positive.reduce((a, b) => Math.min(a, b));
  // A net that nothing changes still has a scale.
  const high = Math.max(
    positive.reduce((a, b) => Math.max(a, b)),
    low * 1.01,
  );
  const domain = [Math.log10(low), Math.log10(high)] as const;
  return {
    domain,
    ticks: roundNumbers(low, high).map(Math.log10),
    of: (loss) => (loss === null ? domain[1] : Math.log10(Math.max(loss, low))),
    text: (tick) => {
      const value = Number((10 ** tick).toPrecision(3));
      return value >= 1e4 || value < 1e-2 ? value.toExponential() : String(value);
    },
  };
}

function roundNumbers(low: number, high: number): number[] {
  if (high / low < FACTOR_OF_SEQUENCE) {
    const widest = (high - low) / FEWEST_TICKS;
    const power = 10 ** Math.floor(Math.log10(widest));
    const step = power * ([5, 2, 1].find((factor) => factor * power <= widest) ?? 1);
    const [first, last] = [Math.ceil(low / step), Math.floor(high / step)];
    return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  }
  const factors = high / low > FACTOR_OF_POWERS ? [1] : [1, 2, 5];
  const [first, last] = [low, high].map((loss) => Math.floor(Math.log10(loss)));
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
    .flatMap((exponent) => factors.map((factor) => factor * 10 ** exponent))
    .filter((value) => value >= low && value <= high);
}
