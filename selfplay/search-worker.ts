/** Runs in a search thread: keeps nets open and the trees of games, and answers one task at a time. */
import { workerData } from 'piscina';
import { SYMMETRY_COUNT } from '#engine/go/symmetry.ts';
import type { Evaluator } from '#engine/search/evaluator.ts';
import { ensembleEvaluator } from '#engine/search/ensemble.ts';
import { NET_SEARCH, PLAYOUT_SEARCH } from '#engine/search/parameters.ts';
import { endOwnershipBlack } from '#engine/search/mean-ownership.ts';
import { cachedEvaluator } from '#engine/search/nn-cache.ts';
import { OWNERSHIP_PLAYOUTS, playOut, playoutEvaluator } from '#engine/search/playout-evaluator.ts';
import { Search } from '#engine/search/search.ts';
import { loadNet } from '#nets/file.ts';
import { netFiles } from '#nets/net-files.ts';
import type { RawNet, RawOpinion } from '#nets/inference/raw-opinion.ts';
import { connectEvaluator } from '#nets/inference/shared-evaluator.ts';
import type { NetRefusal } from '#nets/inference/trial.ts';
import { positionOf } from './search-game.ts';
import { MAX_NETS, STOP, analysisOf } from './search-task.ts';
import type {
  Analysis,
  AnalyseTask,
  ConnectTask,
  OwnershipTask,
  PrepareResult,
  RawOpinionTask,
  SearchWorkerData,
} from './search-task.ts';

/** Games whose trees are kept, and the memory they may have together. */
const MAX_GAMES = 64;
const MAX_KEPT_BYTES = 250e6;
/** Evaluations that each net remembers: 5 MB on 9x9, 24 MB on 19x19. */
const CACHED_EVALUATIONS = 8192;

const { provider, forgotten } = workerData as SearchWorkerData;

/** Sessions of this thread, and connections to those of other threads. */
const nets = new Map<string, Evaluator & { close?: () => Promise<void> }>();
/** The net whose raw opinion was asked last, in a session of its own. */
let rawNet: { readonly path: string; readonly net: RawNet } | null = null;
/** Each net's memory of evaluations. */
let cached = new WeakMap<Evaluator, Evaluator>();
let timesForgotten = 0;
/** In order of last use, oldest first. */
const games = new Map<string, KeptGame>();

/** Opens those of these nets that are not open. @returns the refusal of the first that cannot be, or null. */
async function openNets(paths: readonly string[]): Promise<NetRefusal | null> {
  const missing = paths.filter((path) => !nets.has(path));
  if (missing.length === 0) return null;
  // All at once, so that none is closed for another that it is asked with.
  if (nets.size + missing.length > MAX_NETS) await closeAll();
  // Loaded only when a net is asked for, because the native runtime takes a while.
  const { openEvaluator } = await import('#nets/evaluator.ts');
  for (const path of paths) {
    if (nets.has(path)) continue;
    const opened = await openEvaluator(path, { provider });
    if (!opened.ok) return opened;
    nets.set(path, opened.evaluator);
  }
  return null;
}

/** The net at `path`, or the mean of several, each of which remembers what it was asked lately. */
async function evaluatorOf(path: string): Promise<Evaluator> {
  const paths = netFiles(path);
  const refusal = await openNets(paths);
  if (refusal !== null) throw new Error(refusal.message);
  const times = Atomics.load(forgotten, 0);
  if (times !== timesForgotten) cached = new WeakMap();
  timesForgotten = times;
  return ensembleEvaluator(paths.flatMap((each) => nets.get(each) ?? []).map(remembering));
}

function remembering(evaluator: Evaluator): Evaluator {
  const known = cached.get(evaluator) ?? cachedEvaluator(evaluator, CACHED_EVALUATIONS);
  cached.set(evaluator, known);
  return known;
}

/** Opens a net ahead of its first task. */
export async function prepare(path: string): Promise<PrepareResult> {
  return (await openNets(netFiles(path))) ?? { ok: true };
}

/** Makes a net known that runs in threads of its own. */
export function connect({ path, connection }: ConnectTask): void {
  nets.set(path, connectEvaluator(connection));
}

