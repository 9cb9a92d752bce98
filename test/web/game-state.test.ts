/** What the page derives from its state: the curve, and whether leaving would lose a game. */
import { expect, test } from 'vitest';
import { initialState, isUnfinished, winrateCurve } from '../../web/src/state/game-state.ts';
import { gameMessage } from './game-message.ts';

test('the win-rate curve is what was analysed here, filled up with what the game remembers, and ends in the result', () => {
  const game = { ...gameMessage(5, 'C3 C2'), winrateHistory: [0.5, 0.6, null] };
  const analysis = {
    type: 'analysis' as const,
    gameId: game.id,
    policy: null,
    scoreBlack: null,
    ownershipBlack: null,
    visits: [],
    pv: [],
  };
  const analyses = new Map([0, 2].map((ply) => [ply, { ...analysis, ply, winrateBlack: 0.9 }]));
  expect(winrateCurve({ ...initialState, game, analyses })).toEqual([0.9, 0.6, 0.9]);
  expect(winrateCurve(initialState)).toEqual([]);
  const over = { ...game, phase: 'finished' as const, result: 'W+R' };
  expect(winrateCurve({ ...initialState, game: over, analyses })).toEqual([0.9, 0.6, 0]);
});

test('a game would be lost by leaving it while it is one’s own, begun and not over', () => {
  const game = gameMessage(5, 'C3 C2');
  expect(isUnfinished({ ...initialState, game })).toBe(true);
  for (const other of [
    null,
    gameMessage(5, ''),
    { ...game, secret: null },
    { ...game, phase: 'finished' as const },
  ])
    expect(isUnfinished({ ...initialState, game: other })).toBe(false);
});
