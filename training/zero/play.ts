/** The games of one generation: those missing are played, each kept on disk before it counts. */
import { rmSync } from 'node:fs';
import { hashFile } from '#nets/hash-file.ts';
import { DamagedGames, PartFile } from '#selfplay/shards/part-file.ts';
import type { SelfPlayGame } from '#selfplay/shards/self-play-game.ts';
import { listShards, readShard, writeShard } from '#selfplay/shards/shard-file.ts';
import type { SelfPlayPool } from '#selfplay/zero/pool.ts';
import type { ZeroConfig } from './config.ts';
import type { RunProgress } from './progress.ts';
import type { ZeroFolder } from './zero-folder.ts';

export type PlayOptions = {
  readonly config: ZeroConfig;
  readonly folder: ZeroFolder;
  readonly pool: SelfPlayPool;
  readonly generation: number;
  readonly resignBelow: number;
  /** SHA-256 of the net that has to play; null where any may. */
  readonly wanted: string | null;
  readonly signal: AbortSignal;
  readonly progress: RunProgress;
  readonly onNote: (sentence: string) => void;
};

export type PlayedGeneration = {
  /** In the order of their indices. */
  readonly games: readonly SelfPlayGame[];
  /** Its name within the folder of games. */
  readonly shard: string;
};

/**
 * @returns null where the signal aborted: what is finished is kept.
 * @throws DamagedGames where another net would play than has played before.
 */
export async function playGeneration(options: PlayOptions): Promise<PlayedGeneration | null> {
  const { config, folder, pool, generation, resignBelow, signal, progress, onNote } = options;
  const path = folder.partOf(generation);
  const finished = finishedGeneration(options);
  if (finished !== null) {
    rmSync(path, { force: true });
    progress.foundGames(finished.games.length);
    return finished;
  }
  const part = PartFile.open(path);
  try {
    if (part.note !== null) onNote(part.note);
    const games = new Map(part.games.map((game) => [game.index, game]));
    refuseOther(options, part.games);
    const all = Array.from({ length: config.gamesPerGeneration }, (_, index) => index);
    progress.foundGames(games.size);
    progress.startPlay(pool);
    await pool.play({
      net: config.teacher ?? folder.netOf(generation),
      config: config.selfPlay,
      seed: config.seed,
      generation,
      indices: all.filter((index) => !games.has(index)),
      resignBelow,
      signal,
      onGame: (game) => {
        part.file.append(game);
        games.set(game.index, game);
        progress.games(games.size);
      },
      onLive: progress.live,
      onAlarm: onNote,
    });
    if (games.size < all.length) return null;
    const sorted = [...games.values()].sort((a, b) => a.index - b.index);
    const shard = writeShard(folder.gamesPath, generation, sorted);
    rmSync(path);
    return { games: sorted, shard };
  } finally {
    progress.endPlay();
    part.file.close();
  }
}

/** The generation's shard, where the run broke off between writing it and writing that down. */
function finishedGeneration({ config, folder, generation }: PlayOptions): PlayedGeneration | null {
  for (const shard of listShards(folder.gamesPath)) {
    if (shard.generation !== generation) continue;
    const read = readShard(shard.path);
    if (read.ok && read.note === null && read.games.length === config.gamesPerGeneration)
      return { games: read.games, shard: shard.name };
  }
  return null;
}

/** @param played of the generation. */
function refuseOther(
  { config, folder, generation, wanted }: PlayOptions,
  played: readonly SelfPlayGame[],
): void {
  const net = config.teacher ?? folder.netOf(generation);
  const known = played.at(0)?.net ?? wanted;
  if (known !== null && known !== hashFile(net))
    throw new DamagedGames(
      `${net}: it is not the net that has played for this run before; put that one back, or choose a new --out`,
    );
}
