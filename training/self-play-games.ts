/** The games of runs of self-play, split into those that are learned from and those that are not. */
import { opponent } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { FEATURE_SETS } from '#nets/features/feature-set.ts';
import type { SelfPlayGame } from '#selfplay/shards/self-play-game.ts';
import { listShards, readShard } from '#selfplay/shards/shard-file.ts';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bagged } from './bag.ts';
import type { SelfPlayData, SupervisedConfig } from './config.ts';
import type { ReadingReport } from './data-reader.ts';
import { gameHash, gameShares, sideOf } from './holdout.ts';
import type { Side } from './holdout.ts';
import { ReplayWindow } from './window.ts';

export type SelfPlayWindows = Readonly<Record<Side, ReplayWindow>>;

export type SelfPlayResult =
  { readonly ok: true; readonly windows: SelfPlayWindows } | { readonly ok: false; readonly message: string };

export type SelfPlaySplit = Pick<SupervisedConfig, 'holdOut' | 'trainShare' | 'bag'>;

/** Of finished generations; a game in play or in a damaged part of a shard is left out. */
export function readSelfPlay(
  { runs, featureSet, valueFromSearch }: Omit<SelfPlayData, 'kind'>,
  split: SelfPlaySplit,
  { onProgress, onNote }: ReadingReport,
): SelfPlayResult {
  const absent = runs.find((run) => !existsSync(run));
  if (absent !== undefined) return { ok: false, message: `${absent}: there is no such folder` };
  const shards = runs.map((run) => listShards(join(run, 'games')));
  const empty = shards.findIndex((found) => found.length === 0);
  if (empty !== -1)
    return {
      ok: false,
      message: `${runs[empty]} holds no finished generation of games; name the folder of a run of train zero or train distil`,
    };
  const features = FEATURE_SETS[featureSet];
  const games: Record<Side, SelfPlayGame[]> = { train: [], validation: [], test: [] };
  const shares = gameShares(split);
  for (const [index, { path }] of shards.flat().entries()) {
    const read = readShard(path);
    const note = read.ok ? read.note : read.message;
    if (note !== null) onNote?.(note);
    for (const game of read.ok ? read.games : []) {
      const side = sideOf(gameHash({ ...game, moves: coloredMoves(game) }), shares);
      if (side !== null) games[side].push(game);
    }
    onProgress?.(index + 1, shards.flat().length);
  }
  const windowOf = (kept: readonly SelfPlayGame[]): ReplayWindow => {
    const window = new ReplayWindow(features, { valueFromSearch });
    window.add(kept);
    return window;
  };
  const windows = {
    train: windowOf(bagged(games.train, split.bag)),
    validation: windowOf(games.validation),
    test: windowOf(games.test),
  };
  if (windows.train.positions === 0)
    return { ok: false, message: `${runs.join(', ')}: there is no position to learn from` };
  return { ok: true, windows };
}

function coloredMoves({ moves, toPlay }: SelfPlayGame): { color: Color; move: number }[] {
  return Array.from(moves, (move, ply) => ({ color: ply % 2 === 0 ? toPlay : opponent(toPlay), move }));
}
