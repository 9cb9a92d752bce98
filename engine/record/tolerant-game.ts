/** Games as KataGo takes them: moves that only ko, superko or the ban on suicide forbids are played, and Black's first moves in a row are a handicap. */
import type { Board } from '#engine/go/board.ts';
import { BLACK, WHITE, opponent, type Color } from '#engine/go/color.ts';
import type { Position } from '#engine/go/position.ts';
import { whiteBonus } from '#engine/go/scoring.ts';
import type { IllegalReason, Move } from '#engine/go/view.ts';
import { startOf, stonesOf, type GameMoves, type GameStart } from './game-record.ts';

/** Rules may differ between who recorded a game and who reads it: moves illegal for these reasons are played all the same. */
const TOLERATED: readonly (IllegalReason | null)[] = ['ko', 'superko', 'suicide'];

export type TolerantPlay = {
  readonly position: Position;
  /** Where the rules forbid the move: the game without most of its past that leads to `position`. */
  readonly restart: GameMoves | null;
};

/**
 * Plays for either colour, and on after two passes; null where the move is none under any rules. Of a game that ko or
 * superko forbids to go on the board before the move stays known: the move may begin a ko itself.
 */
export function playTolerantly(from: Position, move: Move, color: Color): TolerantPlay | null {
  const before = from.isOver ? from.resume() : from;
  const played = before.play(move, color);
  if (played.ok) return { position: played.position, restart: null };
  if (!TOLERATED.includes(played.reason)) return null;
  const board = before.board.clone();
  board.play(move, color);
  // The suicide of a single stone leaves nothing of it: that is no move under any rules.
  if (board.hashHi === before.board.hashHi && board.hashLo === before.board.hashLo) return null;
  const start = startAt(before.board, before, color, before.moveNumber);
  const again = startOf(start).play(move, color);
  if (again.ok) return { position: again.position, restart: { ...start, moves: [{ color, move }] } };
  // What is left is suicide.
  const after = startAt(board, before, opponent(color), before.moveNumber + 1);
  return { position: startOf(after), restart: { ...after, moves: [] } };
}

/** A game that goes on from the stones of `board`; what the past was worth to White is in its komi. */
function startAt(board: Board, { rules, handicap }: Position, toPlay: Color, movesBefore: number): GameStart {
  const { width, height, captures } = board;
  const prisoners = rules.scoring === 'territory' ? captures[WHITE] - captures[BLACK] : 0;
  return {
    width,
    height,
    toPlay,
    movesBefore,
    handicap,
    setup: { black: stonesOf(board, BLACK), white: stonesOf(board, WHITE) },
    rules: { ...rules, handicapBonus: 'none', komi: whiteBonus(rules, handicap) + prisoners },
  };
}

/** Of stones that are set up those of Black alone are a handicap, as KataGo reads it, whatever a record says. */
export function setupHandicap({ black, white }: GameStart['setup']): number {
  return white.length === 0 && black.length > 1 ? black.length : 0;
}

/**
 * Black stones that were played one after the other before White's first move: a handicap, as KataGo reads it. Where
 * two stones of White follow one after the other too, moves have set up a position, and nothing is a handicap.
 */
export function freeHandicap(game: GameMoves): number {
  if (game.setup.black.length + game.setup.white.length > 0) return 0;
  const area = game.width * game.height;
  const points = new Set<Move>();
  for (const { color, move } of game.moves) {
    // A stone on the last empty point captures, and is no handicap.
    if (color !== BLACK || move === area || points.has(move) || points.size === area - 1) break;
    points.add(move);
  }
  const next = game.moves.slice(points.size, points.size + 2);
  const isSetUp = next.length === 2 && next.every(({ color, move }) => color === WHITE && move !== area);
  return points.size < 2 || isSetUp ? 0 : points.size;
}

/** The same game with its first `count` moves as handicap stones. */
export function withHandicap(game: GameMoves, count: number): GameMoves {
  if (count < 2) return game;
  const black = game.moves.slice(0, count).map(({ move }) => move);
  return {
    ...game,
    handicap: count,
    setup: { black, white: [] },
    toPlay: WHITE,
    moves: game.moves.slice(count),
  };
}
