/** A thread that reads the shards of runs, which may be large: the server's own thread only waits. */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { BLACK } from '#engine/go/color.ts';
import { presetOf } from '#engine/go/rules.ts';
import type { SelfPlayGame } from '#selfplay/shards/self-play-game.ts';
import { listShards, readShard, type ReadShard } from '#selfplay/shards/shard-file.ts';
import type { GameList, GameSummary, ShardList, TrainingGame } from '#server/protocol/training.ts';
import type { Found, GameTask, GamesTask, GamesWorker, ShardsTask } from './games-task.ts';

/** Larger ones are not read: a generation of 10,000 games has some 50 MB. */
const MAX_SHARD_BYTES = 256 * 2 ** 20;
/** Of all shards that are kept, so that the games of one are read once. */
const MAX_KEPT_BYTES = 256 * 2 ** 20;
const PAGE_GAMES = 50;

type Shard = Extract<ReadShard, { ok: true }>;
/** By path and state of the file, the one used last at the end. */
const kept = new Map<string, { readonly shard: Shard; readonly bytes: number }>();

function openShard(folder: string, name: string): Found<Shard> {
  const absent = {
    ok: false,
    why: 'absent',
    message: 'There is no such file of games in this run.',
  } as const;
  const listed = listShards(join(folder, 'games')).find((shard) => shard.name === name);
  if (listed === undefined) return absent;
  const { path } = listed;
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (!status?.isFile()) return absent;
  if (status.size > MAX_SHARD_BYTES)
    return {
      ok: false,
      why: 'unreadable',
      message: `${name} is larger than ${MAX_SHARD_BYTES / 2 ** 20} MiB.`,
    };
  // Never changed once it is there, but it may be replaced by hand.
  const key = `${path} ${status.ino} ${status.mtimeMs} ${status.size}`;
  const read = kept.get(key)?.shard ?? readShard(path);
  if (!read.ok) return { ok: false, why: 'unreadable', message: read.message.replace(path, name) };
  kept.delete(key);
  kept.set(key, { shard: read, bytes: status.size });
  let total = [...kept.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  for (const [oldest, { bytes }] of kept) {
    if (total <= MAX_KEPT_BYTES) break;
    kept.delete(oldest);
    total -= bytes;
  }
  return { ok: true, value: read };
}

function summarise(game: SelfPlayGame): GameSummary {
  const { index, width, height, rules, moves, end, outcomeBlack, scoreBlack, playedOn } = game;
  return {
    index,
    width,
    height,
    rules: presetOf(rules),
    komi: rules.komi,
    moves: moves.length,
    end,
    outcomeBlack,
    scoreBlack,
    playedOn,
  };
}

export function shards({ folder }: ShardsTask): Found<ShardList> {
  const listed = listShards(join(folder, 'games'));
  return { ok: true, value: { shards: listed.map(({ generation, name }) => ({ generation, name })) } };
}

export function games({ folder, shard, from }: GamesTask): Found<GameList> {
  const opened = openShard(folder, shard);
  if (!opened.ok) return opened;
  const { games: all, note } = opened.value;
  return {
    ok: true,
    value: {
      games: all.slice(from, from + PAGE_GAMES).map(summarise),
      total: all.length,
      note: note?.replace(join(folder, 'games', shard), shard) ?? null,
    },
  };
}

export function game({ folder, shard, place }: GameTask): Found<TrainingGame> {
  const opened = openShard(folder, shard);
  if (!opened.ok) return opened;
  const found = opened.value.games.at(place);
  if (found === undefined)
    return { ok: false, why: 'absent', message: 'There is no such game in this file.' };
  return {
    ok: true,
    value: {
      ...summarise(found),
      generation: found.generation,
      setup: { black: [...found.setup.black], white: [...found.setup.white] },
      blackFirst: found.toPlay === BLACK,
      moves: [...found.moves],
      ownership: found.ownershipBlack === null ? null : [...found.ownershipBlack],
      searched: found.positions.map((position) => ({
        ply: position.ply,
        winrateBlack: (position.valueBlack + 1) / 2,
        scoreBlack: Number.isNaN(position.scoreBlack) ? null : position.scoreBlack,
        surprise: position.surprise,
        policy: Array.from(position.policyMoves, (move, i) => [move, position.policy[i]]),
      })),
    },
  };
}

/** Checked here, since the pool calls by name. */
({ shards, games, game }) satisfies GamesWorker;
