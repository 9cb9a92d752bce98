/** Threads of self-play: who plays a game changes nothing about it. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { saveNet } from '#nets/file.ts';
import { resnetSpec } from '#nets/spec.ts';
import type { SelfPlayGame } from '#selfplay/shards/self-play-game.ts';
import { SelfPlayConfig } from '#selfplay/zero/config.ts';
import { SelfPlayPool } from '#selfplay/zero/pool.ts';
import { randomWeights } from '../../nets/katago/random-nets.ts';

const net = join(mkdtempSync(join(tmpdir(), 'tengen-zero-')), 'net.safetensors');
const spec = resnetSpec(1, 8);
saveNet(net, { spec, weights: randomWeights(spec, 1), provenance: {} });

const config = SelfPlayConfig.parse({
  boards: [
    { size: 3, komi: 4 },
    { size: 4, komi: 2 },
  ],
  rules: ['tromp-taylor', 'chinese'],
  visits: 6,
  cheapVisits: 2,
});

async function play(workers: number, indices: readonly number[]): Promise<SelfPlayGame[]> {
  const pool = new SelfPlayPool({ workers, concurrentGames: 3 });
  const games: SelfPlayGame[] = [];
  const counts = await pool.play({
    net,
    config,
    seed: 1,
    generation: 2,
    indices,
    resignBelow: 0.1,
    onGame: (game) => games.push(game),
  });
  await pool.close();
  expect(counts.games).toBe(indices.length);
  expect(counts.moves).toBe(games.reduce((sum, { moves }) => sum + moves.length, 0));
  return games.sort((a, b) => a.index - b.index);
}

test('the same games come from one thread and from two, and from any part of the indices', async () => {
  const alone = await play(1, [0, 1, 2, 3, 4, 5, 6, 7]);
  expect(alone.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(await play(2, [7, 6, 5, 4, 3, 2, 1, 0])).toEqual(alone);
  expect(await play(2, [5, 2])).toEqual([alone[2], alone[5]]);
});
