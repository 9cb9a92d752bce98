/** How long a net takes for a position in ONNX Runtime, as play does. */
import { FEATURE_SETS } from '../features/feature-set.ts';
import type { NetFile } from '../file.ts';
import { openSession } from '../inference/session.ts';

/** Positions at once, as searches have them. */
export const TIMED_BATCH = 16;

const WARM_UP = 2;
/** The least of several is what the net takes where no other program disturbs it. */
const ROUNDS = 7;

/** Milliseconds a position on one thread of this machine, in batches of `TIMED_BATCH` boards. @param now milliseconds since any fixed moment. */
export async function millisecondsAPosition(net: NetFile, size: number, now: () => number): Promise<number> {
  const { planes, globals } = FEATURE_SETS[net.spec.featureSet];
  const session = await openSession(net);
  const input = {
    count: TIMED_BATCH,
    rows: size,
    columns: size,
    fullBoards: true,
    planes: new Float32Array(TIMED_BATCH * planes * size * size).fill(1),
    globals: new Float32Array(TIMED_BATCH * globals),
  };
  let least = Infinity;
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const start = now();
    await session.run(input);
    if (round >= WARM_UP) least = Math.min(least, now() - start);
  }
  await session.close();
  return least / TIMED_BATCH;
}
