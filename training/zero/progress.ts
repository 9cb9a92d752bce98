/** How far a run is, for the terminal and for live.json. */
import type { LiveGame, LiveRun, Spent, ToldProgress } from '#selfplay/run/run-files.ts';
import type { SelfPlayPool } from '#selfplay/zero/pool.ts';
import type { ZeroConfig } from './config.ts';

/** Sentences that are kept for whoever looks later. */
const MAX_ALARMS = 20;

/** Mean boards in a batch of the net. */
export const batchFill = ({ evaluations, batches }: Spent): number =>
  batches === 0 ? 0 : evaluations / batches;

const NOTHING: Spent = { seconds: 0, games: 0, moves: 0, evaluations: 0, batches: 0 };

export class RunProgress {
  private readonly now: () => number;
  private startedMs = 0;
  private secondsBefore: number;
  private config: ZeroConfig | null = null;
  /** While it plays the games of the generation. */
  private pool: Pick<SelfPlayPool, 'counts'> | null = null;
  /** What went into the generation, but for what the pool plays now and the seconds since `generationMs`. */
  private spentBefore: Spent;
  /** Null while no generation is under way. */
  private generationMs: number | null = null;
  private firstGeneration = -1;
  /** Games of the first generation that were there when the program was started. */
  private firstGames = 0;
  private inPlay: readonly LiveGame[] = [];
  private readonly alarms: string[] = [];
  private state: LiveRun['state'] = 'starting';
  private generation: number;
  private gamesDone: number;
  private gamesTotal: number;
  private stepsDone: number;
  private stepsTotal: number;

  /**
   * @param now milliseconds since any fixed moment.
   * @param told before the run was broken off, as far as that is known.
   */
  constructor(now: () => number, told: ToldProgress = {}) {
    this.now = now;
    this.secondsBefore = told.runSeconds ?? 0;
    this.generation = told.generation ?? 0;
    this.spentBefore = told.spent ?? NOTHING;
    [this.gamesDone, this.gamesTotal] = [told.gamesDone ?? 0, told.gamesTotal ?? 0];
    [this.stepsDone, this.stepsTotal] = [told.stepsDone ?? 0, told.stepsTotal ?? 0];
  }

  /** @param seconds that the finished generations took; one that was broken off has taken time too. */
  begin(seconds: number, config: ZeroConfig): void {
    this.startedMs = this.now();
    this.secondsBefore = Math.max(seconds, this.secondsBefore);
    this.config = config;
  }

  startGeneration(generation: number, games: number): void {
    if (this.firstGeneration < 0) this.firstGeneration = generation;
    if (generation !== this.generation) this.spentBefore = NOTHING;
    this.generation = generation;
    [this.gamesDone, this.gamesTotal] = [0, games];
    this.generationMs = this.now();
    [this.stepsDone, this.stepsTotal] = [0, 0];
    this.state = 'playing';
  }

  /** @returns what went into the generation. */
  endGeneration(): Spent {
    this.spentBefore = this.spent();
    this.generationMs = null;
    return this.spentBefore;
  }

  /** @param games of the generation that are there already. */
  foundGames(games: number): void {
    if (this.generation === this.firstGeneration) this.firstGames = games;
    this.gamesDone = games;
  }

  /** From now until `endPlay` the pool plays games of the generation. */
  startPlay(pool: Pick<SelfPlayPool, 'counts'>): void {
    this.pool = pool;
  }

  endPlay(): void {
    this.spentBefore = { ...this.spent(), seconds: this.spentBefore.seconds };
    this.pool = null;
  }

  readonly games = (done: number): void => {
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

  private spent(): Spent {
    const { spentBefore: before, generationMs } = this;
    const now = this.pool?.counts ?? NOTHING;
    return {
      seconds: before.seconds + (generationMs === null ? 0 : (this.now() - generationMs) / 1000),
      games: before.games + now.games,
      moves: before.moves + now.moves,
      evaluations: before.evaluations + now.evaluations,
      batches: before.batches + now.batches,
    };
  }

  /** @param at milliseconds since 1970. */
  read(at: number): LiveRun {
    const spent = this.spent();
    const seconds = Math.max(1e-3, spent.seconds);
    return {
      at,
      state: this.state,
      generation: this.generation,
      generations: this.config?.generations ?? null,
      gamesDone: this.gamesDone,
      gamesTotal: this.gamesTotal,
      stepsDone: this.stepsDone,
      stepsTotal: this.stepsTotal,
      gamesPerSecond: spent.games / seconds,
      positionsPerSecond: spent.moves / seconds,
      evaluationsPerSecond: spent.evaluations / seconds,
      batchFill: batchFill(spent),
      spent,
      runSeconds: this.runSeconds(),
      etaSeconds: this.etaSeconds(),
      inPlay: [...this.inPlay],
      alarms: [...this.alarms],
    };
  }

  /** By the mean time of the generations since the program was started; null before one is under way, or without an end. */
  private etaSeconds(): number | null {
    const generations = this.config?.generations ?? null;
    const { generation, firstGeneration, gamesDone } = this;
    if (generations === null || firstGeneration < 0) return null;
    // Of the first generation, what was there before took none of this time.
    const found = this.firstGames / Math.max(1, this.gamesTotal);
    const doneNow =
      generation === firstGeneration
        ? this.shareOfGeneration(gamesDone - this.firstGames)
        : generation - firstGeneration - found + this.shareOfGeneration(gamesDone);
    const left = generations - generation - this.shareOfGeneration(gamesDone);
    if (doneNow <= 0 || left <= 0) return null;
    return ((this.now() - this.startedMs) / 1000 / doneNow) * left;
  }

  /** Learning goes on beside the games, of generation 0 after them. */
  private shareOfGeneration(games: number): number {
    const played = games / Math.max(1, this.gamesTotal);
    const learned = this.stepsTotal === 0 ? null : this.stepsDone / this.stepsTotal;
    return this.generation === 0 ? (played + (learned ?? 0)) / 2 : Math.min(played, learned ?? 1);
  }
}
