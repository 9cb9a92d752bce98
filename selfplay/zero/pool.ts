/** The threads of a run: they play games of a net against itself, and judge nets by matches. */
import { loadNet } from '#nets/file.ts';
import { hashFile } from '#nets/hash-file.ts';
import { judgeOverGtp } from '../rating/judge-gtp.ts';
import { netsOf } from '../rating/judge-request.ts';
import type { JudgeRequest, JudgeSetting, JudgedGame } from '../rating/judge-request.ts';
import { SequentialTest } from '../rating/sequential-test.ts';
import type { SelfPlayGame } from '../shards/self-play-game.ts';
import type { SelfPlayConfig } from './config.ts';
import { Crew } from './crew.ts';
import type { CrewOptions, PlayCounts, Work } from './crew.ts';
import type { JudgeTask, PlayTask } from './thread-task.ts';

export type PlayRequest = Pick<Work<SelfPlayGame>, 'signal' | 'onGame' | 'onLive' | 'onAlarm'> & {
  /** Net file. */
  readonly net: string;
  readonly config: SelfPlayConfig;
  readonly seed: number;
  readonly generation: number;
  /** The games of the generation to play, each of them once. */
  readonly indices: readonly number[];
  /** Win rate below which a side resigns; 0 never. */
  readonly resignBelow: number;
};

export class SelfPlayPool {
  private readonly options: CrewOptions;
  private readonly crew: Crew;

  constructor(options: CrewOptions) {
    this.options = options;
    this.crew = new Crew(options);
  }

  /** Of what the threads play now, or did last. */
  get counts(): PlayCounts {
    return this.crew.counts;
  }

  /**
   * Plays every game of the request, or until its signal aborts; a thread that dies is replaced and its games are played
   * again. Each game is a function of net, config, seed, generation and index, whoever plays it. One call at a time, of
   * this and `judge`.
   * @throws Error with a readable sentence where the net cannot be used.
   */
  async play(request: PlayRequest): Promise<PlayCounts> {
    const { net, config, seed, generation, resignBelow, ...work } = request;
    // Refused before any thread starts.
    const loaded = loadNet(net);
    if (!loaded.ok) throw new Error(loaded.message);
    const netHash = hashFile(net);
    const setting: PlayTask['setting'] = { net, netHash, config, seed, generation, resignBelow };
    return this.crew.run({ ...work, name: 'play', setting, nets: [net] });
  }

  /**
   * Plays a match, many games at once; each is a function of the players, the seed and its number. With `sprt` it ends
   * as soon as the test is decided, which rests on the first games in order of their number.
   * @returns the games in order of their number: all of them, those that the test rests on, or those that were finished
   *   when the signal aborted.
   * @throws Error with a readable sentence where a player cannot be had or fails.
   */
  async judge({
    games,
    sprt,
    signal,
    onGame,
    onLive,
    onAlarm,
    ...setting
  }: JudgeRequest): Promise<JudgedGame[]> {
    const test = sprt === undefined ? null : new SequentialTest(sprt);
    const decided = new AbortController();
    const finished: JudgedGame[] = [];
    const hear = (game: JudgedGame): void => {
      finished.push(game);
      onGame?.(game);
      test?.add(game.index, game.points);
      if (test !== null && test.state.decision !== 'continue') decided.abort();
    };
    const stop = AbortSignal.any([decided.signal, ...(signal === undefined ? [] : [signal])]);
    await this.playMatch(setting, games, {
      signal: stop,
      onGame: hear,
      ...(onLive && { onLive }),
      ...(onAlarm && { onAlarm }),
    });
    const counted = decided.signal.aborted && test !== null ? test.games : Infinity;
    return finished.filter(({ index }) => index < counted).sort((a, b) => a.index - b.index);
  }

  /** Waits for no game: abort what is under way and await it first. */
  close(): Promise<void> {
    return this.crew.close();
  }

  private async playMatch(
    setting: JudgeSetting,
    games: number,
    work: Pick<Work<JudgedGame>, 'onGame' | 'onLive' | 'onAlarm'> & { readonly signal: AbortSignal },
  ): Promise<void> {
    if (setting.first.kind === 'gtp' || setting.second.kind === 'gtp') {
      const { workers, provider = 'cpu' } = this.options;
      const match = judgeOverGtp(setting, { ...work, games, tables: Math.min(workers, games), provider });
      await match.catch((error: unknown) => {
        if (!work.signal.aborted) throw error;
      });
      return;
    }
    const task: JudgeTask['setting'] = setting;
    const indices = Array.from({ length: games }, (_, index) => index);
    const nets = netsOf(setting);
    await this.crew.run({ ...work, name: 'judge', setting: task, nets, indices });
  }
}
