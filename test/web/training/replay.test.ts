/** Games of self-play on the board: legal ones as they were played, others refused. */
import { describe, expect, it } from 'vitest';
import { parseSgf } from '#engine/record/sgf.ts';
import { gameFromSgf } from '#engine/record/sgf-game.ts';
import { replay } from '#engine/record/game-record.ts';
import type { TrainingGame } from '#server/protocol/training.ts';
import {
  boardAfter,
  describePly,
  replayView,
  resultOf,
  winratesOf,
} from '../../../web/src/state/training/replay.ts';
import { replaySgf } from '../../../web/src/state/training/replay-sgf.ts';
import { fixtureGame } from '../../selfplay/run/fixture-games.ts';

function told(index: number): TrainingGame {
  const game = fixtureGame(4, index, 7);
  return {
    index,
    generation: 4,
    width: 7,
    height: 7,
    rules: 'tromp-taylor',
    komi: game.rules.komi,
    setup: { black: [], white: [] },
    blackFirst: true,
    moves: [...game.moves],
    end: game.end,
    outcomeBlack: game.outcomeBlack,
    scoreBlack: game.scoreBlack,
    playedOn: false,
    ownership: null,
    searched: game.positions.map(({ ply, valueBlack, scoreBlack, surprise, policyMoves, policy }) => ({
      ply,
      winrateBlack: (valueBlack + 1) / 2,
      scoreBlack,
      surprise,
      policy: Array.from(policyMoves, (move, i): [number, number] => [move, policy[i]]),
    })),
  };
}

describe('a game of self-play', () => {
  it('is saved as a record that replays to the same board and says how it ended', () => {
    for (const index of [0, 1, 2]) {
      const game = told(index);
      const parsed = parseSgf(Buffer.from(replaySgf(game, 'a [run]')));
      if (!parsed.ok) throw new Error(parsed.message);
      const read = gameFromSgf(parsed.games[0]);
      if (!read.ok) throw new Error(read.message);
      expect(read.value).toMatchObject({
        result: resultOf(game),
        event: `a [run], generation 4, game ${index}`,
      });
      const end = replay(read.value);
      if (!end.ok) throw new Error(end.message);
      expect([...end.position.board.stones]).toEqual([
        ...(boardAfter(game, game.moves.length)?.stones ?? []),
      ]);
    }
  });

  it('shows the policy to learn and marks the move just played', () => {
    const game = told(1);
    const [searched] = game.searched;
    const view = replayView(game, searched.ply, searched);
    expect(view?.policy?.[searched.policy[0][0]]).toBeCloseTo(searched.policy[0][1], 6);
    expect(replayView(game, 3, null)).toMatchObject({
      lastMove: game.moves[2],
      policy: null,
      action: 'none',
    });
    expect(replayView(game, 0, null)?.lastMove).toBeNull();
    expect(describePly(game, 0)).toMatch(/^Before the first of \d+ moves$/);
    expect(describePly(game, 2)).toMatch(/^Move 2 of \d+: White [A-H]\d$/);
  });

  it('has a win rate before each searched move, and its result at the end', () => {
    const game = told(2);
    const rates = winratesOf(game);
    expect(rates).toHaveLength(game.moves.length + 1);
    expect(rates[game.searched[0].ply]).toBe(game.searched[0].winrateBlack);
    expect(rates.at(-1)).toBe((game.outcomeBlack + 1) / 2);
  });

  it('that cannot have been played is not shown', () => {
    const game = told(1);
    const broken: Partial<TrainingGame>[] = [
      { width: 1000 },
      { width: 0.5 },
      { moves: [3, 3] },
      { moves: [-1] },
      { moves: [1.5] },
      { moves: [50] },
      { setup: { black: [4], white: [4] } },
    ];
    for (const changes of broken) expect(replayView({ ...game, ...changes }, 2, null)).toBeNull();
  });
});
