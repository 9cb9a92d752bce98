/** What the page shows and says, from a game message alone. */
import { describe, expect, it } from 'vitest';
import { makeBoardView } from '../../web/src/state/board-view.ts';
import { initialState, type GameState } from '../../web/src/state/game-state.ts';
import { loadPreferences } from '../../web/src/state/saved.ts';
import {
  describeCaptures,
  describeChange,
  describeLastMove,
  describeLink,
  describeResult,
} from '../../web/src/state/words.ts';
import { starPoints } from '../../web/src/state/star-points.ts';
import { gameMessage } from './game-message.ts';

const preferences = loadPreferences({ getItem: () => null, setItem: () => undefined });
const stateOf = (game: GameState['game'], more: Partial<GameState> = {}): GameState => ({
  ...initialState,
  connection: 'open',
  game,
  ...more,
});

describe('makeBoardView', () => {
  it('names coordinate, stone, liberties and last move of every point', () => {
    const { labels } = makeBoardView(stateOf(gameMessage(5, 'A5 B5')), preferences);
    expect(labels[0]).toBe('A5, black stone, 1 liberty');
    expect(labels[1]).toBe('B5, white stone, 2 liberties, last move');
    expect(labels[24]).toBe('E1, empty');
  });

  it('says which point is ko and which is not allowed', () => {
    const game = gameMessage(5, 'B5 C5 A4 D4 B3 C3 C4 B4', { humanColor: 1 });
    const { labels } = makeBoardView(stateOf(game), preferences);
    expect(game.ko).toBe(7);
    expect(labels[7]).toBe('C4, empty, ko');
  });

  it('lets the person play only on their turn, in the present, while connected', () => {
    const game = gameMessage(5, 'C3 C2');
    expect(makeBoardView(stateOf(game), preferences).action).toBe('play');
    for (const other of [
      stateOf({ ...game, humanColor: 2 }),
      stateOf({ ...game, thinking: true }),
      stateOf({ ...game, secret: null }),
      stateOf(game, { viewPly: 1 }),
      stateOf(game, { connection: 'lost' }),
      stateOf(game, { pending: { move: 0, ply: 2, nonce: 'n' } }),
    ])
      expect(makeBoardView(other, preferences).action).toBe('none');
  });

  it('shows an earlier position when one is looked at', () => {
    const view = makeBoardView(stateOf(gameMessage(5, 'C3 C2 B2'), { viewPly: 1 }), preferences);
    expect(Array.from(view.stones).filter((stone) => stone !== 0)).toEqual([1]);
    expect(view.lastMove).toBe(12);
  });

  it('turns clicks into dead stones while scoring', () => {
    const view = makeBoardView(stateOf(gameMessage(5, 'C3 C2 pass pass', { dead: [17] })), preferences);
    expect(view.action).toBe('mark-dead');
    expect(view.clickable[17]).not.toBe(0);
    expect(view.labels[17]).toContain('marked dead');
  });
});

describe('words', () => {
  it('announce moves, captures and the end of the game', () => {
    const before = gameMessage(5, 'A4 A5');
    const after = gameMessage(5, 'A4 A5 B5');
    expect(describeChange(before, after)).toBe('Black B5. 1 stone captured.');
    const scoring = gameMessage(5, 'C3 pass pass', { scoreBlack: 17.5 });
    expect(describeChange(gameMessage(5, 'C3'), scoring)).toBe(
      'White passes. Black passes. Both passed. Mark the dead stones, then accept the score or resume play. Black leads by 17.5.',
    );
    const finished = { ...scoring, phase: 'finished' as const, result: 'B+17.5' };
    expect(describeChange(scoring, finished)).toBe('Black wins by 17.5 points.');
  });

  it('tell the last move and the captures of the position looked at', () => {
    const game = gameMessage(5, 'A4 A5 B5 C3 D4');
    expect([3, 2].map((ply) => describeCaptures(game, ply))).toEqual([
      'Black has captured 1, White 0.',
      'Black has captured 0, White 0.',
    ]);
    expect([5, 2, 0].map((ply) => describeLastMove(game, ply))).toEqual([
      'Move 5: Black D4.',
      'Move 2: White A5.',
      'No move has been played.',
    ]);
  });

  it('say who can open a link', () => {
    for (const local of ['http://127.0.0.1:8080/', 'http://localhost:8080/', 'http://[::1]:8080/'])
      expect(describeLink(new URL(local))).toMatch(
        /^The link opens on this computer only\..*--host 0\.0\.0\.0/,
      );
    for (const other of ['http://192.168.0.7:8080/', 'https://go.example/', 'http://127.0.0.1.example/'])
      expect(describeLink(new URL(other))).toBe('Whoever opens the link can watch this game.');
    expect(describeLink(new URL('http://192.168.0.7:8080/?token=k#watch=g'))).toMatch(
      /^Whoever opens the link can watch this game\. It holds the access token, which opens the whole server/,
    );
  });

  it('read every kind of SGF result', () => {
    expect(describeResult('W+R')).toBe('White wins by resignation');
    expect(describeResult('B+1')).toBe('Black wins by 1 point');
    expect(describeResult('W+T')).toBe('White wins on time');
    expect(describeResult('0')).toBe('The game is a draw');
  });
});

describe('starPoints', () => {
  it('are nine on 19 lines, five on 13 and 9, and lie symmetrically on every board', () => {
    expect(starPoints(19, 19)).toHaveLength(9);
    expect(starPoints(13, 13)).toHaveLength(5);
    expect(starPoints(9, 9)).toHaveLength(5);
    for (let size = 5; size <= 19; size++) {
      const names = new Set(starPoints(size, size).map(({ x, y }) => `${x},${y}`));
      for (const { x, y } of starPoints(size, size)) {
        expect(names).toContain(`${size - 1 - x},${y}`);
        expect(names).toContain(`${y},${x}`);
      }
    }
  });
});
