/** Ladder reading: can a chain of one or two liberties be captured by a row of ataris? */
import type { Board } from './board.ts';
import { opponent } from './color.ts';
import type { Color } from './color.ts';

/** KataGo's budget of moves tried for one ladder; beyond it the chain counts as not captured. */
const NODE_LIMIT = 25_000;

/**
 * Reads ladders of one position. Every question starts from the board as it was given, which is not touched.
 * Ladders as KataGo reads them: the defender extends or captures; the attacker fills one of two liberties.
 */
export class LadderReader {
  private readonly board: Board;
  private readonly nodeLimit: number;
  private nodesLeft = 0;

  constructor(board: Board, nodeLimit: number = NODE_LIMIT) {
    this.board = board.clone();
    this.nodeLimit = nodeLimit;
  }

  /**
   * Whether the chain at `point` falls to a ladder: in atari with its owner to move, or with two liberties and the
   * opponent to move. Chains with more liberties, and empty points, never do.
   */
  isCaptured(point: number): boolean {
    const liberties = this.board.liberties(point);
    if (liberties === 0 || liberties > 2) return false;
    this.start();
    return liberties === 1 ? !this.escapes(point) : this.captures(point);
  }

  /** The liberties at which the opponent of a two-liberty chain starts a working ladder; else empty. */
  attackMoves(point: number): number[] {
    if (this.board.liberties(point) !== 2) return [];
    this.start();
    return this.board.libertyPoints(point).filter((move) => this.attackWorks(point, move));
  }

  private start(): void {
    this.nodesLeft = this.nodeLimit;
    // The ko of the real game is no part of the question.
    this.board.koPoint = -1;
  }

  /** With the defender to move on a chain in atari. */
  private escapes(target: number): boolean {
    const { board } = this;
    const defender = board.stones[target] as Color;
    for (const move of this.defences(target)) {
      if (!board.isLegal(move, defender, false)) continue;
      if (this.nodesLeft-- <= 0) return true;
      board.play(move, defender);
      const liberties = board.liberties(target);
      const safe = liberties >= 3 || (liberties === 2 && !this.captures(target));
      board.undo();
      if (safe) return true;
    }
    return false;
  }

  /** Points that capture a neighbouring chain in atari, then the chain's own liberties. */
  private defences(target: number): number[] {
    const { board } = this;
    const attacker = opponent(board.stones[target] as Color);
    const moves: number[] = [];
    const add = (move: number): void => {
      if (!moves.includes(move)) moves.push(move);
    };
    for (const p of board.chainStones(target))
      for (let n = 4 * p; n < 4 * p + 4; n++) {
        const q = board.neighbors[n];
        if (q < 0) break;
        if (board.stones[q] === attacker && board.liberties(q) === 1) add(board.libertyPoints(q)[0]);
      }
    for (const p of board.libertyPoints(target)) add(p);
    return moves;
  }

  /** With the attacker to move on a chain of two liberties. */
  private captures(target: number): boolean {
    return this.board.libertyPoints(target).some((move) => this.attackWorks(target, move));
  }

  private attackWorks(target: number, move: number): boolean {
    const { board } = this;
    const attacker = opponent(board.stones[target] as Color);
    if (!board.isLegal(move, attacker, false) || this.nodesLeft-- <= 0) return false;
    board.play(move, attacker);
    // A ko left by the attacker counts as the defender's escape: the outcome would hang on threats.
    const works = board.koPoint < 0 && !this.escapes(target);
    board.undo();
    return works;
  }
}
