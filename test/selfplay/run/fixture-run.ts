/** The folder of a made-up run of self-play, for whatever reads runs. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeRng } from '#engine/go/random.ts';
import { writeShard } from '#selfplay/shards/shard-file.ts';
import type {
  GenerationStatistics,
  LiveRun,
  RatedMatch,
  Ratings,
  TrainingMetrics,
} from '#selfplay/run/run-files.ts';
import { fixtureGame } from './fixture-games.ts';

export type FixtureOptions = {
  readonly seed?: number;
  readonly generations?: number;
  /** Lines of metrics in a generation. */
  readonly lines?: number;
  /** Time of live.json in milliseconds since 1970, or null for none. */
  readonly at?: number | null;
  readonly live?: Partial<LiveRun>;
  /** Games in each shard; without any there are no shards. */
  readonly shardGames?: number;
};

const GAMES = 500;
const SECONDS = 240;
const STEPS = 800;

export const toLines = (rows: readonly object[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');

function metricsOf(generation: number, lines: number, random: () => number): TrainingMetrics[] {
  return Array.from({ length: lines }, (_, i) => {
    const time = generation + (i + 1) / lines;
    const noise = (): number => 0.06 * (random() - 0.5);
    const policyLoss = 2 + 2.4 / (1 + 0.35 * time) + noise();
    const valueLoss = 0.35 + 0.6 / (1 + 0.2 * time) + noise();
    return {
      step: Math.round(time * STEPS),
      generation,
      samples: Math.round(time * STEPS) * 128,
      learningRate: 0.02 * Math.min(1, time),
      totalLoss: policyLoss + valueLoss,
      policyLoss,
      valueLoss,
      gradientNorm: 1.2 + random(),
      windowPositions: Math.round(Math.min(200_000, 9000 * time)),
      runSeconds: time * SECONDS,
    };
  });
}

function statisticsOf(generation: number, random: () => number): GenerationStatistics {
  const meanLength = 62 + 12 * Math.exp(-generation / 6) + random();
  const playedOn = Math.round(GAMES / 10);
  return {
    generation,
    net: generation.toString(16).padStart(64, '0'),
    shard: `G${String(generation).padStart(6, '0')}-${'0123456789abcdef'}.shard`,
    games: GAMES,
    moves: Math.round(GAMES * meanLength),
    positions: Math.round((GAMES * meanLength) / 2),
    evaluations: Math.round(GAMES * meanLength * 12),
    batchFill: 27 + random(),
    seconds: SECONDS,
    runSeconds: (generation + 1) * SECONDS,
    meanLength,
    blackWins: Math.round(GAMES * (0.5 + 0.1 * (random() - 0.5))),
    draws: 3,
    resignations: Math.round(GAMES * 0.6),
    playedOn,
    falseResignations: Math.round(playedOn * 0.05 * random()),
    resignBelow: 0.06,
    surprise: 0.25 + 0.05 * random(),
    policyEntropy: 1.2 + 1.8 * Math.exp(-generation / 10) + 0.05 * random(),
  };
}

function ratingsOf(generations: number): Ratings {
  const rated = Array.from({ length: Math.floor(generations / 4) + 1 }, (_, i) => 4 * i);
  const nets = rated.map((generation) => {
    const elo = 1500 * (1 - Math.exp(-generation / 14));
    return { name: `G${generation}`, generation, elo, low: elo - 60, high: elo + 60, games: 200 };
  });
  const anchors = [
    { name: 'random', generation: null, elo: 0, low: 0, high: 0, games: 120 },
    { name: 'playouts@100', generation: null, elo: 640, low: 590, high: 690, games: 240 },
    { name: 'gnugo', generation: null, elo: 1180, low: 1120, high: 1240, games: 260 },
  ];
  return { players: [...nets, ...anchors], best: nets.at(-1)?.name ?? null };
}

function matchesOf(generations: number): RatedMatch[] {
  return Array.from({ length: Math.floor(generations / 4) }, (_, i) => ({
    generation: 4 * (i + 1),
    first: `G${4 * (i + 1)}`,
    second: i < 3 ? 'playouts@100' : 'gnugo',
    wins: 12 + 5 * i,
    losses: 30 - 2 * i,
    draws: 0,
    runSeconds: 4 * (i + 1) * SECONDS,
  }));
}

function liveOf(generations: number, at: number): LiveRun {
  return {
    at,
    state: 'playing',
    generation: generations,
    generations: 2 * generations,
    gamesDone: 340,
    gamesTotal: GAMES,
    stepsDone: 500,
    stepsTotal: STEPS,
    gamesPerSecond: 8.4,
    positionsPerSecond: 262,
    evaluationsPerSecond: 6230,
    batchFill: 27.5,
    spent: { seconds: 0.7 * SECONDS, games: 340, moves: 11000, evaluations: 261000, batches: 9500 },
    runSeconds: (generations + 0.7) * SECONDS,
    etaSeconds: generations * SECONDS,
    inPlay: [],
    alarms: [],
  };
}

/** Games in play, the first of them just begun. */
export function inPlay(count: number, size = 9): LiveRun['inPlay'] {
  return Array.from({ length: count }, (_, index) => {
    const { moves } = fixtureGame(999, index, size, false);
    const plies = Math.round((moves.length * index) / count);
    return {
      index: 340 + index,
      width: size,
      height: size,
      setup: { black: [], white: [] },
      blackFirst: true,
      moves: Array.from(moves.subarray(0, plies)),
      winrateBlack: 0.5 + 0.45 * Math.sin(3 * index),
    };
  });
}

/** Writes the files of lines, ratings.json, config.json and live.json. */
export function writeFixtureRun(folder: string, options: FixtureOptions = {}): void {
  const { seed = 1, generations = 12, lines = 8, at = Date.now(), live = {}, shardGames = 0 } = options;
  const rng = makeRng(seed);
  const random = (): number => rng.nextFloat();
  const numbers = Array.from({ length: generations }, (_, i) => i);
  mkdirSync(join(folder, 'games'), { recursive: true });
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write('metrics.jsonl', toLines(numbers.flatMap((generation) => metricsOf(generation, lines, random))));
  write('generations.jsonl', toLines(numbers.map((generation) => statisticsOf(generation, random))));
  write('matches.jsonl', toLines(matchesOf(generations)));
  write('ratings.json', JSON.stringify(ratingsOf(generations)));
  write(
    'config.json',
    JSON.stringify({
      seed,
      net: { blocks: 4, channels: 32 },
      selfPlay: { boards: [{ size: 9, weight: 1, komi: 7 }], visits: 16, fullShare: 0.5 },
      learner: { optimizer: 'nesterov', learningRate: 0.02, averageDecay: 0.999 },
    }),
  );
  if (shardGames > 0)
    for (const generation of numbers)
      writeShard(
        join(folder, 'games'),
        generation,
        Array.from({ length: shardGames }, (_, index) => fixtureGame(generation, index)),
      );
  if (at !== null) write('live.json', JSON.stringify({ ...liveOf(generations, at), ...live }));
}
