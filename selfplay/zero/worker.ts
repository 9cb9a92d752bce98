/** Runs in a thread of self-play: keeps nets open and plays many games at once, whose positions it evaluates together. */
import { workerData } from 'piscina';
import { aroundEvaluation } from '#engine/search/evaluator.ts';
import type { Evaluator } from '#engine/search/evaluator.ts';
import { jointEvaluator } from '#engine/search/joint-evaluator.ts';
import type { NetEvaluator } from '#nets/evaluator.ts';
import { connectEvaluator, takeOver } from '#nets/inference/shared-evaluator.ts';
import type { Connection } from '#nets/inference/shared-evaluator.ts';
import { netsOf } from '../rating/judge-request.ts';
import type { JudgedGame } from '../rating/judge-request.ts';
import { judgeAtTables } from '../rating/judge-tables.ts';
import { LiveGames } from '../run/live-games.ts';
import type { LiveGame } from '../run/run-files.ts';
import type { SelfPlayGame } from '../shards/self-play-game.ts';
import { Claims } from './claims.ts';
import { playSelfPlayGame } from './play-game.ts';
import { readStarts } from './start-positions.ts';
import type {
  JudgeTask,
  PlayTask,
  TaskResult,
  ThreadMessage,
  ThreadTask,
  ZeroWorkerData,
} from './thread-task.ts';

const { provider } = workerData as ZeroWorkerData;

/** Nets of the last task, by their files. */
const opened = new Map<string, NetEvaluator>();

/** Opens the nets of a task and closes all others. @returns them by their files, or what is wrong with one of them. */
async function openNets(
  paths: readonly string[],
  connections: ThreadTask<unknown>['connections'],
): Promise<ReadonlyMap<string, Evaluator> | string> {
  if (connections !== null) return connectNets(connections);
  for (const path of opened.keys()) if (!paths.includes(path)) await closeNet(path);
  for (const path of paths) {
    if (opened.has(path)) continue;
    // Loaded only here, because the native runtime takes a while.
    const { openEvaluator } = await import('#nets/evaluator.ts');
    const result = await openEvaluator(path, { provider });
    if (!result.ok) return result.message;
    opened.set(path, result.evaluator);
  }
  return opened;
}

/** Connects to nets that run in threads of their own, as whoever had this thread's place before it may have done. */
async function connectNets(
  connections: Readonly<Record<string, Connection>>,
): Promise<ReadonlyMap<string, Evaluator>> {
  const nets = new Map<string, Evaluator>();
  for (const [path, connection] of Object.entries(connections)) {
    await takeOver(connection);
    nets.set(path, connectEvaluator(connection));
  }
  return nets;
}

async function closeNet(path: string): Promise<void> {
  await opened.get(path)?.close();
  opened.delete(path);
}

/** Closes the nets. */
export async function release(): Promise<void> {
  for (const path of opened.keys()) await closeNet(path);
}

/** What the games of a task are played with. */
type Hall<Game> = {
  /** A net that is open, whose positions are evaluated with those of all games. */
  readonly evaluatorOf: (path: string) => Evaluator;
  /** The next game to play; null where none is left. */
  readonly next: () => number | null;
  /** Told of each move of a game, and of its end. */
  readonly onMove: (game: LiveGame) => void;
  readonly onGame: (game: Game) => void;
  readonly signal: AbortSignal;
  /** Ends the other games, for one that failed. */
  readonly stop: () => void;
};

/** Plays games of the task until none is left to claim, or the other side of its port says stop. */
async function work<Game extends { readonly index: number }>(
  task: ThreadTask<unknown>,
  nets: readonly string[],
  playOn: (hall: Hall<Game>) => Promise<void>,
): Promise<TaskResult> {
  const { thread, port } = task;
  const claims = new Claims(task.claims);
  const stopping = new AbortController();
  const { signal } = stopping;
  let isTold = false;
  port.on('message', () => {
    isTold = true;
    stopping.abort();
  });
  const send = (message: ThreadMessage<Game>): void => port.postMessage(message);
  const live = new LiveGames((games) => send({ live: games }));
  try {
    const evaluators = await openNets(nets, task.connections);
    if (typeof evaluators === 'string') return { ok: false, message: evaluators };
    const joint = new Map([...evaluators].map(([path, inner]) => [path, jointOf(inner, claims)]));
    await playOn({
      evaluatorOf: (path) => {
        const evaluator = joint.get(path);
        if (evaluator === undefined) throw new Error(`internal: ${path} is not open`);
        return evaluator;
      },
      next: () => (signal.aborted ? null : claims.take(thread)),
      onMove: (game) => {
        live.update(game);
        claims.countMove();
      },
      onGame: (game) => {
        live.remove(game.index);
        send({ game });
      },
      signal,
      stop: () => stopping.abort(),
    });
    return { ok: true };
  } catch (error) {
    if (isTold) return { ok: true };
    stopping.abort();
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  } finally {
    live.close();
    port.removeAllListeners('message');
    port.close();
  }
}

/** A net that many searches ask at once. */
function jointOf(inner: Evaluator, claims: Claims): Evaluator {
  const counted = aroundEvaluation(inner, async (evaluate, size) => {
    const start = performance.now();
    const evaluations = await evaluate();
    claims.countBatch(size, performance.now() - start);
    return evaluations;
  });
  return jointEvaluator(counted, setImmediate);
}

/** Games of a net against itself. */
export function play(task: PlayTask): Promise<TaskResult> {
  const { net, netHash, config, seed, generation, resignBelow } = task.setting;
  return work<SelfPlayGame>(task, [net], async ({ evaluatorOf, next, onMove, onGame, signal, stop }) => {
    const evaluator = evaluatorOf(net);
    const starts = readStarts(config.startFiles);
    if (!starts.ok) throw new Error(starts.message);
    const { games } = starts;
    const common = { seed, generation, net: netHash, resignBelow, starts: games, onMove, signal };
    const table = async (): Promise<void> => {
      for (let index = next(); index !== null; index = next())
        onGame(await playSelfPlayGame(evaluator, config, { ...common, index }));
    };
    await allEnded(Array.from({ length: task.concurrentGames }, table), stop);
  });
}

/** Resolves when all tables have ended; where one fails the others end with their next move. */
async function allEnded(tables: readonly Promise<void>[], stop: () => void): Promise<void> {
  for (const table of tables) table.catch(stop);
  const ends = await Promise.allSettled(tables);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** Games of a match. */
export function judge(task: JudgeTask): Promise<TaskResult> {
  const { setting, concurrentGames } = task;
  const nets = netsOf(setting);
  return work<JudgedGame>(task, nets, (hall) => judgeAtTables(setting, { ...hall, tables: concurrentGames }));
}
