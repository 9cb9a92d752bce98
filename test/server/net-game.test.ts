/** A settled game against the shipped net: it answers a pass as a player would, and knows which stones are dead. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { defaultNetPath } from '#nets/weights.ts';
import { SearchPool } from '#selfplay/search-pool.ts';
import { poolSearch } from '#server/search/pool-search.ts';
import { connect, startTestServer } from './test-client.ts';
import type { TestServer } from './test-client.ts';

/** Each side has one hopeless stone in the other's territory: White's B7 and Black's G7. White leads by 8.5 with komi. */
const SETTLED = `
. . . X O . . . .
. . . X O . . O .
. O . X O . X . .
. . . X O . . O .
. X . X O . . . O
. . . X X O O O .
. X . . X O . . .
. . X X X O . O .
. . . . X O . . .`;

let server: TestServer;
beforeEach(async () => {
  const search = poolSearch(new SearchPool({ threads: 1 }), defaultNetPath);
  server = await startTestServer({ search });
});
afterEach(() => server.close());

it('passes after a person’s pass where nothing is left to play, and marks the dead stones of both', async () => {
  const rows = SETTLED.trim()
    .split('\n')
    .map((row) => row.split(' '));
  const of = (stone: string): string =>
    rows
      .flatMap((row, y) =>
        row.flatMap((at, x) => (at === stone ? [`[${'abcdefghi'[x]}${'abcdefghi'[y]}]`] : [])),
      )
      .join('');
  const client = await connect(server.port);
  const text = `(;GM[1]SZ[9]RU[Chinese]KM[7.5]AB${of('X')}AW${of('O')}PL[B])`;
  client.send({ type: 'load-sgf', text, level: 'net-50' });
  expect(await client.next('game')).toMatchObject({ phase: 'playing', humanColor: 1 });
  client.send({ type: 'pass', ply: 0, nonce: 'n0' });
  const counted = await client.next('game', ({ thinking, moves }) => moves.length > 1 && !thinking);
  expect(counted).toMatchObject({ phase: 'scoring', dead: [19, 24], scoreBlack: -8.5 });
  expect(counted.moves.map(({ move }) => move)).toEqual([81, 81]);
  client.send({ type: 'accept-score', scoreBlack: -8.5 });
  expect((await client.next('game')).result).toBe('W+8.5');
});
