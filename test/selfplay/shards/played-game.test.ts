/** Games as self-play ends them are games that shards keep as they are. */
import { expect, test } from 'vitest';
import { decodeGame, encodeGame } from '#selfplay/shards/codec.ts';
import { SelfPlayConfig } from '#selfplay/zero/config.ts';
import { playSelfPlayGame } from '#selfplay/zero/play-game.ts';
import { hashEvaluator } from '../../engine/search/helpers.ts';

test.each(['gumbel', 'puct'] as const)(
  'whatever way games by %s end, they are stored and read',
  async (algorithm) => {
    const config = SelfPlayConfig.parse({
      algorithm,
      visits: 8,
      cheapVisits: 2,
      komiStdev: 3,
      recordCheap: true,
      recordOwnership: true,
      boards: [{ size: 3 }, { size: 5 }],
      moveLimitShare: 1,
      playOnShare: 0.3,
    });
    const ends = new Set<string>();
    for (let index = 0; index < 12; index++) {
      const setting = { seed: 1, generation: 3, index, net: '0123456789abcdef'.repeat(4), resignBelow: 0.2 };
      const game = await playSelfPlayGame(hashEvaluator(8), config, setting);
      expect(decodeGame(encodeGame(game))).toEqual({ ok: true, game });
      ends.add(game.end);
    }
    expect([...ends]).toEqual(expect.arrayContaining(['resignation', 'move-limit']));
  },
);
