/** The games up to the turns of an analysis query, read as tolerantly as KataGo reads them. */
import { WHITE } from '#engine/go/color.ts';
import type { Position } from '#engine/go/position.ts';
import { formatMove } from './coordinates.ts';
import { startOf, type GameMoves, type GameStart } from './game-record.ts';
import { freeHandicap, playTolerantly, withHandicap } from './tolerant-game.ts';

/** A game whose moves are all legal; the side to move is the opponent of who moved last. */
export type AnalysisGame = GameMoves;

export type GamesAt =
  | { readonly ok: true; readonly games: readonly AnalysisGame[] }
  | { readonly ok: false; readonly field: 'moves' | 'initialStones'; readonly message: string };

/**
 * The game as it was after each of `turns` moves. A move that only ko, superko or the ban on suicide forbids is played,
 * and what follows is then a game that begins with the stones before it, or after a suicide.
 * @param turns numbers of moves, ascending, each from 0 to the moves of the game.
 */
export function gamesAt(game: GameMoves, turns: readonly number[]): GamesAt {
  // Only White's second move tells whether the stones before its first are a handicap, which they are until then.
  const begun = game.moves.slice(0, game.moves.findIndex(({ color }) => color === WHITE) + 1);
  const early = turns.filter((turn) => turn <= begun.length);
  const before = gamesWithHandicap({ ...game, moves: begun }, early);
  if (!before.ok) return before;
  const after = gamesWithHandicap(game, turns.slice(early.length));
  return after.ok ? { ok: true, games: [...before.games, ...after.games] } : after;
}

/** The same with what all moves of the game leave as its handicap. */
function gamesWithHandicap(game: GameMoves, turns: readonly number[]): GamesAt {
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
    const played = playTolerantly(position, move, color);
    if (played === null)
      return {
        ok: false,
        field: 'moves',
        message: `Illegal move ${turn}: ${formatMove(move, width, height)}`,
      };
    position = played.position;
    if (played.restart === null) moves.push({ color, move });
    else {
      const { moves: again, ...stones } = played.restart;
      [start, moves] = [stones, [...again]];
    }
  }
  return { ok: true, games };
}
