/** How the learning rate rises and falls during a run. */
import { z } from 'zod';

/** What becomes of the learning rate after the warm-up. */
export const Schedule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  /** Half a cosine from the rate to `floor` times it at `steps`, and that from then on (Loshchilov and Hutter 2017, eq. 5). */
  z.strictObject({
    kind: z.literal('cosine'),
    steps: z.int().min(1),
    floor: z.number().min(0).max(1).default(0),
  }),
  /** `cycles` halves of a cosine from the rate to 0, the same one after another, until `steps` (Huang et al. 2017, eq. 2). */
  z.strictObject({
    kind: z.literal('cyclic'),
    steps: z.int().min(1),
    cycles: z.int().min(1).max(100).default(5),
  }),
  /** Times `factor` at each of these steps. AlphaGo Zero's: a tenth of it twice. */
  z.strictObject({
    kind: z.literal('steps'),
    at: z.array(z.int().min(0)).min(1),
    factor: z.number().positive().max(1).default(0.1),
  }),
]);
type Schedule = z.infer<typeof Schedule>;

type RateConfig = {
  /** At the end of the warm-up. */
  readonly learningRate: number;
  /** Steps of linear rise at the start. */
  readonly warmup: number;
  readonly schedule: Schedule;
};

/** Learning rate of a step, from 0: linear rise over `warmup` steps, then the schedule. */
export function learningRateAt({ learningRate, warmup, schedule }: RateConfig, step: number): number {
  if (step < warmup) return (learningRate * (step + 1)) / warmup;
  if (schedule.kind === 'constant') return learningRate;
  if (schedule.kind === 'steps')
    return learningRate * schedule.factor ** schedule.at.filter((at) => step >= at).length;
  if (schedule.kind === 'cyclic') {
    const length = cycleLength(schedule, warmup);
    return (learningRate / 2) * (Math.cos((Math.PI * ((step - warmup) % length)) / length) + 1);
  }
  const { steps, floor } = schedule;
  const progress = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
  return learningRate * (floor + ((1 - floor) * (1 + Math.cos(Math.PI * progress))) / 2);
}

type RateProblem = { readonly path: readonly string[]; readonly message: string };

/** What is wrong with the rate of a run of so many steps, by its field; null where every part of it has an effect. */
export function rateProblem(
  { warmup, schedule }: Pick<RateConfig, 'warmup' | 'schedule'>,
  steps: number,
): RateProblem | null {
  const refuse = (message: string, ...path: string[]): RateProblem => ({ path, message });
  if (warmup >= steps) return refuse(`it has to be less than the run's ${steps} steps`, 'warmup');
  if (schedule.kind === 'steps' && schedule.at.some((at) => at >= steps))
    return refuse(`each has to be less than the run's ${steps} steps`, 'schedule', 'at');
  if (schedule.kind === 'cosine' && schedule.steps <= warmup)
    return refuse(`it has to be more than the ${warmup} steps of the warm-up`, 'schedule', 'steps');
  if (schedule.kind !== 'cyclic') return null;
  const { cycles } = schedule;
  if (schedule.steps !== steps)
    return refuse('the cycles share all steps of the run; leave it out', 'schedule', 'steps');
  if (cycles > steps) return refuse('there cannot be more cycles than steps', 'schedule', 'cycles');
  const [shared, length] = [steps - warmup, cycleLength(schedule, warmup)];
  const made = Math.ceil(shared / length);
  return made === cycles
    ? null
    : refuse(
        `the ${shared} steps after the warm-up make ${made} cycles of ${length}; give ${made}, or other steps`,
        'schedule',
        'cycles',
      );
}

type Cyclic = Extract<Schedule, { kind: 'cyclic' }>;

/** Of M cycles in T steps, ceil(T / M) each. */
function cycleLength({ steps, cycles }: Cyclic, warmup: number): number {
  return Math.max(1, Math.ceil((steps - warmup) / cycles));
}

/** How many cycles have come to their end with the first `steps` steps, if one ends with the last of them; else null. */
export function finishedCycle({ schedule, warmup }: RateConfig, steps: number): number | null {
  if (schedule.kind !== 'cyclic' || steps <= warmup) return null;
  const cycles = (steps - warmup) / cycleLength(schedule, warmup);
  if (steps === schedule.steps) return Math.ceil(cycles);
  return Number.isInteger(cycles) ? cycles : null;
}
