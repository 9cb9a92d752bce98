/**
 * What a step of self-play training consists of: positions learned from a second, and the shares of the time that go into
 * features and batches rather than into the net. Options: --nets 4x32,5x48 --size 9 --batch 128 --backend torch --threads 1
 * --json.
 */
import { median } from 'simple-statistics';
import { MAX_BOARD_SIDE, MIN_BOARD_SIDE } from '#engine/go/size.ts';
import { BACKENDS, startBackend } from '#nets/backend/backends.ts';
import { OWN_FEATURES } from '#nets/features/feature-set.ts';
import { resnetSpec } from '#nets/spec.ts';
import type { SelfPlayGame } from '#selfplay/shards/self-play-game.ts';
import { SelfPlayConfig } from '#selfplay/zero/config.ts';
import { playSelfPlayGame } from '#selfplay/zero/play-game.ts';
import { boardLesson, trainedSpec } from '#training/board-lesson.ts';
import { LearnerConfig } from '#training/learner-config.ts';
import { Learner } from '#training/learner.ts';
import { ReplayWindow } from '#training/window.ts';
import { benchOptions, choiceOption, numberOption, shapeOption } from './common/arguments.ts';
import { freeEvaluator } from './common/free-evaluator.ts';
import { BenchRefusal } from './common/refusal.ts';

const GAMES = 64;
const WARM_MS = 3000;
const ROUNDS = 30;

const values = benchOptions({
  nets: { type: 'string', default: '4x32,5x48' },
  size: { type: 'string', default: '9' },
  batch: { type: 'string', default: '128' },
  backend: { type: 'string', default: 'torch' },
  threads: { type: 'string', default: '1' },
});

const shapes = values.nets.split(',').map((net) => shapeOption('nets', net));
const size = numberOption('size', values.size, { min: MIN_BOARD_SIDE, max: MAX_BOARD_SIDE });
const batch = numberOption('batch', values.batch, { min: 2, max: 65_536 });
const threads = numberOption('threads', values.threads, { min: 1, max: 256 });
const started = await startBackend(choiceOption('backend', values.backend, BACKENDS), { threads });
if (!started.ok) throw new BenchRefusal('no-provider', `--backend ${values.backend}: ${started.message}`);
const selfPlay = SelfPlayConfig.parse({ boards: [{ size }], visits: 4, cheapVisits: 2 });
const games: SelfPlayGame[] = [];
for (let index = 0; index < GAMES; index++)
  games.push(
    await playSelfPlayGame(freeEvaluator(), selfPlay, {
      seed: 1,
      generation: 0,
      index,
      net: '',
      resignBelow: 0,
    }),
  );
const window = new ReplayWindow(OWN_FEATURES, { valueFromSearch: 0.25 });
window.add(games);
window.trim(0);
const start = performance.now();
window.add(games);
const encodingMs = (performance.now() - start) / window.positions;

type Row = Record<string, string | number>;
const rows: Row[] = [];
const config = LearnerConfig.parse({ clipNorm: 10 });
for (const [blocks, channels] of shapes) {
  const learner = new Learner(trainedSpec(resnetSpec(blocks, channels), config), config, 1);
  const times: { batchMs: number; stepMs: number }[] = [];
  const begin = performance.now();
  while (times.length < ROUNDS || performance.now() - begin < WARM_MS) {
    const from = performance.now();
    const drawn = window.batch(batch, 1, learner.steps);
    const made = performance.now();
    const lesson = boardLesson(drawn, config);
    await learner.step(lesson);
    times.push({ batchMs: made - from, stepMs: performance.now() - made });
    lesson.dispose();
  }
  learner.dispose();
  const warm = times.slice(-ROUNDS);
  const [batchMs, stepMs] = [median(warm.map((t) => t.batchMs)), median(warm.map((t) => t.stepMs))];
  // A position that is learned from once; each further time costs only its place in a batch.
  const featuresMs = encodingMs * batch;
  const percent = (ms: number): string => `${((100 * ms) / (featuresMs + batchMs + stepMs)).toFixed(1)}%`;
  rows.push({
    net: `${blocks}x${channels}`,
    'positions/s': Math.round((1000 * batch) / (batchMs + stepMs)),
    'step ms': Number(stepMs.toFixed(1)),
    'batch ms': Number(batchMs.toFixed(2)),
    'features ms': Number(featuresMs.toFixed(2)),
    batches: percent(batchMs),
    'features, learned from once': percent(featuresMs),
  });
}
if (values.json === true) console.log(JSON.stringify(rows));
else console.table(rows);
