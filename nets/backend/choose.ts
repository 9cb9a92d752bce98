/** `auto`: every backend of this machine is tried, and the fastest that computes correctly is taken, by a margin. */
import { BACKENDS, startBackend, useBackend, type BackendName, type BackendOptions } from './backends.ts';
import { selfTest } from './self-test.ts';

export type Trial = {
  readonly name: BackendName;
  readonly description: string | null;
  /** Why it cannot be used; null where it can. */
  readonly problem: string | null;
  /** Speeds of training and evaluating in the self-test; 0 where it did not run. */
  readonly positionsPerSecond: number;
  readonly evaluationsPerSecond: number;
};

/** Starts a backend and tests it. Whatever was current before is not any more. */
export async function tryBackend(
  name: BackendName,
  options: BackendOptions,
  now: () => number,
): Promise<Trial> {
  const started = await startBackend(name, options);
  const unmeasured = { positionsPerSecond: 0, evaluationsPerSecond: 0 };
  if (!started.ok) return { name, description: null, problem: started.message, ...unmeasured };
  const { description } = started;
  try {
    const { problem, positionsPerSecond, evaluationsPerSecond } = await selfTest(now);
    return { name, description, problem, positionsPerSecond, evaluationsPerSecond };
  } catch (error) {
    const [why] = (error as Error).message.split('\n');
    return { name, description, problem: `it fails: ${why}`, ...unmeasured };
  }
}

/** A backend that is not faster by this is taken for as fast: machines with other things to do time that badly. */
const CLEARLY = 1.25;

/** The fastest that computes correctly; of those about as fast the first of `BACKENDS`. */
export function fastest(trials: readonly Trial[]): Trial | undefined {
  const working = trials.filter(({ problem }) => problem === null);
  const most = Math.max(...working.map(({ positionsPerSecond }) => positionsPerSecond));
  return working
    .filter(({ positionsPerSecond }) => CLEARLY * positionsPerSecond >= most)
    .toSorted((a, b) => BACKENDS.indexOf(a.name) - BACKENDS.indexOf(b.name))
    .at(0);
}

/**
 * Makes `wanted` the current backend; "auto" tries all but the plain one, which is never the fastest.
 * @returns the trials made, the one that is now current first.
 * @throws Error where `wanted` cannot be had, or nothing works.
 */
export async function chooseBackend(
  wanted: BackendName | 'auto',
  options: BackendOptions,
  now: () => number,
): Promise<readonly Trial[]> {
  // A device is asked of the one backend that has a choice.
  const automatic =
    options.device === undefined ? BACKENDS.filter((name) => name !== 'cpu') : (['torch'] as const);
  const candidates = wanted === 'auto' ? automatic : [wanted];
  const trials: Trial[] = [];
  for (const name of candidates) trials.push(await tryBackend(name, options, now));
  trials.sort((a, b) => b.positionsPerSecond - a.positionsPerSecond);
  const best = fastest(trials);
  if (best === undefined)
    throw new Error(
      `The tensor backend ${wanted} is not available: ${trials.map(({ problem }) => problem).join('; ')}.`,
    );
  await useBackend(best.name, options);
  return [best, ...trials.filter((trial) => trial !== best)];
}
