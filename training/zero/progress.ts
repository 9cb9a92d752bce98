/** How far a run is, for the terminal and for live.json. */
import type { LiveGame, LiveRun } from '#selfplay/run/run-files.ts';
import type { SelfPlayPool } from '#selfplay/zero/pool.ts';
import type { ZeroConfig } from './config.ts';

/** Sentences that are kept for whoever looks later. */
const MAX_ALARMS = 20;

export class RunProgress {
  private readonly now: () => number;
  private startedMs = 0;
  private secondsBefore = 0;
  private config: ZeroConfig | null = null;
  private pool: SelfPlayPool | null = null;
  private generationMs = 0;
  private firstGeneration = -1;
  private inPlay: readonly LiveGame[] = [];
  private readonly alarms: string[] = [];
  private state: LiveRun['state'] = 'starting';
  private generation = 0;
  private gamesAtStart = -1;
  private gamesDone = 0;
  private gamesTotal = 0;
  private stepsDone = 0;
  private stepsTotal = 0;

  /** @param now milliseconds since any fixed moment. */
  constructor(now: () => number) {
    this.now = now;
  }

  /** @param seconds that the run took before. */
  begin(seconds: number, config: ZeroConfig): void {
    this.startedMs = this.now();
    this.secondsBefore = seconds;
    this.config = config;
  }

  startGeneration(generation: number, games: number, pool: SelfPlayPool): void {
    if (this.firstGeneration < 0) this.firstGeneration = generation;
    this.pool = pool;
    this.generation = generation;
    this.gamesTotal = games;
    this.gamesAtStart = -1;
    this.generationMs = this.now();
    [this.stepsDone, this.stepsTotal] = [0, 0];
    this.state = 'playing';
  }

  readonly games = (done: number): void => {
    if (this.gamesAtStart < 0) this.gamesAtStart = done;
    this.gamesDone = done;
  };

  readonly steps = (done: number, total: number): void => {
    [this.stepsDone, this.stepsTotal] = [done, total];
  };

  readonly live = (games: readonly LiveGame[]): void => {
    this.inPlay = games;
  };

  enter(state: LiveRun['state']): void {
    this.state = state;
    if (state !== 'playing') this.inPlay = [];
  }

  alarm(sentence: string): void {
    this.alarms.push(sentence);
    if (this.alarms.length > MAX_ALARMS) this.alarms.shift();
  }

  /** Seconds of the run, without the time it lay still. */
  readonly runSeconds = (): number =>
    this.secondsBefore + (this.config === null ? 0 : (this.now() - this.startedMs) / 1000);

  /** @param at milliseconds since 1970. */
  read(at: number): LiveRun {
    const seconds = Math.max(1e-3, (this.now() - this.generationMs) / 1000);
    const counts = this.pool?.counts;
    const played = this.gamesAtStart < 0 ? 0 : this.gamesDone - this.gamesAtStart;
    return {
      at,
      state: this.state,
      generation: this.generation,
      generations: this.config?.generations ?? null,
      gamesDone: this.gamesDone,
      gamesTotal: this.gamesTotal,
      stepsDone: this.stepsDone,
      stepsTotal: this.stepsTotal,
      gamesPerSecond: played / seconds,
      positionsPerSecond: (counts?.moves ?? 0) / seconds,
      evaluationsPerSecond: (counts?.evaluations ?? 0) / seconds,
      batchFill: counts === undefined || counts.batches === 0 ? 0 : counts.evaluations / counts.batches,
      runSeconds: this.runSeconds(),
      etaSeconds: this.etaSeconds(),
      inPlay: [...this.inPlay],
      alarms: [...this.alarms],
    };
  }

  /** By the mean time of the generations since the program was started; null before one is done, or without an end. */
  private etaSeconds(): number | null {
    const generations = this.config?.generations ?? null;
    const done = this.generation - this.firstGeneration + this.gamesDone / Math.max(1, this.gamesTotal);
    if (generations === null || this.firstGeneration < 0 || done <= 0) return null;
    const elapsed = (this.now() - this.startedMs) / 1000;
    return (elapsed / done) * (generations - this.firstGeneration - done);
  }
}