/** Forgets such a net, and all trees: some hold on to it. */
export async function disconnect(path: string): Promise<void> {
  games.clear();
  nets.delete(path);
  if (rawNet?.path === path) await closeRawNet();
}

async function closeRawNet(): Promise<void> {
  const closing = rawNet;
  rawNet = null;
  await closing?.net.close();
}

/** Closes nets and forgets trees. */
export async function closeAll(): Promise<void> {
  games.clear();
  for (const net of nets.values()) await net.close?.();
  nets.clear();
  await closeRawNet();
}

type KeptGame = { readonly settings: string; readonly search: Search };

/** The search that follows this task's game, or a new one. */
async function searchFor(task: AnalyseTask): Promise<KeptGame> {
  const parameters = { ...(task.net === null ? PLAYOUT_SEARCH : NET_SEARCH), ...task.parameters };
  const settings = JSON.stringify([task.net, parameters]);
  const known = task.gameId === undefined ? undefined : games.get(task.gameId);
  if (known?.settings === settings) return known;
  const evaluator = task.net === null ? playoutEvaluator({ seed: task.seed }) : await evaluatorOf(task.net);
  return { settings, search: new Search(evaluator, parameters) };
}

/** Keeps the game's tree, however large it is, and forgets those used longest ago where there are too many. */
function keep(gameId: string, kept: KeptGame): void {
  games.delete(gameId);
  games.set(gameId, kept);
  let bytes = 0;
  for (const game of games.values()) bytes += game.search.bytes;
  for (const [id, game] of games) {
    if (id === gameId || (games.size <= MAX_GAMES && bytes <= MAX_KEPT_BYTES)) break;
    bytes -= game.search.bytes;
    games.delete(id);
  }
}

/** Those that wait for this thread go before those that do not. */
function throwIfGivenUp(stop: Int32Array | undefined): void {
  if (stop !== undefined && Atomics.load(stop, 0) === STOP.giveUp) throw new Error('Nobody waits for this.');
}

export async function analyse(task: AnalyseTask): Promise<Analysis> {
  throwIfGivenUp(task.stop);
  const position = positionOf(task.game);
  const kept = await searchFor(task);
  const { stop, budgetMs, reports, reportEveryMs } = task;
  const now = (): number => performance.now();
  const result = await kept.search.search(
    position,
    {
      visits: task.visits,
      now,
      ...(budgetMs === undefined ? {} : { deadlineMs: now() + budgetMs }),
      ...(stop === undefined ? {} : { shouldStop: () => Atomics.load(stop, 0) !== 0 }),
      ...(reports === undefined || reportEveryMs === undefined
        ? {}
        : { reportEveryMs, onReport: (soFar) => reports.postMessage(analysisOf(soFar)) }),
    },
    task.seed,
    task.options,
  );
  if (task.gameId !== undefined) keep(task.gameId, kept);
  return analysisOf(result);
}

async function openRaw(path: string): Promise<RawNet> {
  if (rawNet?.path === path) return rawNet.net;
  await closeRawNet();
  const loaded = loadNet(path);
  if (!loaded.ok) throw new Error(loaded.message);
  // The native runtime again: most searches never need it in their own thread.
  const { openRawNet } = await import('#nets/inference/raw-opinion.ts');
  rawNet = { path, net: await openRawNet(loaded.net) };
  return rawNet.net;
}

/** All that a net says of a position under each of the symmetries. */
export async function rawOpinions({ game, net, symmetries }: RawOpinionTask): Promise<RawOpinion[]> {
  const opened = await openRaw(net);
  return opened.opinions(positionOf(game), symmetries);
}

/** Who owns each point if the game ends here: what the net thinks under all symmetries, where it has an opinion, otherwise the mean of playouts. */
export async function ownershipBlack(task: OwnershipTask): Promise<Float32Array> {
  throwIfGivenUp(task.stop);
  const position = positionOf(task.game);
  if (task.net !== null) {
    const symmetries = Array.from({ length: SYMMETRY_COUNT }, (_, symmetry) => symmetry);
    const opinion = await endOwnershipBlack(await evaluatorOf(task.net), position, symmetries);
    if (opinion !== null) return opinion;
  }
  return playOut(position, OWNERSHIP_PLAYOUTS, task.seed).ownershipBlack;
}
