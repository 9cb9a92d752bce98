/** Runs in a thread of its own: opens a net and evaluates the batches that clients leave in slots, until told to end. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadNet } from '../file.ts';
import { openSession } from './session.ts';
import type { NetSession, SessionInput, SessionOptions } from './session.ts';
import { Slots } from './slots.ts';
import type { SlotsMemory } from './slots-memory.ts';

export type SessionWorkerData = {
  readonly path: string;
  readonly options: SessionOptions;
  readonly memory: SlotsMemory;
};

/** Sent once: null, or why the net cannot be run. */
export type SessionWorkerReady = string | null;

const { path, options, memory } = workerData as SessionWorkerData;

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0] : String(error);
}

/** The batches of several slots as one. */
function joined(inputs: readonly SessionInput[]): SessionInput {
  if (inputs.length === 1) return inputs[0];
  const join = (arrays: readonly Float32Array[]): Float32Array => {
    const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const array of arrays) {
      all.set(array, at);
      at += array.length;
    }
    return all;
  };
  const { rows, columns } = inputs[0];
  return {
    count: inputs.reduce((sum, { count }) => sum + count, 0),
    rows,
    columns,
    fullBoards: inputs.every(({ fullBoards }) => fullBoards),
    planes: join(inputs.map(({ planes }) => planes)),
    globals: join(inputs.map(({ globals }) => globals)),
  };
}

async function serve(session: NetSession): Promise<void> {
  const slots = new Slots(memory);
  for (let first = slots.take(); first !== null; first = slots.take()) {
    const taken = slots.takeAlong(first);
    try {
      const started = performance.now();
      const inputs = taken.map((slot) => slots.input(slot));
      const output = await session.run(joined(inputs));
      slots.countBusy(performance.now() - started);
      let from = 0;
      for (const [i, slot] of taken.entries()) {
        slots.answer(slot, output, from);
        from += inputs[i].count;
      }
    } catch (error) {
      for (const slot of taken) slots.fail(slot, reasonOf(error));
    }
  }
  await session.close();
}

async function open(): Promise<NetSession | string> {
  const loaded = loadNet(path);
  if (!loaded.ok) return loaded.message;
  try {
    return await openSession(loaded.net, options);
  } catch (error) {
    return reasonOf(error);
  }
}

const session = await open();
const answer: SessionWorkerReady = typeof session === 'string' ? session : null;
parentPort?.postMessage(answer);
if (typeof session !== 'string') await serve(session);
