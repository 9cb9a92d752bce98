/** What may happen in a game, as functions from a game to the next or to a refusal; nothing here waits or saves. */
import type { Color } from '#engine/go/color.ts';
import { opponent } from '#engine/go/color.ts';
import type { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import { scorePosition } from '#engine/go/scoring.ts';
import type { IllegalReason, Move } from '#engine/go/view.ts';
import { withoutPlayer } from '#engine/record/game-info.ts';
import { replay } from '#engine/record/game-record.ts';
import type { GameMoves } from '#engine/record/game-record.ts';
import { formatScore, formatWin } from '#engine/record/result.ts';
import { MAX_PLIES } from '#server/protocol/messages.ts';
import type { ErrorCode } from '#server/protocol/messages.ts';
import { ACCEPTED_KEPT } from './stored-game.ts';
import type { StoredGame } from './stored-game.ts';

export type Game = { readonly state: StoredGame; readonly position: Position };

export type Refusal = {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly message: string;
  readonly reason?: IllegalReason;
};
export type Step = { readonly ok: true; readonly game: Game } | Refusal;

const REASONS: Readonly<Record<IllegalReason, string>> = {
  occupied: 'There is a stone on that point.',
  ko: 'That retakes the ko: play elsewhere first.',
  superko: 'That repeats an earlier position of the game.',
  suicide: 'That stone would have no liberties.',
  'game-over': 'The game is over.',
  'off-board': 'That point is not on the board.',
};

function refuse(code: ErrorCode, message: string): Refusal {
  return { ok: false, code, message };
}

/** What a search replays. */
export function searchGame(state: StoredGame): GameMoves {
  const { width, height, handicap, setup, toPlay, moves } = state;
  return {
    width,
    height,
    rules: makeRules(state.rules, { komi: state.komi }),
    handicap,
    setup,
    toPlay,
    moves,
  };
}

/** Replays a stored game. */
export function openGame(state: StoredGame): Step {
  const replayed = replay(searchGame(state));
  if (!replayed.ok) return refuse('bad-game', replayed.message);
  const { position } = replayed;
  const isResumed = position.isOver && state.phase === 'playing';
  return { ok: true, game: { state, position: isResumed ? position.resume() : position } };
}

/** Plays for the side to move; the second pass in a row opens the scoring. */
export function playMove(game: Game, move: Move): Step {
  const { state, position } = game;
  if (state.phase === 'finished') return refuse('wrong-phase', 'The game is over.');
  if (state.phase === 'scoring')
    return refuse('wrong-phase', 'The game is being counted: resume play to go on.');
  if (state.moves.length >= MAX_PLIES)
    return refuse('wrong-phase', `Games end after ${MAX_PLIES} moves: resign or take back.`);
  const played = position.play(move);
  if (!played.ok) {
    const { reason } = played;
    return { ok: false, code: 'illegal-move', message: REASONS[reason], reason };
  }
  const moves = [...state.moves, { color: position.toPlay, move }];
  const phase = played.position.isOver ? 'scoring' : 'playing';
  return { ok: true, game: { state: { ...state, moves, phase }, position: played.position } };
}

/** Remembers that the send `nonce` was accepted at `ply`. */
export function acknowledge(game: Game, ply: number, nonce: string): Game {
  const accepted = [...game.state.accepted, { ply, nonce }].slice(-ACCEPTED_KEPT);
  return { ...game, state: { ...game.state, accepted } };
}

/** Whether this send was accepted before. */
export function isAccepted(state: StoredGame, ply: number, nonce: string): boolean {
  return state.accepted.some((sent) => sent.ply === ply && sent.nonce === nonce);
}

export function resign(game: Game, loser: Color): Step {
  if (game.state.phase === 'finished') return refuse('wrong-phase', 'The game is over.');
  const result = formatWin(opponent(loser), 'R');
  return { ok: true, game: { ...game, state: { ...game.state, phase: 'finished', dead: [], result } } };
}

/** The engine plays its side of a loaded game on: whom the record names there no longer plays it. */
export function asPlayedByEngine(game: Game): Game {
  const { recordInfo, humanColor } = game.state;
  if (recordInfo === null) return game;
  const info = withoutPlayer(recordInfo, opponent(humanColor));
  return { ...game, state: { ...game.state, recordInfo: info } };
}

/** Back to before the person's last move. */
export function undo(game: Game): Step {
  const { state } = game;
  if (state.phase === 'finished') return refuse('wrong-phase', 'The game is over.');
  const last = state.moves.findLastIndex(({ color }) => color === state.humanColor);
  if (last < 0) return refuse('wrong-phase', 'You have not played a move yet.');
  return openGame({
    ...state,
    moves: state.moves.slice(0, last),
    winrates: state.winrates.slice(0, last + 1),
    phase: 'playing',
    dead: [],
    deadProposed: false,
  });
}

/** Marks the chain at `point` dead, or alive again. */
export function markDead(game: Game, point: number, isDead: boolean): Step {
  const { state, position } = game;
  if (state.phase !== 'scoring') return refuse('wrong-phase', 'Dead stones are marked after two passes.');
  if (point >= position.board.area || position.board.stones[point] === 0)
    return refuse('wrong-phase', 'There is no stone on that point.');
  const dead = new Set(state.dead);
  for (const p of position.board.chainStones(point))
    if (isDead) dead.add(p);
    else dead.delete(p);
  return { ok: true, game: withDead(game, dead) };
}

export function withDead(game: Game, dead: Iterable<number>): Game {
  return { ...game, state: { ...game.state, dead: [...dead].sort((a, b) => a - b), deadProposed: true } };
}

/** The game with Black's win rate after `ply` moves. */
export function withWinrate(game: Game, ply: number, winrateBlack: number): Game {
  const { state } = game;
  const length = Math.max(state.winrates.length, ply + 1);
  const winrates = Array.from({ length }, (_, at) =>
    at === ply ? winrateBlack : (state.winrates[at] ?? null),
  );
  return { ...game, state: { ...state, winrates } };
}

/** Black's score with the stones now marked dead. */
export function scoreOf(game: Game): { scoreBlack: number; ownership: Int8Array } {
  return scorePosition(game.position, game.state.dead);
}

/** @param seen Black's score as it was shown to who accepts it. */
export function acceptScore(game: Game, seen: number): Step {
  if (game.state.phase !== 'scoring')
    return refuse('wrong-phase', 'A score can be accepted after two passes.');
  const { scoreBlack } = scoreOf(game);
  if (scoreBlack !== seen)
    return refuse('stale', 'The dead stones have changed meanwhile: look at the score again.');
  const result = formatScore(scoreBlack);
  return { ok: true, game: { ...game, state: { ...game.state, phase: 'finished', result } } };
}

export function resumePlay(game: Game): Step {
  if (game.state.phase !== 'scoring')
    return refuse('wrong-phase', 'Play can be resumed only while the game is being counted.');
  return {
    ok: true,
    game: {
      state: { ...game.state, phase: 'playing', dead: [], deadProposed: false },
      position: game.position.resume(),
    },
  };
}
