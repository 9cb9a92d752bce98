/** One game between two players, to its scored end. */
import { BLACK, WHITE, opponent } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import type { Rng } from '#engine/go/random.ts';
import type { Rules } from '#engine/go/rules.ts';
import type { Move } from '#engine/go/view.ts';
import { formatScore, formatWin } from '#engine/record/result.ts';
import { scorePosition } from '#engine/go/scoring.ts';
import { deadStones } from '#engine/search/dead-stones.ts';
import { OWNERSHIP_PLAYOUTS, playOut } from '#engine/search/playout-evaluator.ts';
import { IllegalMoveError } from './illegal-move.ts';
import { randomMove } from './open-player.ts';
import type { Player, PlayerMove } from './player.ts';

export type GameOptions = {
  readonly width: number;
  readonly height: number;
  readonly rules: Rules;
  /** Random moves before the players take over. */
  readonly openingPlies?: number;
  /** What the players draw from. */
  readonly rng: Rng;
  /** Draws the opening. */
  readonly openingRng: Rng;
  /** Moves after which the board is counted as it stands. Default three times the points. */
  readonly moveLimit?: number;
  readonly budgetMs?: number;
  readonly signal?: AbortSignal;
  readonly gameId?: string;
  /** Told after each move of all moves so far, and of the win rate of Black as the last search saw it; a half before any. */
  readonly onMove?: (moves: Move[], winrateBlack: number) => void;
};

export type PlayedGame = {
  readonly position: Position;
  readonly moves: readonly { readonly color: Color; readonly move: Move }[];
  /** 0 for a draw. */
  readonly winner: 0 | Color;
  /** In points with komi; null where the game was not counted. */
  readonly scoreBlack: number | null;
  readonly end: 'passes' | 'move-limit' | 'resignation' | 'illegal-move';
  /** As SGF writes it: "B+3.5", "W+R", "B+F", "0". */
  readonly result: string;
};

/** Rejects where a player fails or the signal aborts; an illegal move loses. */
export async function playGame(black: Player, white: Player, options: GameOptions): Promise<PlayedGame> {
  const { width, height, rules, openingRng, openingPlies = 0, moveLimit = 3 * width * height } = options;
  let position = Position.start({ width, height, rules });
  const moves: { color: Color; move: Move }[] = [];
  let winrateBlack = 0.5;
  const lostBy = (loser: Color, end: 'resignation' | 'illegal-move'): PlayedGame => {
    const winner = opponent(loser);
    const result = formatWin(winner, end === 'resignation' ? 'R' : 'F');
    return { position, moves, winner, scoreBlack: null, end, result };
  };
  while (!position.isOver && moves.length < moveLimit) {
    options.signal?.throwIfAborted();
    const color = position.toPlay;
    const { move, stats }: Answer =
      moves.length < openingPlies
        ? { move: randomMove(position, openingRng) }
        : await askFor(color === BLACK ? black : white, position, options);
    winrateBlack = stats?.winrateBlack ?? winrateBlack;
    if (move === 'resign') return lostBy(color, 'resignation');
    const played = move === 'illegal' ? null : position.play(move);
    if (move === 'illegal' || !played?.ok) return lostBy(color, 'illegal-move');
    moves.push({ color, move });
    position = played.position;
    options.onMove?.(
      moves.map((ply) => ply.move),
      winrateBlack,
    );
  }
  const scoreBlack = countEnd(position);
  const winner = scoreBlack === 0 ? 0 : scoreBlack > 0 ? BLACK : WHITE;
  const end = position.isOver ? 'passes' : 'move-limit';
  return { position, moves, winner, scoreBlack, end, result: formatScore(scoreBlack) };
}

/**
 * Black's score at the end of a game between programs. Under area rules every stone counts as it stands, since capturing
 * costs nothing; under territory rules playouts say which stones are dead, as neither player is asked.
 */
function countEnd(position: Position): number {
  if (position.rules.scoring === 'area') return scorePosition(position).scoreBlack;
  const { ownershipBlack } = playOut(position, OWNERSHIP_PLAYOUTS, position.moveNumber);
  return scorePosition(position, deadStones(position, ownershipBlack)).scoreBlack;
}

type Answer = Omit<PlayerMove, 'move'> & { readonly move: PlayerMove['move'] | 'illegal' };

async function askFor(player: Player, position: Position, options: GameOptions): Promise<Answer> {
  const { rng, budgetMs, signal, gameId } = options;
  try {
    return await player.genMove(position, {
      rng,
      ...(budgetMs === undefined ? {} : { budgetMs }),
      ...(signal === undefined ? {} : { signal }),
      ...(gameId === undefined ? {} : { gameId }),
    });
  } catch (error) {
    if (error instanceof IllegalMoveError) return { move: 'illegal' };
    throw error;
  }
}
