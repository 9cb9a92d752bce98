/** The games up to the turns of an analysis query, read as tolerantly as KataGo reads them. */
import { BLACK, WHITE, opponent } from '#engine/go/color.ts';
import type { Board } from '#engine/go/board.ts';
import type { Position } from '#engine/go/position.ts';
import { whiteBonus } from '#engine/go/scoring.ts';
import type { IllegalReason } from '#engine/go/view.ts';
import { formatMove } from './coordinates.ts';
import { startOf, stonesOf, type GameMoves, type GameStart } from './game-record.ts';

/** A game whose moves are all legal; the side to move is the opponent of who moved last. */
export type AnalysisGame = GameMoves;

export type GamesAt =
  | { readonly ok: true; readonly games: readonly AnalysisGame[] }
  | { readonly ok: false; readonly field: 'moves' | 'initialStones'; readonly message: string };

/** Rules may differ between who recorded a game and who asks: moves illegal for these reasons are played all the same. */
const TOLERATED: readonly IllegalReason[] = ['ko', 'superko', 'suicide'];

/** Black stones that were played one after the other before White's first move: a handicap, as KataGo reads it. */
function freeHandicap(game: GameMoves): number {
  if (game.setup.black.length + game.setup.white.length > 0) return 0;
  const points = new Set<number>();
  for (const { color, move } of game.moves) {
    if (color !== BLACK || move === game.width * game.height || points.has(move)) break;
    points.add(move);
  }
  return points.size < 2 ? 0 : points.size;
}

/** The same game with its first `count` moves as handicap stones. */
function withHandicap(game: GameMoves, count: number): GameMoves {
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

/** A game that begins with the stones of `board`; what the past was worth to White is in its komi. */
function startAt(board: Board, { rules, handicap }: Position, toPlay: 1 | 2): GameStart {
  const { width, height, captures } = board;
  const prisoners = rules.scoring === 'territory' ? captures[WHITE] - captures[BLACK] : 0;
  return {
    width,
    height,
    toPlay,
    handicap: 0,
    setup: { black: stonesOf(board, BLACK), white: stonesOf(board, WHITE) },
    rules: { ...rules, handicapBonus: 'none', komi: whiteBonus(rules, handicap) + prisoners },
  };
}

/**
 * The game as it was after each of `turns` moves. A move that only ko, superko or the ban on suicide forbids is played,
 * and what follows is then a game that begins with the stones after it.
 * @param turns numbers of moves, ascending, each from 0 to the moves of the game.
 */
export function gamesAt(game: GameMoves, turns: readonly number[]): GamesAt {
  const { width, height } = game;
  const given = freeHandicap(game);
  const games = turns
    .filter((turn) => turn < given)
    .map((turn) => withHandicap({ ...game, moves: game.moves.slice(0, turn) }, turn));
  const { moves: rest, ...begun } = withHandicap(game, given);
  let start: GameStart = begun;
  let position: Position;
  try {
    position = startOf(start);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { ok: false, field: 'initialStones', message: `Illegal initial stones: ${error.message}` };
  }
  let moves: GameMoves['moves'][number][] = [];
  for (let turn = given; ; turn++) {
    if (games.length < turns.length && turns[games.length] === turn)
      games.push({ ...start, moves: [...moves] });
    if (turn === game.moves.length) break;
    const { color, move } = rest[turn - given];
    if (position.isOver) position = position.resume();
    const played = position.play(move, color);
    if (played.ok) {
      position = played.position;
      moves.push({ color, move });
      continue;
    }
    const board = position.board.clone();
    const tolerated = TOLERATED.includes(played.reason);
    if (tolerated) board.play(move, color);
    // The suicide of a single stone leaves nothing of it: that is no move under any rules.
    if (!tolerated || (played.reason === 'suicide' && samePosition(board, position.board)))
      return {
        ok: false,
        field: 'moves',
        message: `Illegal move ${turn}: ${formatMove(move, width, height)}`,
      };
    start = startAt(board, position, opponent(color));
    moves = [];
    position = startOf(start);
  }
  return { ok: true, games };
}

function samePosition(a: Board, b: Board): boolean {
  return a.hashHi === b.hashHi && a.hashLo === b.hashLo;
}
