/** How far a supervised run is: one line that is redrawn on a terminal, and where stderr is a file a line now and then. */
import type { TrainingStatus } from '#training/trainer.ts';
import { makeProgress, timeLeft } from '../progress.ts';

/** Time between lines where stderr is a file, besides those that tell a measurement. */
const LINE_EVERY_MS = 30_000;

export type TrainingProgress = {
  /** @param steps of the whole run. */
  readonly update: (status: TrainingStatus, steps: number) => void;
  /** Leaves the last state of the line standing. */
  readonly stop: () => void;
};

export function makeTrainingProgress(): TrainingProgress {
  if (!process.stderr.isTTY)
    return {
      update: trainingLines(
        (line) => process.stderr.write(line),
        () => performance.now(),
      ),
      stop: () => undefined,
    };
  const bar = makeProgress('{text}');
  return {
    update: (status, steps) => bar.update(status.metrics.step, steps, { text: progressText(status, steps) }),
    stop: bar.stop,
  };
}

/** The lines of a log, of one run or of several. @param now milliseconds since any fixed moment. */
export function trainingLines(write: (line: string) => void, now: () => number): TrainingProgress['update'] {
  let last = -Infinity;
  return (status, steps) => {
    if (now() - last < LINE_EVERY_MS && status.metrics.heldOutAccuracy === undefined) return;
    last = now();
    write(`${progressText(status, steps)}\n`);
  };
}

function progressText({ metrics, examplesPerSecond, etaSeconds }: TrainingStatus, steps: number): string {
  const { step, totalLoss, policyLoss, heldOutAccuracy: accuracy } = metrics;
  return [
    // First, as terminals that are narrow show the beginning alone.
    `step ${step}/${steps}`,
    timeLeft(etaSeconds),
    `loss ${totalLoss.toFixed(3)}`,
    ...(policyLoss === undefined ? [] : [`policy ${policyLoss.toFixed(3)}`]),
    ...(accuracy === undefined ? [] : [`held-out top-1 ${(100 * accuracy).toFixed(1)}%`]),
    `${Math.round(examplesPerSecond)} examples/s`,
  ].join('  ');
}
