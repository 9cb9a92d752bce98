/** What the thread that reads shards is asked, and answers. */
import type { GameList, ShardList, TrainingGame } from '#server/protocol/training.ts';

export type ShardsTask = {
  /** The folder of the run. */
  readonly folder: string;
};
export type GamesTask = ShardsTask & {
  /** Name of the shard, as a stranger gives it. */
  readonly shard: string;
  readonly from: number;
};
export type GameTask = ShardsTask & {
  readonly shard: string;
  /** Place in the shard, from 0. */
  readonly place: number;
};

export type Found<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: 'absent' | 'unreadable' | 'busy'; readonly message: string };

/** The functions of the worker, by their names. */
export type GamesWorker = {
  shards(task: ShardsTask): Found<ShardList>;
  games(task: GamesTask): Found<GameList>;
  game(task: GameTask): Found<TrainingGame>;
};
