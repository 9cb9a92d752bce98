/** Games of self-play: what they keep is true of them, and they are a function of their setting. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLACK, WHITE } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import { scorePosition } from '#engine/go/scoring.ts';
import type { GameMoves } from '#engine/record/game-record.ts';
import type { Evaluator } from '#engine/search/evaluator.ts';
import { isSettled } from '#engine/search/settled.ts';
import type { SelfPlayGame } from '#selfplay/shards/self-play-game.ts';
import { SelfPlayConfig } from '#selfplay/zero/config.ts';
import { playSelfPlayGame } from '#selfplay/zero/play-game.ts';
import type { GameSetting } from '#selfplay/zero/play-game.ts';
import { hashEvaluator } from '../../engine/search/helpers.ts';

const small = {
  boards: [
    { size: 4, komi: 2 },
    { size: 5, komi: 3 },
  ],
  rules: ['tromp-taylor', 'chinese', 'new-zealand'],
  visits: 8,
  cheapVisits: 3,
};
type Changes = Partial<Record<keyof SelfPlayConfig, unknown>>;

function play(
  index: number,
  changes: Changes = {},
  setting: Partial<GameSetting> = {},
  evaluator: Evaluator = hashEvaluator(1),
): Promise<SelfPlayGame> {
  const config = SelfPlayConfig.parse({ ...small, ...changes });
  const whole = { seed: 1, generation: 3, index, net: 'abc', resignBelow: 0.2, ...setting };
  return playSelfPlayGame(evaluator, config, whole);
}

function replayed({ width, height, rules, setup, toPlay, moves }: SelfPlayGame): Position[] {
  const positions = [Position.start({ width, height, rules, setup, toPlay })];
  for (const move of moves) {
    const next = positions[positions.length - 1].play(move);
    if (!next.ok) throw new Error(`an illegal move: ${next.reason}`);
    positions.push(next.position);
  }
  return positions;
}

describe.each(['gumbel', 'puct'] as const)('a game by %s', (algorithm) => {
  test('can be replayed, and its end, outcome, score and ownership are those of its last position', async () => {
    const ends = new Set<string>();
    for (let index = 0; index < 25; index++) {
      const game = await play(index, { algorithm });
      const last = replayed(game).at(-1) as Position;
      ends.add(game.end);
      expect(last.isOver).toBe(game.end === 'passes');
      expect(isSettled(last) && !last.isOver).toBe(game.end === 'settled');
      if (game.end === 'resignation') {
        expect([game.scoreBlack, game.ownershipBlack, game.playedOn]).toEqual([null, null, false]);
        expect(game.outcomeBlack).toBe(last.toPlay === BLACK ? -1 : 1);
      } else {
        const { scoreBlack, ownership } = scorePosition(last);
        expect(game.scoreBlack).toBe(scoreBlack);
        expect(game.ownershipBlack).toEqual(ownership);
        expect(game.outcomeBlack).toBe(Math.sign(scoreBlack));
      }
    }
    expect(ends).toContain('resignation');
    expect(ends.size).toBeGreaterThan(1);
  });

  test('keeps for each position a distribution over legal moves, in the order of play', async () => {
    for (let index = 0; index < 10; index++) {
      const game = await play(index, { algorithm, fullShare: 0.7 });
      const positions = replayed(game);
      const plies = game.positions.map(({ ply }) => ply);
      expect(plies).toEqual([...new Set(plies)].sort((a, b) => a - b));
      for (const { ply, policy, policyMoves, valueBlack, surprise } of game.positions) {
        expect(ply).toBeLessThan(game.moves.length);
        for (const move of policyMoves) expect(positions[ply].legality(move)).toBeNull();
        expect(policy.reduce((a, b) => a + b)).toBe(1);
        expect(Math.abs(valueBlack)).toBeLessThanOrEqual(1);
        expect(surprise).toBeGreaterThanOrEqual(0);
      }
    }
  });
});

test('a game is a function of config, seed, generation and index, and of nothing before it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 1e6 }),
      fc.constantFrom('gumbel', 'puct'),
      async (index, algorithm) => {
        const [first, again] = [await play(index, { algorithm }), await play(index, { algorithm })];
        expect(again).toEqual(first);
        const moves = ({ moves: played }: SelfPlayGame): number[] => [...played];
        expect(moves(await play(index + 1, { algorithm }))).not.toEqual(moves(first));
        expect(moves(await play(index, { algorithm }, { seed: 2 }))).not.toEqual(moves(first));
        expect(moves(await play(index, { algorithm }, { generation: 4 }))).not.toEqual(moves(first));
      },
    ),
    { numRuns: 5 },
  );
});

test('all moves after the opening are learned from where every search is full or recorded', async () => {
  for (const changes of [{ fullShare: 1 }, { fullShare: 0.2, recordCheap: true }]) {
    const game = await play(1, { ...changes, openingShare: 0.1 }, { resignBelow: 0 });
    const opening = game.moves.length - game.positions.length;
    expect(game.positions.map(({ ply }) => ply)).toEqual(
      Array.from({ length: game.positions.length }, (_, i) => opening + i),
    );
  }
  const searched = await play(1, { fullShare: 1e-9, openingShare: 0 });
  expect(searched.positions).toEqual([]);
});

test('cheap searches are cheap', async () => {
  const asked = async (cheapVisits: number): Promise<number> => {
    let evaluations = 0;
    const evaluator = hashEvaluator(1, (size) => (evaluations += size));
    const { moves } = await play(2, { fullShare: 1e-9, cheapVisits, openingShare: 0 }, {}, evaluator);
    return evaluations / moves.length;
  };
  // A tree that goes on has the next root already.
  expect(await asked(1)).toBe(1);
  expect(await asked(6)).toBeLessThan(6);
  expect(await asked(6)).toBeGreaterThan(2);
});

describe('resignation', () => {
  test('ends only games that are not played on, and those show what it would have cost', async () => {
    const games = await Promise.all(
      Array.from({ length: 60 }, (_, index) => play(index, { playOnShare: 0.5 }, { resignBelow: 0.3 })),
    );
    const playedOn = games.filter((game) => game.playedOn);
    expect(playedOn.length).toBeGreaterThan(15);
    expect(playedOn.every(({ end }) => end !== 'resignation')).toBe(true);
    expect(games.some(({ end }) => end === 'resignation')).toBe(true);
    // Values at random: some winner would have given up.
    expect(playedOn.some(({ winnersLowest }) => winnersLowest < 0.3)).toBe(true);
    for (const { end, playedOn: on, winnersLowest } of games) {
      // Whoever won without playing on was never ready to resign.
      if (!on && end !== 'resignation') expect(winnersLowest).toBeGreaterThanOrEqual(0.3);
    }
  });

  test('never happens below 0, and such games count as played on', async () => {
    for (let index = 0; index < 5; index++) {
      const game = await play(index, { playOnShare: 0 }, { resignBelow: 0 });
      expect([game.playedOn, game.end === 'resignation']).toEqual([true, false]);
    }
  });
});

test('a game that does not end is counted as it stands after its last move', async () => {
  const { moves, end, scoreBlack } = await play(1, { moveLimitShare: 0.5 }, { resignBelow: 0 });
  expect(end).toBe('move-limit');
  expect([8, 13]).toContain(moves.length);
  expect(scoreBlack).not.toBeNull();
});

test('whoever watches is told of every move, and may end the game', async () => {
  const lengths: number[] = [];
  const stop = new AbortController();
  const game = play(
    1,
    {},
    {
      resignBelow: 0,
      signal: stop.signal,
      onMove: ({ moves, blackFirst, index }) => {
        lengths.push(moves.length);
        expect([blackFirst, index]).toEqual([true, 1]);
        if (moves.length === 5) stop.abort(new Error('enough'));
      },
    },
  );
  await expect(game).rejects.toThrow('enough');
  expect(lengths).toEqual([1, 2, 3, 4, 5]);
});

test('a game may start from a given position, with its stones and its side to move', async () => {
  const rules = { ...(await play(0)).rules };
  const moves: GameMoves['moves'] = [0, 6, 12, 18].map((move, i) => ({
    color: i % 2 === 0 ? BLACK : WHITE,
    move,
  }));
  const setup = { black: [24], white: [] };
  const start = { width: 5, height: 5, rules, handicap: 0, setup, toPlay: BLACK, moves } as const;
  const config = { startShare: 1, startFiles: ['one.sgf'] };
  const games = await Promise.all(
    Array.from({ length: 40 }, (_, index) => play(index, config, { starts: [start] })),
  );
  const stones = games.map((game) => game.setup.black.length + game.setup.white.length);
  expect(new Set(stones)).toEqual(new Set([1, 2, 3, 4, 5]));
  for (const game of games) {
    expect(game.setup.black).toContain(24);
    expect(game.toPlay).toBe((game.setup.black.length + game.setup.white.length) % 2 === 1 ? BLACK : WHITE);
    expect(replayed(game)).toHaveLength(game.moves.length + 1);
  }
});
