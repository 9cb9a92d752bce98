/** A feed asks for what is new and goes on where it was; a shelf shows the games asked for last. */
import { describe, expect, it } from 'vitest';
import type { GameList, RunNews, TrainingGame } from '#server/protocol/training.ts';
import { GamesShelf, type GamesSource } from '../../../web/src/state/training/games-shelf.ts';
import { RunFeed, type Cursors } from '../../../web/src/state/training/run-feed.ts';

function newsOf(step: number, more: boolean): RunNews {
  const none = { rows: [], cursor: '0-0', restarted: false, more: false, damaged: 0 };
  return {
    now: step,
    live: null,
    ratings: null,
    metrics: { rows: [{ step }], cursor: `${step}-1`, restarted: false, more, damaged: 0 },
    generations: none,
    matches: none,
    notes: [],
  };
}

/** Answers come when they are let out; time passes when it is told to. */
class World {
  readonly asked: Cursors[] = [];
  readonly waits: number[] = [];
  private answers: { resolve: (news: RunNews) => void; reject: (error: Error) => void }[] = [];
  private timers: (() => void)[] = [];

  readonly feed = new RunFeed('run', {
    fetchNews: (_, cursors, signal) => {
      this.asked.push(cursors);
      return new Promise((resolve, reject) => {
        this.answers.push({ resolve, reject });
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    },
    later: (delayMs, callback) => {
      this.waits.push(delayMs);
      this.timers.push(callback);
    },
  });

  async answer(news: RunNews | Error): Promise<void> {
    const next = this.answers.shift();
    if (news instanceof Error) next?.reject(news);
    else next?.resolve(news);
    await settle();
  }

  async wake(): Promise<void> {
    this.timers.shift()?.();
    await settle();
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a feed', () => {
  it('fetches all that is there at once, then what is new at its pace, from where it was', async () => {
    const world = new World();
    world.feed.start();
    expect(world.feed.store.value.phase).toBe('loading');
    await world.answer(newsOf(1, true));
    expect(world.feed.store.value).toMatchObject({ phase: 'loading', data: { metrics: [] } });
    expect(world.waits).toEqual([]);
    await world.answer(newsOf(2, false));
    expect([world.feed.store.value.phase, world.waits.length]).toEqual(['following', 1]);
    await world.wake();
    await world.answer(newsOf(3, false));
    expect(world.asked.map(({ metrics }) => metrics)).toEqual([undefined, '1-1', '2-1']);
    expect(world.feed.store.value.data.metrics.map(({ step }) => step)).toEqual([1, 2, 3]);
  });

  it('says what is wrong, tries again, and loses nothing', async () => {
    const world = new World();
    world.feed.start();
    await world.answer(newsOf(1, false));
    await world.wake();
    await world.answer(new Error('The server does not answer.'));
    expect(world.feed.store.value).toMatchObject({ phase: 'lost', problem: 'The server does not answer.' });
    await world.wake();
    await world.answer(newsOf(2, false));
    expect(world.feed.store.value).toMatchObject({ phase: 'following', problem: '' });
    expect(world.asked.at(-1)).toMatchObject({ metrics: '1-1' });
    expect(world.feed.store.value.data.metrics).toHaveLength(2);
  });

  it('asks no more once it is stopped, and goes on where it was when it is started again', async () => {
    const world = new World();
    world.feed.start();
    await world.answer(newsOf(1, false));
    world.feed.stop();
    await world.wake();
    expect(world.asked).toHaveLength(1);
    world.feed.start();
    world.feed.start();
    expect(world.asked).toHaveLength(2);
    world.feed.stop();
    await settle();
    expect(world.feed.store.value).toMatchObject({ phase: 'following', problem: '' });
  });
});

describe('a shelf', () => {
  const list = (total: number): GameList => ({ games: [], total, note: null });
  const game = (index: number): TrainingGame => ({ index }) as TrainingGame;
  const source = (changes: Partial<GamesSource> = {}): GamesSource => ({
    fetchShards: async () => ({
      shards: [0, 1].map((generation) => ({ generation, name: `S${generation}` })),
    }),
    fetchGames: async (_, shard) => list(shard === 'S1' ? 70 : 7),
    fetchGame: async (_, __, place) => game(place),
    ...changes,
  });

  it('opens the newest games and the first of them, and stays where it is when others come', async () => {
    const shelf = new GamesShelf('run', source());
    await shelf.refresh();
    expect(shelf.store.value).toMatchObject({ shard: 'S1', from: 0, place: 0, game: { index: 0 } });
    await shelf.open('S0', 0);
    await shelf.look(3);
    await shelf.refresh();
    expect(shelf.store.value).toMatchObject({ shard: 'S0', place: 3, game: { index: 3 } });
  });

  it('opens the newest games where those it shows are gone, as of a run begun anew', async () => {
    let names = ['S0', 'S1'];
    const fetchShards: GamesSource['fetchShards'] = async () => ({
      shards: names.map((name, generation) => ({ generation, name })),
    });
    const shelf = new GamesShelf('run', source({ fetchShards }));
    await shelf.refresh();
    await shelf.look(3);
    names = [];
    await shelf.refresh();
    expect(shelf.store.value).toMatchObject({
      isKnown: true,
      shard: null,
      list: null,
      place: null,
      game: null,
    });
    names = ['T0'];
    await shelf.refresh();
    expect(shelf.store.value).toMatchObject({
      shard: 'T0',
      list: { total: 7 },
      place: 0,
      game: { index: 0 },
    });
  });

  it('shows the game asked for last, whichever answer comes last', async () => {
    const waiting = new Map<number, (game: TrainingGame) => void>();
    const fetchGame: GamesSource['fetchGame'] = (_, __, place) =>
      new Promise((resolve) => waiting.set(place, resolve));
    const shelf = new GamesShelf('run', source({ fetchGame }));
    void shelf.refresh();
    await settle();
    const asked = [shelf.look(5), shelf.look(6)];
    waiting.get(6)?.(game(6));
    waiting.get(5)?.(game(5));
    waiting.get(0)?.(game(0));
    await Promise.all(asked);
    expect(shelf.store.value.game?.index).toBe(6);
  });

  it('shows the files asked for last, and no failure of what is not waited for any more', async () => {
    const lists: ((names: string[]) => void)[] = [];
    const fetchShards: GamesSource['fetchShards'] = () =>
      new Promise((resolve) =>
        lists.push((names) => resolve({ shards: names.map((name, generation) => ({ generation, name })) })),
      );
    const pages = new Map<string, { resolve: (games: GameList) => void; reject: (error: Error) => void }>();
    const fetchGames: GamesSource['fetchGames'] = (_, shard) =>
      new Promise((resolve, reject) => pages.set(shard, { resolve, reject }));
    const shelf = new GamesShelf('run', source({ fetchShards, fetchGames }));
    void shelf.refresh();
    void shelf.refresh();
    lists[1](['S0', 'S1']);
    await settle();
    lists[0]([]);
    await settle();
    expect(shelf.store.value).toMatchObject({ shard: 'S1', shards: [{ name: 'S0' }, { name: 'S1' }] });
    void shelf.open('S0', 0);
    pages.get('S1')?.reject(new Error('The games could not be read.'));
    await settle();
    pages.get('S0')?.resolve(list(7));
    await settle();
    expect(shelf.store.value).toMatchObject({ shard: 'S0', list: { total: 7 }, problem: '' });
  });

  it('says why games cannot be shown', async () => {
    const fetchGames: GamesSource['fetchGames'] = () =>
      Promise.reject(new Error('The games could not be read.'));
    const shelf = new GamesShelf('run', source({ fetchGames }));
    await shelf.refresh();
    expect(shelf.store.value).toMatchObject({
      list: null,
      game: null,
      problem: 'The games could not be read.',
    });
  });
});
