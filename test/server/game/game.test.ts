/** What may happen in a game, checked without a server: laws first, then examples. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDiagram } from '#engine/record/diagram.ts';
import { replay } from '#engine/record/game-record.ts';
import { gameFromSgf } from '#engine/record/sgf-game.ts';
import { parseSgf } from '#engine/record/sgf.ts';
import type { NewGameMessage } from '#server/protocol/messages.ts';
import {
  acceptScore,
  asPlayedByEngine,
  markDead,
  openGame,
  playMove,
  resumePlay,
  scoreOf,
  undo,
} from '#server/game/game.ts';
import type { Game, Step } from '#server/game/game.ts';
import { gameMessage } from '#server/game/game-view.ts';
import { gameToSgf, playOnFrom, startFromSgf, startGame } from '#server/game/new-game.ts';
import { newCredentials } from '#server/game/stored-game.ts';

const ASKED: NewGameMessage = {
  type: 'new-game',
  width: 5,
  height: 5,
  rules: 'chinese',
  komi: 0.5,
  handicap: 0,
  color: 1,
  level: 'net',
};

function must(step: Step): Game {
  if (!step.ok) throw new Error(step.message);
  return step.game;
}

function start(changes: Partial<NewGameMessage> = {}): Game {
  return must(startGame({ ...ASKED, ...changes }, newCredentials()));
}

function playAll(game: Game, moves: readonly number[]): Game {
  return moves.reduce((next, move) => must(playMove(next, move)), game);
}

/** A game of legal moves picked by `choices`, without passes. */
function playSome(game: Game, choices: readonly number[]): Game {
  return choices.reduce((next, choice) => {
    const moves = next.position.legalMoves().slice(0, -1);
    return moves.length === 0 ? next : must(playMove(next, moves[choice % moves.length]));
  }, game);
}

const choices = fc.array(fc.nat(1000), { maxLength: 30 });
const rules = fc.constantFrom(
  'chinese' as const,
  'japanese' as const,
  'tromp-taylor' as const,
  'aga' as const,
);

/** Black holds the left three columns, White the right two, with a hopeless black stone inside at the right. */
const SPLIT = `
. . X O .
X X X O .
. . X O X
. . X O O
. . X O .`;

function splitBoard(): Game {
  const { stones } = parseDiagram(SPLIT);
  const points = [...stones.keys()];
  const base = start();
  const setup = {
    black: points.filter((p) => stones[p] === 1),
    white: points.filter((p) => stones[p] === 2),
  };
  return must(openGame({ ...base.state, setup }));
}

