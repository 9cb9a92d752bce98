/** Losses by their decimal logarithm: where a scale begins and ends, and where it is marked by round numbers. */
import { max, min } from 'simple-statistics';

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
const FEWEST_OF_SEQUENCE = 6;
/** Of one up to this factor they are these parts of powers of ten. */
const PARTS: readonly (readonly [factor: number, parts: readonly number[]])[] = [
  [1e3, [1, 1.5, 2, 3, 5, 7]],
  [1e5, [1, 2, 5]],
  [Infinity, [1]],
];

export function logScale(losses: readonly (number | null)[]): LogScale {
  const positive = losses.filter((loss) => loss !== null && loss > 0) as number[];
  // What is the same everywhere, or nowhere above 0, still has a scale.
  const low = positive.length === 0 ? 1 : min(positive);
  const high = Math.max(low * 1.01, ...(positive.length === 0 ? [] : [max(positive)]));
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
    const widest = (high - low) / FEWEST_OF_SEQUENCE;
    const power = 10 ** Math.floor(Math.log10(widest));
    const step = power * ([5, 2, 1].find((factor) => factor * power <= widest) ?? 1);
    const [first, last] = [Math.ceil(low / step), Math.floor(high / step)];
    return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  }
  const [, parts] = PARTS.find(([factor]) => high / low <= factor) ?? PARTS[0];
  const [first, last] = [low, high].map((loss) => Math.floor(Math.log10(loss)));
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
    .flatMap((exponent) => parts.map((part) => part * 10 ** exponent))
    .filter((value) => value >= low && value <= high);
}
