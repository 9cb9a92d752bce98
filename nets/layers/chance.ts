/** What layers draw while a net trains: from the step's seed and their own name alone, on the host, so that every backend draws the same. */
import { fnv1a } from '#engine/go/fnv.ts';
import { makeRng } from '#engine/go/random.ts';
import type { Rng } from '#engine/go/random.ts';
import type { PerSample } from '../ode/algebra.ts';

/** How a model is applied. */
export type Applied = {
  readonly training?: boolean;
  /**
   * True where dropout drops although the net does not train, as Gal and Ghahramani 2016 sample nets (MC dropout); false
   * where neither units nor paths are dropped although it does. By default they are while it trains.
   */
  readonly dropout?: boolean;
  /** Of this step: any whole number. */
  readonly seed?: number;
  /** Of batch norms' moving statistics, the share that stays; where it is given they take the batch's own, as while training. */
  readonly statisticsShare?: number;
  /** Told how often each example's slope was evaluated where the net is a differential equation. */
  readonly onEvaluations?: (evaluations: PerSample) => void;
};

/** The generator of `name` in this step. @throws internal where the step has no seed. */
export function chanceOf({ seed }: Applied, name: string): Rng {
  if (seed === undefined) throw new Error(`internal: ${name} draws, and the step has no seed`);
  return makeRng(fnv1a(Array.from(`${seed} ${name}`, (letter) => letter.codePointAt(0) as number)));
}
