/** Ladder reading: can a chain of one or two liberties be captured by a row of ataris? */
import { Board } from './board.ts';
import { EMPTY, opponent } from './color.ts';
import type { Color } from './color.ts';

/** Flag of a stone whose chain falls to a ladder. */
export const LADDERED = 1;

/** Flag of an empty point where the opponent of `color` starts a ladder that catches a chain of two liberties. */
export function ladderAttackOn(color: Color): number {
  return 1 << color;
}

/** KataGo's budget of moves tried for one ladder; beyond it the chain counts as not captured. */
const NODE_LIMIT = 25_000;

/**
 * Reads ladders as KataGo does. The defender extends or captures, the attacker fills one of two liberties; neither may
 * commit suicide. A ko that the attacker leaves on the way counts as the defender's escape, since the outcome hangs
 * on threats; one that is there at the start bans the attacker's first move, but not the defender's.
 */
export class LadderReader {
  private readonly board: Board;
  private nodesLeft = 0;

  /** For boards of this size. */
  constructor(width: number, height: number) {
    this.board = new Board(width, height);
  }

  /**
   * All ladders of a board: chains in atari with their owner to move, chains of two liberties with the opponent to move.
   * @param flags uint8 [area], written: `LADDERED` on stones, `ladderAttackOn` their colour on empty points.
   */
  read(board: Board, flags: Uint8Array): void {
    this.board.copyFrom(board);
    flags.fill(0);
    for (let p = 0; p < board.area; p++) {
      if (board.stones[p] === EMPTY || board.chainId(p) !== p) continue;
      const liberties = board.liberties(p);
      const falls = liberties === 1 ? this.fallsInAtari(p) : liberties === 2 && this.markAttacks(p, flags);
      if (falls) for (const q of board.chainStones(p)) flags[q] |= LADDERED;
    }
  }

  private fallsInAtari(target: number): boolean {
    const { board } = this;
    const { koPoint } = board;
    board.koPoint = -1;
    this.nodesLeft = NODE_LIMIT;
    const falls = this.defenderFails(target, 0);
    board.koPoint = koPoint;
    return falls;
  }

  /** Marks the attacks that work; whether one does. */
  private markAttacks(target: number, flags: Uint8Array): boolean {
    const { board } = this;
    const defender = board.stones[target] as Color;
    let works = false;
    for (const move of board.libertyPoints(target)) {
      if (!board.isLegal(move, opponent(defender), false)) continue;
      board.play(move, opponent(defender));
      if (this.fallsInAtari(target)) {
        flags[move] |= ladderAttackOn(defender);
        works = true;
      }
      board.undo();
    }
    return works;
  }

  /** With the defender to move on a chain in atari. */
  private defenderFails(target: number, depth: number): boolean {
    const { board } = this;
    const defender = board.stones[target] as Color;
    for (const move of this.defences(target)) {
      if (!board.isLegal(move, defender, false)) continue;
      if (this.nodesLeft-- <= 0) return false;
      board.play(move, defender);
      const liberties = board.liberties(target);
      const falls = liberties < 2 || (liberties === 2 && this.attackerWins(target, depth + 1));
      board.undo();
      if (!falls) return false;
    }
    return true;
  }

  /** Points that capture a neighbouring chain in atari, then the chain's own liberty. */
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
  private attackerWins(target: number, depth: number): boolean {
    const { board } = this;
    // KataGo's limit; no ladder without ko is that long.
    if (depth >= 2 * board.area - 1) return true;
    const defender = board.stones[target] as Color;
    const attacker = opponent(defender);
    const [a, b] = board.libertyPoints(target);
    const [roomA, roomB] = [this.emptyBeside(a), this.emptyBeside(b)];
    if (roomA === 0 && roomB === 0 && this.isDoubleKoDeath(target, a, b)) return true;
    const areApart = !board.neighbors.subarray(4 * a, 4 * a + 4).includes(b);
    for (const move of [a, b]) {
      // The defender would get three liberties at the other point.
      if (areApart && (move === a ? roomB : roomA) >= 3) continue;
      if (!board.isLegal(move, attacker, false)) continue;
      if (this.nodesLeft-- <= 0) return false;
      board.play(move, attacker);
      const wins = board.koPoint < 0 && this.defenderFails(target, depth + 1);
      board.undo();
      if (wins) return true;
    }
    return false;
  }

  private emptyBeside(point: number): number {
    const { stones, neighbors } = this.board;
    let count = 0;
    for (let n = 4 * point; n < 4 * point + 4; n++) {
      const q = neighbors[n];
      if (q < 0) break;
      if (stones[q] === EMPTY) count++;
    }
    return count;
  }

  /**
   * Whether both liberties are kos that the attacker can take, the defender gains nothing by filling either, and none
   * of the stones around is in atari: the defender cannot win both kos.
   */
  private isDoubleKoDeath(target: number, a: number, b: number): boolean {
    const { board } = this;
    const defender = board.stones[target] as Color;
    const attacker = opponent(defender);
    for (const move of [a, b]) {
      if (!this.takesKo(move, attacker)) return false;
      board.play(move, defender);
      const liberties = board.liberties(move);
      board.undo();
      if (liberties > 2) return false;
    }
    for (const p of board.chainStones(target))
      for (let n = 4 * p; n < 4 * p + 4; n++) {
        const q = board.neighbors[n];
        if (q < 0) break;
        if (board.stones[q] === attacker && board.liberties(q) === 1) return false;
      }
    return true;
  }

  /** Whether a stone of `color` at the empty point would be surrounded and take exactly one stone. */
  private takesKo(point: number, color: Color): boolean {
    const { board } = this;
    const before = board.captures[color];
    if (board.isSuicide(point, color)) return false;
    board.play(point, color);
    const isKo = board.koPoint >= 0 && board.captures[color] === before + 1;
    board.undo();
    return isKo;
  }
}
