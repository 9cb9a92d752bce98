/** The finished games of a run: which files there are, a page of one of them, and the game that is looked at. */
import type { GameList, ShardList, TrainingGame } from '../../../../server/protocol/training.ts';
import { Store } from '../store.ts';

export type GamesSource = {
  readonly fetchShards: (run: string) => Promise<ShardList>;
  readonly fetchGames: (run: string, shard: string, from: number) => Promise<GameList>;
  readonly fetchGame: (run: string, shard: string, place: number) => Promise<TrainingGame>;
};

/** Games in a page, as the server gives them. */
export const PAGE_GAMES = 50;

export type ShelfState = {
  /** Whether it is known which files there are. */
  readonly isKnown: boolean;
  readonly shards: ShardList['shards'];
  readonly shard: string | null;
  /** Place of the first game of the page. */
  readonly from: number;
  readonly list: GameList | null;
  /** Place in its shard of the game looked at, or null. */
  readonly place: number | null;
  readonly game: TrainingGame | null;
  /** Why something could not be fetched, or ''. */
  readonly problem: string;
};

const EMPTY: ShelfState = {
  isKnown: false,
  shards: [],
  shard: null,
  from: 0,
  list: null,
  place: null,
  game: null,
  problem: '',
};

export class GamesShelf {
  readonly run: string;
  readonly store: Store<ShelfState> = new Store(EMPTY);
  private readonly source: GamesSource;
  /** Counts the requests for the files, for a page and for a game: answers to any but the newest come too late. */
  private shardsTurn = 0;
  private pageTurn = 0;
  private gameTurn = 0;

  constructor(run: string, source: GamesSource) {
    this.run = run;
    this.source = source;
  }

  /**
   * Looks which files there are; at the first time opens the newest, and where the open one is gone: a run that is begun
   * anew under the same name has others, since their names tell what is in them.
   */
  async refresh(): Promise<void> {
    const turn = ++this.shardsTurn;
    const isCurrent = (): boolean => turn === this.shardsTurn;
    await this.ask(isCurrent, async () => {
      const { shards } = await this.source.fetchShards(this.run);
      if (!isCurrent()) return;
      const { shard } = this.store.value;
      const isGone = shard !== null && !shards.some(({ name }) => name === shard);
      if (isGone) {
        this.pageTurn++;
        this.gameTurn++;
      }
      this.store.update({ ...(isGone && EMPTY), isKnown: true, shards, problem: '' });
    });
    const newest = this.store.value.shards.at(-1);
    if (isCurrent() && this.store.value.shard === null && newest !== undefined)
      await this.open(newest.name, 0);
  }

  /** Opens a page of a file, and its first game where none is looked at. */
  async open(shard: string, from: number): Promise<void> {
    const turn = ++this.pageTurn;
    const isCurrent = (): boolean => turn === this.pageTurn;
    this.store.update({ shard, from, list: null, problem: '' });
    await this.ask(isCurrent, async () => {
      const list = await this.source.fetchGames(this.run, shard, from);
      if (isCurrent()) this.store.update({ list });
    });
    if (isCurrent() && this.store.value.game === null && (this.store.value.list?.total ?? 0) > 0)
      await this.look(from);
  }

  /** Looks at a game of the open file. */
  async look(place: number): Promise<void> {
    const { shard } = this.store.value;
    if (shard === null) return;
    const turn = ++this.gameTurn;
    const isCurrent = (): boolean => turn === this.gameTurn;
    this.store.update({ place, problem: '' });
    await this.ask(isCurrent, async () => {
      const game = await this.source.fetchGame(this.run, shard, place);
      if (isCurrent()) this.store.update({ game });
    });
  }

  /** Shows why it failed, while its answer is still waited for. */
  private async ask(isCurrent: () => boolean, request: () => Promise<void>): Promise<void> {
    try {
      await request();
    } catch (error) {
      if (!isCurrent()) return;
      this.store.update({ problem: error instanceof Error ? error.message : String(error) });
    }
  }
}
