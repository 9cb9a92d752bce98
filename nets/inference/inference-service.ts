/** A net in threads of its own, evaluating for any number of client threads: several sessions on a CPU, one on a GPU. */
import { Worker } from 'node:worker_threads';
import { FEATURE_SETS } from '../features/feature-set.ts';
import { loadNet } from '../file.ts';
import type { NetFile } from '../file.ts';
import { MAX_BATCH } from './batch-buffer.ts';
import type { SessionOptions } from './session.ts';
import type { SessionWorkerData, SessionWorkerReady } from './session-worker.ts';
import { connectEvaluator } from './shared-evaluator.ts';
import type { Connection } from './shared-evaluator.ts';
import { allocateSlots } from './slots-memory.ts';
import { Slots } from './slots.ts';
import { netRefusal, tryEvaluator } from './trial.ts';
import type { NetRefusal } from './trial.ts';

export type InferenceServiceOptions = SessionOptions & {
  /** Sessions, each in its own thread. */
  readonly sessions: number;
  /** Threads that will ask. */
  readonly clients: number;
  readonly maxBatch?: number;
  /** Batches that a client may fill or wait for at once. Default one more than sessions, so that one that is done finds the next waiting. */
  readonly lanes?: number;
};

export type InferenceService = {
  readonly net: NetFile;
  /** For client `index` of `clients`, to be sent to its thread. */
  connection(index: number): Connection;
  /** Milliseconds that all sessions together have spent in the net. */
  busyMs(): number;
  /** Whether it evaluates no more: closed, or a session's thread has died. */
  hasEnded(): boolean;
  /** Batches under way are finished, later ones fail. */
  close(): Promise<void>;
};

export type InferenceServiceResult = { ok: true; service: InferenceService } | NetRefusal;

/** Opens a net file and evaluates a position; the refusal names the file and what is wrong with it. */
export async function openInferenceService(
  path: string,
  options: InferenceServiceOptions,
): Promise<InferenceServiceResult> {
  const { provider = 'cpu' } = options;
  // Refused before any thread starts.
  const loaded = loadNet(path);
  if (!loaded.ok) return { ...loaded, reason: 'bad-net' };
  const service = await startSessions(path, loaded.net, options);
  if (typeof service === 'string') return netRefusal(path, provider, service);
  const problem = await tryEvaluator(connectEvaluator(service.connection(0)));
  if (problem === null) return { ok: true, service };
  await service.close();
  return netRefusal(path, provider, problem);
}

/** @param net what `path`, which each session's thread reads anew, holds. @returns the service, or why there is none. */
async function startSessions(
  path: string,
  net: NetFile,
  options: InferenceServiceOptions,
): Promise<InferenceService | string> {
  const { sessions, clients, maxBatch = MAX_BATCH, lanes = sessions + 1, ...sessionOptions } = options;
  const { name: featureSet, planes, globals } = FEATURE_SETS[net.spec.featureSet];
  const memory = allocateSlots({
    featureSet,
    planes,
    globals,
    maxBatch,
    slotCount: lanes * clients,
    joins: sessionOptions.provider !== undefined && sessionOptions.provider !== 'cpu',
  });
  const slots = new Slots(memory);
  const data: SessionWorkerData = { path, options: sessionOptions, memory };
  const workers = Array.from({ length: sessions }, () => new Worker(workerUrl(), { workerData: data }));
  const ended = workers.map(
    (worker) =>
      new Promise<void>((resolve) => {
        worker.once('exit', () => {
          // Where the end was wished the other sessions still finish what they have taken.
          if (!slots.isEnding) slots.abandon('the thread of the net ended');
          resolve();
        });
      }),
  );
  const close = async (): Promise<void> => {
    slots.end('the evaluator is closed');
    await Promise.all(ended);
    slots.abandon('the evaluator is closed');
  };
  const problems = await Promise.all(
    workers.map(
      (worker) =>
        new Promise<SessionWorkerReady>((resolve) => {
          worker.once('message', resolve);
          worker.once('error', (error) => {
            slots.abandon(error.message);
            resolve(error.message);
          });
          worker.once('exit', () => resolve('the thread of the net ended'));
        }),
    ),
  );
  const problem = problems.find((it) => it !== null);
  if (problem !== undefined) {
    await close();
    return problem;
  }
  const connection = (index: number): Connection => ({
    memory,
    slots: Array.from({ length: lanes }, (_, lane) => lanes * index + lane),
  });
  return { net, connection, busyMs: () => slots.busyMs(), hasEnded: () => slots.isEnding, close };
}

function workerUrl(): URL {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return new URL(`./session-worker${extension}`, import.meta.url);
}
