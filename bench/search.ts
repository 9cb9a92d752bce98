/** How many visits a second a search makes, and how much of the time is not the net's. */
import { availableParallelism } from 'node:os';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { median } from 'simple-statistics';
import { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { SYMMETRY_COUNT } from '#engine/go/symmetry.ts';
import { aroundEvaluation } from '#engine/search/evaluator.ts';
import type { Evaluator } from '#engine/search/evaluator.ts';
import { NET_SEARCH, PLAYOUT_SEARCH, type SearchParameters } from '#engine/search/parameters.ts';
import { playoutEvaluator } from '#engine/search/playout-evaluator.ts';
import { Search } from '#engine/search/search.ts';
import { openEvaluator } from '#nets/evaluator.ts';
import { openInferenceService } from '#nets/inference/inference-service.ts';
import { connectEvaluator } from '#nets/inference/shared-evaluator.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { benchOptions } from './common/arguments.ts';
import { freeEvaluator } from './common/free-evaluator.ts';
import { requireOpened } from './common/refusal.ts';

const SIZES = [9, 19] as const;
const ROUNDS = 5;
/** Plies of the opening that each round searches: an empty board alone is no game. */
const OPENING_PLIES = 8;

type Row = {
  search: string;
  size: number;
  visits: number;
  visitsPerSecond: number;
  /** Share of the time, over the cores that evaluate, that is spent outside the net. */
  outsideNet: string;
};

/** A position some random moves into a game. */
function opening(size: number, seed: number): Position {
  const rng = makeRng(seed);
  let position = Position.start({ width: size, height: size, rules: RULE_PRESETS.chinese });
  for (let ply = 0; ply < OPENING_PLIES; ply++) {
    const played = position.play(rng.nextInt(size * size));
    if (played.ok) position = played.position;
  }
  return position;
}

/** Counts the time from when a batch is sent until it is back: that of the net, where only this thread evaluates. */
function timed(inner: Evaluator): { evaluator: Evaluator; busyMs: () => number } {
  let ms = 0;
  const evaluator = aroundEvaluation(inner, async (evaluate) => {
    const start = performance.now();
    const evaluations = await evaluate();
    ms += performance.now() - start;
    return evaluations;
  });
  return { evaluator, busyMs: () => ms };
}

/** One search a round, of which the first warms up. @param cores that evaluate. */
async function measure(
  search: string,
  { evaluator, busyMs }: { evaluator: Evaluator; busyMs: () => number },
  parameters: SearchParameters,
  size: number,
  visits: number,
  cores = 1,
): Promise<Row> {
  const rates: number[] = [];
  const shares: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const position = opening(size, round);
    const [start, busyBefore] = [performance.now(), busyMs()];
    const { rootVisits } = await new Search(evaluator, parameters).search(position, { visits }, round);
    const ms = performance.now() - start;
    if (round === 0) continue;
    rates.push((1000 * rootVisits) / ms);
    shares.push(1 - (busyMs() - busyBefore) / (cores * ms));
  }
  return row(search, size, visits, rates, shares);
}

function row(search: string, size: number, visits: number, rates: number[], shares: number[]): Row {
  const outsideNet = shares.length === 0 ? '' : `${(100 * median(shares)).toFixed(1)}%`;
  return { search, size, visits, visitsPerSecond: Math.round(median(rates)), outsideNet };
}

/** Evaluations a second of full batches that nobody waits for: what the net alone allows. */
async function netAlone(evaluator: Evaluator, size: number, positions: number): Promise<Row> {
  const rates: number[] = [];
  const position = opening(size, 1);
  for (let round = 0; round <= ROUNDS; round++) {
    const start = performance.now();
    let left = positions;
    const lane = async (): Promise<void> => {
      const batch = evaluator.newBatch();
      while (left > 0) {
        left -= NET_SEARCH.batchSize;
        for (let i = 0; i < NET_SEARCH.batchSize; i++) batch.add(position, i % SYMMETRY_COUNT);
        await batch.evaluate();
      }
    };
    await Promise.all(Array.from({ length: evaluator.lanes }, lane));
    if (round > 0) rates.push((1000 * positions) / (performance.now() - start));
  }
  return row(`net alone, batches of ${NET_SEARCH.batchSize}`, size, positions, rates, []);
}

/** Several searches at once, each in a thread that has a session of its own, as when many games are played. */
async function manyGames(net: string, size: number, visits: number, threads: number): Promise<Row> {
  const rates: number[] = [];
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL(import.meta.url), { workerData: { net, size, visits } satisfies GamesTask }),
  );
  const answers = (): Promise<unknown[]> =>
    Promise.all(workers.map((worker) => new Promise((resolve) => void worker.once('message', resolve))));
  await answers();
  for (let round = 0; round <= ROUNDS; round++) {
    const start = performance.now();
    const done = answers();
    for (const worker of workers) worker.postMessage(round);
    await done;
    if (round > 0) rates.push((1000 * threads * visits) / (performance.now() - start));
  }
  const ended = workers.map((worker) => new Promise((resolve) => void worker.once('exit', resolve)));
  for (const worker of workers) worker.postMessage(-1);
  await Promise.all(ended);
  return row(`${threads} games, a session each`, size, visits, rates, []);
}

type GamesTask = { readonly net: string; readonly size: number; readonly visits: number };

/** Of a thread of `manyGames`: one search for each message. */
async function searchOnDemand({ net, size, visits }: GamesTask): Promise<void> {
  const opened = requireOpened(await openEvaluator(net));
  parentPort?.on('message', (round: number) => {
    if (round < 0) {
      parentPort?.close();
      void opened.evaluator.close();
      return;
    }
    void new Search(opened.evaluator, NET_SEARCH)
      .search(opening(size, round), { visits }, round)
      .then(({ rootVisits }) => parentPort?.postMessage(rootVisits));
  });
  parentPort?.postMessage(0);
}

async function main(): Promise<void> {
  const values = benchOptions({ net: { type: 'string' } });
  const net = values.net ?? defaultNetPath;
  const cores = availableParallelism();
  const local = requireOpened(await openEvaluator(net));
  const { service } = requireOpened(await openInferenceService(net, { sessions: cores, clients: 1 }));
  const evaluator = connectEvaluator(service.connection(0));
  const rows: Row[] = [];
  for (const size of SIZES) {
    const visits = size === 9 ? 1600 : 400;
    const free = { ...NET_SEARCH, batchSize: 32 };
    rows.push(await measure('zero-cost evaluator, 1 thread', timed(freeEvaluator()), free, size, 20_000));
    const playouts = timed(playoutEvaluator({ seed: 1 }));
    rows.push(await measure('playouts, 1 thread', playouts, PLAYOUT_SEARCH, size, 2000));
    rows.push(await measure('1 game, 1 session', timed(local.evaluator), NET_SEARCH, size, visits));
    const both = { evaluator, busyMs: () => service.busyMs() };
    rows.push(await measure(`1 game, ${cores} sessions`, both, NET_SEARCH, size, visits, cores));
    rows.push(await manyGames(net, size, visits, cores));
    rows.push(await netAlone(evaluator, size, visits));
  }
  await local.evaluator.close();
  await service.close();
  if (values.json === true) {
    console.log(JSON.stringify(rows));
    return;
  }
  console.table(rows);
  console.log(
    `Net ${net}; ${cores} cores; medians of ${ROUNDS} searches of positions ${OPENING_PLIES} random moves into a game.`,
  );
}

if (isMainThread) await main();
else await searchOnDemand(workerData as GamesTask);