describe('a game', () => {
  it('reopened from what is stored is the game that was played', () => {
    fc.assert(
      fc.property(rules, choices, (name, picked) => {
        const game = playSome(start({ rules: name }), picked);
        const again = must(openGame(JSON.parse(JSON.stringify(game.state))));
        expect(gameMessage(again, null, false)).toEqual(gameMessage(game, null, false));
      }),
    );
  });

  it('saved as SGF replays to the same stones and loads as a game again', () => {
    fc.assert(
      fc.property(rules, choices, (name, picked) => {
        const game = playSome(start({ rules: name }), picked);
        const sgf = gameToSgf(game.state, 'a level');
        const parsed = parseSgf(sgf);
        if (!parsed.ok) throw new Error(parsed.message);
        const record = gameFromSgf(parsed.games[0]);
        if (!record.ok) throw new Error(record.message);
        const replayed = replay(record.value);
        if (!replayed.ok) throw new Error(replayed.message);
        expect(replayed.position.board.stones).toEqual(game.position.board.stones);
        const loaded = must(startFromSgf(sgf, 'net', newCredentials()));
        expect(loaded.state.moves).toEqual(game.state.moves);
        expect(loaded.state.rules).toBe(name);
        expect(loaded.state.humanColor).toBe(game.position.toPlay);
      }),
      { numRuns: 50 },
    );
  });

  it('shows exactly the legal points in its mask', () => {
    fc.assert(
      fc.property(rules, choices, (name, picked) => {
        const game = playSome(start({ rules: name }), picked);
        const { legal } = gameMessage(game, null, false);
        for (const [p, flag] of legal.entries()) expect(playMove(game, p).ok).toBe(flag === 1);
      }),
      { numRuns: 30 },
    );
  });

  it('refuses more handicap than the board holds, with the number in the sentence', () => {
    expect(startGame({ ...ASKED, width: 7, height: 7, handicap: 9 }, newCredentials())).toMatchObject({
      ok: false,
      code: 'bad-game',
      message: expect.stringContaining('at most 4'),
    });
  });

  it('takes back to the person’s turn', () => {
    const game = playAll(start(), [12, 0, 6, 1]);
    expect(must(undo(game)).state.moves.map(({ move }) => move)).toEqual([12, 0]);
    expect(must(undo(playAll(start(), [12, 0, 6]))).state.moves).toHaveLength(2);
    expect(undo(start()).ok).toBe(false);
  });

  it('is counted after two passes, and goes on when play is resumed', () => {
    const counting = playAll(splitBoard(), [25, 25]);
    expect(counting.state.phase).toBe('scoring');
    expect(playMove(counting, 0)).toMatchObject({ ok: false, code: 'wrong-phase' });
    const resumed = must(resumePlay(counting));
    expect(playMove(resumed, 0).ok).toBe(true);
    const again = must(openGame(resumed.state));
    expect(again.position.isOver).toBe(false);
  });

  it('counts dead stones for the other side', () => {
    const counting = playAll(splitBoard(), [25, 25]);
    // Column three and everything left of it is Black's: 15. White's two columns are 10 without the prisoner.
    const marked = must(markDead(counting, 14, true));
    expect(scoreOf(marked).scoreBlack).toBe(15 - 10 - 0.5);
    expect(must(markDead(marked, 14, true)).state.dead).toEqual(marked.state.dead);
    expect(must(markDead(marked, 14, false)).state.dead).toEqual([]);
    expect(acceptScore(marked, scoreOf(counting).scoreBlack)).toMatchObject({ ok: false, code: 'stale' });
    expect(must(acceptScore(marked, 4.5)).state).toMatchObject({ phase: 'finished', result: 'B+4.5' });
  });

  it.each([
    ['RE[B+3.5]', ';B[cc];W[bb]', 'B+3.5'],
    ['RE[W+T]', ';B[cc]', 'W+T'],
    ['RE[Void]', '', 'Void'],
    ['', ';B[cc];W[bb];B[];W[]', null],
    ['RE[?]', ';B[cc];W[];B[tt]', null],
  ])('is over when its record says %s and the moves are "%s"', (property, moves, result) => {
    const game = must(startFromSgf(`(;GM[1]SZ[5]${property}${moves})`, 'net', newCredentials()));
    expect(game.state).toMatchObject({ phase: 'finished', result });
    expect(must(openGame(game.state)).position.board.stones).toEqual(game.position.board.stones);
  });

  it.each(['', 'RE[?]', 'RE[]'])(
    'goes on when its record says "%s" and nobody has passed twice',
    (property) => {
      const game = must(startFromSgf(`(;GM[1]SZ[5]${property};B[cc];W[])`, 'net', newCredentials()));
      expect(game.state).toMatchObject({ phase: 'playing', humanColor: 1 });
    },
  );

  it.each([
    ['PB[Lee]PW[Park]', 'finished'],
    ['PW[Park]', 'finished'],
    ['PB[You]PW[Tengen, 100 visits]', 'playing'],
    ['PB[Tengen, a level]PW[Human]', 'playing'],
    ['EV[Cup]', 'playing'],
  ])('without an end whose record says %s is opened as %s', (players, phase) => {
    const game = must(startFromSgf(`(;GM[1]SZ[5]${players};B[cc])`, 'net', newCredentials()));
    expect(game.state).toMatchObject({ phase, result: null, humanColor: 2 });
  });

  it('shows the count only where it is the one that the result came from', () => {
    const load = (result: string): Game =>
      must(startFromSgf(`(;GM[1]SZ[5]KM[0.5]RE[${result}];B[cc];W[];B[])`, 'net', newCredentials()));
    expect(gameMessage(load('B+24.5'), null, false).scoreBlack).toBe(24.5);
    expect(gameMessage(load('W+3.5'), null, false)).toMatchObject({ scoreBlack: null, ownership: null });
  });

  it('keeps what its record says of it', () => {
    const info = String.raw`PB[Lee]BR[9d]PW[Pa\rk\]]EV[Cup: final]DT[1999-01-02]C[A root comment]`;
    const sgf = `(;GM[1]SZ[5]${info};B[cc])`;
    const loaded = must(startFromSgf(sgf, 'net', newCredentials()));
    const saved = gameToSgf(loaded.state, 'a level');
    for (const property of info.match(/[A-Z]+\[(\\.|[^\]])*\]/g) ?? []) expect(saved).toContain(property);
  });

  it('no longer names a player for whom the engine plays on', () => {
    // White is to move, and so the person's.
    const sgf = '(;GM[1]SZ[5]PB[Lee]BR[9d]PW[Tengen, another level]EV[Cup];B[cc])';
    const loaded = must(startFromSgf(sgf, 'net', newCredentials()));
    const played = gameToSgf(asPlayedByEngine(loaded).state, 'a level');
    for (const property of ['PB[Tengen, a level]', 'PW[Tengen, another level]', 'EV[Cup]'])
      expect(played).toContain(property);
    expect(played).not.toContain('BR[9d]');
  });

  it('leaves out a comment that is too long to carry in every message, and nothing else', () => {
    const sgf = `(;GM[1]SZ[5]C[${'long '.repeat(2000)}]PB[Lee];B[cc])`;
    expect(must(startFromSgf(sgf, 'net', newCredentials())).state.recordInfo).toEqual({ PB: ['Lee'] });
  });

  it('played on from a ply of a finished one begins there with the person to move, as no game of its players', () => {
    const sgf = '(;GM[1]SZ[5]PB[Lee]DT[1999-01-02]RE[B+R];B[cc];W[bb];B[cb])';
    const finished = must(startFromSgf(sgf, 'net', newCredentials()));
    const game = must(playOnFrom(finished.state, 1, newCredentials()));
    expect(game.state).toMatchObject({
      phase: 'playing',
      result: null,
      humanColor: 2,
      recordInfo: null,
    });
    expect(game.state.moves).toHaveLength(1);
    expect(playOnFrom(finished.state, 4, newCredentials())).toMatchObject({ ok: false, code: 'stale' });
    expect(playOnFrom(game.state, 0, newCredentials())).toMatchObject({ ok: false, code: 'wrong-phase' });
  });

  it.each([
    ['(;GM[1]SZ[9];B[ee];W[ee])', /Move 2/],
    ['(;GM[1]SZ[25])', /5 to 19/],
    ['(;GM[1]SZ[9]KM[6.3])', /whole or half points/],
    ['(;GM[1]SZ[9]', /SGF/],
    ['', /SGF/],
  ])('is not made of the SGF %j', (sgf, why) => {
    const step = startFromSgf(sgf, 'net', newCredentials());
    expect(step).toMatchObject({ ok: false, code: 'bad-sgf', message: expect.stringMatching(why) });
  });
});
