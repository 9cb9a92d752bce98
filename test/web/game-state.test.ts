import { expect, test } from 'vitest';
import { initialState, winrateCurve } from '../../web/src/state/game-state.ts';
import { gameMessage } from './game-message.ts';

test('the win-rate curve is filled up with analyses, and what the game remembers goes first', () => {
  const game = { ...gameMessage(5, 'C3 C2'), winrateHistory: [0.5, null, null] };
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
  expect(winrateCurve({ ...initialState, game, analyses })).toEqual([0.5, null, 0.9]);
  expect(winrateCurve(initialState)).toEqual([]);
});
