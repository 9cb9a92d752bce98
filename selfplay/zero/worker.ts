/** Runs in a thread of self-play: keeps a net open and plays many games at once, whose positions it evaluates together. */
import type { MessagePort } from 'node:worker_threads';
import { workerData } from 'piscina';
import { aroundEvaluation } from '#engine/search/evaluator.ts';
import type { Evaluator } from '#engine/search/evaluator.ts';
import { jointEvaluator } from '#engine/search/joint-evaluator.ts';
import { openEvaluator } from '#nets/evaluator.ts';
import type { NetEvaluator } from '#nets/evaluator.ts';
import type { LiveGame } from '../run/run-files.ts';
import { Claims } from './claims.ts';
import { playSelfPlayGame } from './play-game.ts';
import type { PlayMessage, PlayTask, TaskResult, ZeroWorkerData } from './play-task.ts';

/** Between two looks at the games in play. */
const LIVE_EVERY_MS = 2000;

const { provider } = workerData as ZeroWorkerData;

/** The net used last. */
let opened: { readonly path: string; readonly evaluator: NetEvaluator } | null = null;

async function evaluatorOf(path: string): Promise<Evaluator | string> {
  if (opened?.path === path) return opened.evaluator;
  await release();
  const result = await openEvaluator(path, { provider });
  if (!result.ok) return result.message;
  opened = { path, evaluator: result.evaluator };
  return result.evaluator;
}

/** Closes the net. */
export async function release(): Promise<void> {
  await opened?.evaluator.close();
  opened = null;
}

/** Plays games of the task until none is left to claim, or the other side of its port says stop. */
export async function play(task: PlayTask): Promise<TaskResult> {
  const { thread, port, net, netHash, config, seed, generation, resignBelow } = task;
  const claims = new Claims(task.claims);
  const stopping = new AbortController();
  const live = new Map<number, LiveGame>();
  const send = (message: PlayMessage): void => port.postMessage(message);
  port.on('message', () => stopping.abort());
  const timer = setInterval(() => send({ live: [...live.values()] }), LIVE_EVERY_MS);
  const table = async (evaluator: Evaluator): Promise<void> => {
    const { signal } = stopping;
    for (let index = claims.take(thread); index !== null && !signal.aborted; index = claims.take(thread)) {
      const onMove = (game: LiveGame): void => {
        live.set(game.index, game);
        claims.countMove();
      };
      const setting = { seed, generation, index, net: netHash, resignBelow, onMove, signal };
      const game = await playSelfPlayGame(evaluator, config, setting);
      live.delete(index);
      send({ game });
    }
  };
  try {
    const inner = await evaluatorOf(net);
    if (typeof inner === 'string') return { ok: false, message: inner };
    const counted = aroundEvaluation(inner, (evaluate, size) => {
      claims.countBatch(size);
      return evaluate();
    });
    const joint = jointEvaluator(counted, setImmediate);
    await Promise.all(Array.from({ length: task.concurrentGames }, () => table(joint)));
    return { ok: true };
  } catch (error) {
    if (stopping.signal.aborted) return { ok: true };
    stopping.abort();
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  } finally {
    clearInterval(timer);
    close(port);
  }
}

function close(port: MessagePort): void {
  port.removeAllListeners('message');
  port.close();
}
