/** Ladder reading: can a chain of one or two liberties be captured by a row of ataris? */
import type { Board } from './board.ts';
import { EMPTY, opponent } from './color.ts';
import type { Color } from './color.ts';

/** KataGo's budget of moves tried for one ladder; beyond it the chain counts as not captured. */
const NODE_LIMIT = 25_000;

type Reading = { board: Board; target: number; defender: Color; nodesLeft: number };

function libertyPoints(board: Board, chainPoint: number): number[] {
  const points = new Set<number>();
  for (const p of board.chainStones(chainPoint))
    for (const q of board.neighbors.subarray(4 * p, 4 * p + 4)) {
      if (q < 0) break;
      if (board.stones[q] === EMPTY) points.add(q);
    }
  return [...points];
}

/** Liberties of the chain, and the points that capture a neighbouring chain in atari. */
function defences(board: Board, chainPoint: number): number[] {
  const moves = new Set<number>();
  const attacker = opponent(board.stones[chainPoint] as Color);
  for (const p of board.chainStones(chainPoint))
    for (const q of board.neighbors.subarray(4 * p, 4 * p + 4)) {
      if (q < 0) break;
      if (board.stones[q] === attacker && board.liberties(q) === 1) moves.add(libertyPoints(board, q)[0]);
    }
  for (const p of libertyPoints(board, chainPoint)) moves.add(p);
  return [...moves];
}

/** With the defender to move on a chain in atari. */
function escapes(reading: Reading): boolean {
  const { board, target, defender } = reading;
  for (const move of defences(board, target)) {
    if (!board.isLegal(move, defender, false)) continue;
    if (reading.nodesLeft-- <= 0) return true;
    board.play(move, defender);
    const liberties = board.liberties(target);
    const safe = liberties >= 3 || (liberties === 2 && !captures(reading));
    board.undo();
    if (safe) return true;
  }
  return false;
}

/** With the attacker to move on a chain of two liberties. */
function captures(reading: Reading): boolean {
  return libertyPoints(reading.board, reading.target).some((move) => attackWorks(reading, move));
}

function attackWorks(reading: Reading, move: number): boolean {
  const { board, defender } = reading;
  if (!board.isLegal(move, opponent(defender), false) || reading.nodesLeft-- <= 0) return false;
  board.play(move, opponent(defender));
  // A ko left by the attacker counts as the defender's escape: the outcome would hang on threats.
  const works = board.koPoint < 0 && !escapes(reading);
  board.undo();
  return works;
}

function startReading(board: Board, chainPoint: number, nodeLimit: number): Reading {
  const copy = board.clone();
  copy.koPoint = -1;
  return {
    board: copy,
    target: chainPoint,
    defender: board.stones[chainPoint] as Color,
    nodesLeft: nodeLimit,
  };
}

/**
 * Whether the chain at `chainPoint` falls to a ladder: in atari with its owner to move, or with two liberties
 * and the opponent to move. Chains with more liberties, and empty points, never do.
 */
export function isLadderCaptured(board: Board, chainPoint: number, nodeLimit: number = NODE_LIMIT): boolean {
  const liberties = board.liberties(chainPoint);
  if (liberties === 1) return !escapes(startReading(board, chainPoint, nodeLimit));
  return liberties === 2 && captures(startReading(board, chainPoint, nodeLimit));
}

/** The liberties at which the opponent of a two-liberty chain starts a working ladder; else empty. */
export function ladderAttackMoves(
  board: Board,
  chainPoint: number,
  nodeLimit: number = NODE_LIMIT,
): number[] {
  if (board.liberties(chainPoint) !== 2) return [];
  const reading = startReading(board, chainPoint, nodeLimit);
  return libertyPoints(board, chainPoint).filter((move) => attackWorks(reading, move));
}
