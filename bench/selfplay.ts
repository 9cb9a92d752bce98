/**
 * How fast games of self-play come: a net of random weights and those that are shipped, run by each thread for itself and by
 * threads that all share. Options: --nets 4x32,zero-9x9,default (or files) --size 9 --visits 16 --workers CORES --concurrent 16
 * --seconds 30 --json.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_BOARD_SIDE, MIN_BOARD_SIDE } from '#engine/go/size.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { netFromModel } from '#nets/convert.ts';
import { loadNet, saveNet } from '#nets/file.ts';
import { buildModel } from '#nets/model.ts';
import { netPath } from '#nets/net-files.ts';
import { resnetSpec } from '#nets/spec.ts';
import { defaultNetPath, zeroNetPath } from '#nets/weights.ts';
import { SelfPlayConfig } from '#selfplay/zero/config.ts';
import type { CrewOptions } from '#selfplay/zero/crew.ts';
import { SelfPlayPool } from '#selfplay/zero/pool.ts';
import { benchOptions, numberOption, shapeOption } from './common/arguments.ts';
import { BenchRefusal } from './common/refusal.ts';

/** Resigning below this, as a run that has been calibrated: games end when they are decided. */
const RESIGN_BELOW = 0.05;
/** Share of the time before games are counted: threads start, code is compiled, and all games are young. */
const WARM_SHARE = 1 / 3;

const values = benchOptions({
  nets: { type: 'string', default: '4x32,zero-9x9,default' },
  size: { type: 'string', default: '9' },
  visits: { type: 'string', default: '16' },
  workers: { type: 'string', default: String(availableParallelism()) },
  concurrent: { type: 'string', default: '16' },
  seconds: { type: 'string', default: '30' },
});
const size = numberOption('size', values.size, { min: MIN_BOARD_SIDE, max: MAX_BOARD_SIDE });
const visits = numberOption('visits', values.visits, { min: 2, max: 100_000 });
const workers = numberOption('workers', values.workers, { min: 1, max: 256 });
const concurrentGames = numberOption('concurrent', values.concurrent, { min: 1, max: 4096 });
const seconds = numberOption('seconds', values.seconds, { min: 1, max: 1e5, isWhole: false });

/** A net by its name: "4x32" of random weights, else a file, "default" and "zero-9x9" those that are shipped. */
type NamedNet = { readonly name: string } & (
  { readonly shape: ReturnType<typeof shapeOption> } | { readonly file: string }
);

/** @throws BenchRefusal where it is no net to play with. */
function namedNet(name: string): NamedNet {
  if (/^\d+x\d+$/.test(name)) return { name, shape: shapeOption('nets', name) };
  const file =
    new Map([
      ['default', defaultNetPath],
      ['zero-9x9', zeroNetPath],
    ]).get(name) ?? netPath(name);
  const loaded = loadNet(file);
  if (!loaded.ok) throw new BenchRefusal('bad-net', loaded.message);
  return { name, file };
}

/** @param folder to write nets of random weights into. */
async function fileOf(net: NamedNet, folder: string): Promise<string> {
  if ('file' in net) return net.file;
  const [blocks, channels] = net.shape;
  const spec = resnetSpec(blocks, channels, 'katago-v7');
  const path = join(folder, `${net.name}.safetensors`);
  saveNet(path, await netFromModel(buildModel(spec, 1), spec, {}));
  return path;
}

type Row = Record<string, string | number>;

/** Plays until the time is over and counts what came after warming up. */
async function measure(name: string, net: string, inference: string, sessions: number | null): Promise<Row> {
  const options: CrewOptions = { workers, concurrentGames, sessions };
  const pool = new SelfPlayPool(options);
  const stop = new AbortController();
  const ended: number[] = [];
  let before = pool.counts;
  let cpuBefore = process.cpuUsage();
  const warm = setTimeout(
    () => {
      before = pool.counts;
      cpuBefore = process.cpuUsage();
      ended.length = 0;
    },
    1000 * seconds * WARM_SHARE,
  );
  const timer = setTimeout(() => stop.abort(), 1000 * seconds);
  const config = SelfPlayConfig.parse({ boards: [{ size }], visits, fullShare: 1 });
  let counts = before;
  let cpu = process.cpuUsage(cpuBefore);
  stop.signal.addEventListener('abort', () => {
    counts = pool.counts;
    cpu = process.cpuUsage(cpuBefore);
  });
  await pool.play({
    net,
    config,
    seed: 1,
    generation: 0,
    indices: Array.from({ length: 1e5 }, (_, index) => index),
    resignBelow: RESIGN_BELOW,
    signal: stop.signal,
    onGame: ({ moves }) => ended.push(moves.length),
  });
  clearTimeout(warm);
  clearTimeout(timer);
  await pool.close();
  const measured = seconds * (1 - WARM_SHARE);
  const [moves, evaluations] = [counts.moves - before.moves, counts.evaluations - before.evaluations];
  const waited = (counts.waitMs - before.waitMs) / (1000 * measured * workers);
  const perGame = ended.reduce((sum, length) => sum + length, 0) / ended.length;
  return {
    net: name,
    inference,
    // Of finished games, whose number alone depends on how many happen to end within the time.
    gamesPerSecond: (moves / perGame / measured).toFixed(1),
    // What other programs leave of the processor changes this less.
    processorMsPerGame: (((cpu.user + cpu.system) / 1000 / moves) * perGame).toFixed(0),
    movesPerGame: perGame.toFixed(0),
    movesPerSecond: (moves / measured).toFixed(0),
    evaluationsPerSecond: (evaluations / measured).toFixed(0),
    batchFill: (evaluations / (counts.batches - before.batches)).toFixed(1),
    outsideNet: `${(100 * (1 - waited)).toFixed(0)}%`,
  };
}

const nets = values.nets.split(',').map(namedNet);
await useBackend('cpu');
const rows: Row[] = [];
const folder = mkdtempSync(join(tmpdir(), 'tengen-bench-'));
try {
  for (const net of nets) {
    const file = await fileOf(net, folder);
    rows.push(await measure(net.name, file, 'a session a thread', null));
    rows.push(await measure(net.name, file, `${workers} shared sessions`, workers));
  }
} finally {
  rmSync(folder, { recursive: true });
}
if (values.json === true) console.log(JSON.stringify(rows));
else {
  console.table(rows);
  console.log(
    `${size}x${size}, Gumbel, ${visits} visits on every move; ${workers} threads of ${concurrentGames} games; ${seconds} s each, the first third not counted.`,
  );
}
