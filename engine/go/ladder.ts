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
 * Moves tried for all ladders of a board; of those that are left then none captures. Our choice: random games on 19x19 need
 * 12,000 at most, and rows of single stones, which nobody plays but may be asked about, many millions.
 */
const BOARD_NODE_LIMIT = 50_000;

/** KataGo's limit on the moves of a ladder, in points of the board; no ladder without ko is as long. */
const LONGEST = 2;

/** Liberties with which a chain has escaped. */
const ENOUGH = 3;

/**
 * Reads ladders as KataGo does. The defender extends or captures, the attacker fills one of two liberties; neither may
 * commit suicide. A ko that the attacker leaves on the way counts as the defender's escape, since the outcome hangs
 * on threats; one that is there at the start bans the attacker's first move, but not the defender's.
 */
export class LadderReader {
  private readonly board: Board;
  private nodesLeft = 0;
  private boardNodesLeft = 0;
  /** Moves under consideration, those of each level of the reading behind those of the level before. */
  private readonly moves: Int16Array;
  /** Scratch of `libertiesAfter`: what it has found, and behind that the liberties of one chain. */
  private readonly found = new Int16Array(2 * ENOUGH + 1);
  private foundCount = 0;

  /** For boards of this size. */
  constructor(width: number, height: number) {
    this.board = new Board(width, height);
    this.moves = new Int16Array(4 * LONGEST * this.board.area);
  }

  /**
   * All ladders of a board: chains in atari with their owner to move, chains of two liberties with the opponent to move.
   * @param flags uint8 [area], written: `LADDERED` on stones, `ladderAttackOn` their colour on empty points.
   */
  read(board: Board, flags: Uint8Array): void {
    flags.fill(0);
    this.boardNodesLeft = BOARD_NODE_LIMIT;
    let isCopied = false;
    for (let p = 0; p < board.area; p++) {
      if (board.stones[p] === EMPTY || board.chainId(p) !== p || board.liberties(p) > 2) continue;
      if (!isCopied) this.board.copyFrom(board);
      isCopied = true;
      const falls = board.liberties(p) === 1 ? this.fallsInAtari(p) : this.markAttacks(p, flags);
      if (!falls) continue;
      let q = p;
      do {
        flags[q] |= LADDERED;
        q = board.nextStone(q);
      } while (q !== p);
    }
  }

  private fallsInAtari(target: number): boolean {
    const { board } = this;
    const { koPoint } = board;
    board.koPoint = -1;
    const limit = Math.min(NODE_LIMIT, this.boardNodesLeft);
    this.nodesLeft = limit;
    const falls = this.defenderFails(target, 0, 2);
    this.boardNodesLeft -= limit - Math.max(0, this.nodesLeft);
    board.koPoint = koPoint;
    return falls;
  }

  /** Marks the attacks that work; whether one does. */
  private markAttacks(target: number, flags: Uint8Array): boolean {
    const { board, moves } = this;
    const defender = board.stones[target] as Color;
    const attacker = opponent(defender);
    board.copyLiberties(target, moves, 0);
    let works = false;
    for (let i = 0; i < 2; i++) {
      // Where the other liberty is a way out even after this attack.
      if (this.libertiesAfter(moves[1 - i], defender, moves[i]) >= ENOUGH) continue;
      if (!board.isLegal(moves[i], attacker, false)) continue;
      board.play(moves[i], attacker);
      if (this.fallsInAtari(target)) {
        flags[moves[i]] |= ladderAttackOn(defender);
        works = true;
      }
      board.undo();
    }
    return works;
  }

  /** With the defender to move on a chain in atari. @param from where this level's moves go. */
  private defenderFails(target: number, depth: number, from: number): boolean {
    const { board, moves } = this;
    const defender = board.stones[target] as Color;
    board.copyLiberties(target, moves, from);
    const extended = this.libertiesAfter(moves[from], defender, -1);
    if (extended >= ENOUGH) return false;
    const to = this.addCaptures(target, from + 1);
    // Filling the liberty then leaves the chain in atari or is suicide.
    const isHopeless = extended < 2 && !this.capturesAt(moves[from], opponent(defender));
    for (let i = isHopeless ? from + 1 : from; i < to; i++) {
      if (!board.isLegal(moves[i], defender, false)) continue;
      if (this.nodesLeft-- <= 0) return false;
      board.play(moves[i], defender);
      const liberties = board.liberties(target);
      const falls = liberties < 2 || (liberties === 2 && this.attackerWins(target, depth + 1, to));
      board.undo();
      if (!falls) return false;
    }
    return true;
  }

  /** Points that capture a chain in atari beside the chain at `target`, behind its liberty. @returns their end. */
  private addCaptures(target: number, from: number): number {
    const { board, moves } = this;
    const { stones, neighbors } = board;
    const attacker = opponent(stones[target] as Color);
    let to = from;
    let p = target;
    do {
      for (let n = 4 * p; n < 4 * p + 4; n++) {
        const q = neighbors[n];
        if (q < 0) break;
        if (stones[q] !== attacker || board.liberties(q) !== 1) continue;
        board.copyLiberties(q, moves, to);
        let known = from - 1;
        while (moves[known] !== moves[to]) known++;
        if (known === to) to++;
      }
      p = board.nextStone(p);
    } while (p !== target);
    return to;
  }

  /** With the attacker to move on a chain of two liberties. @param from where this level's moves go. */
  private attackerWins(target: number, depth: number, from: number): boolean {
    const { board, moves } = this;
    // A level has at most a move for each point.
    if (depth >= LONGEST * board.area - 1 || from > moves.length - 2 * board.area) return true;
    const defender = board.stones[target] as Color;
    const attacker = opponent(defender);
    const to = board.copyLiberties(target, moves, from);
    const rooms = [this.emptyBeside(moves[from]), this.emptyBeside(moves[from + 1])];
    if (rooms[0] === 0 && rooms[1] === 0 && this.isDoubleKoDeath(target, from)) return true;
    // The larger room first: the defender must not get it.
    const first = rooms[1] > rooms[0] ? 1 : 0;
    for (let i = 0; i < 2; i++) {
      const move = moves[from + (i ^ first)];
      if (this.libertiesAfter(moves[from + (i ^ first ^ 1)], defender, move) >= ENOUGH) continue;
      if (!board.isLegal(move, attacker, false)) continue;
      if (this.nodesLeft-- <= 0) return false;
      board.play(move, attacker);
      const wins = board.koPoint < 0 && this.defenderFails(target, depth + 1, to);
      board.undo();
      if (wins) return true;
    }
    return false;
  }

  /** Whether a chain of `color` beside the empty `point` is in atari. */
  private capturesAt(point: number, color: Color): boolean {
    const { board } = this;
    const { stones, neighbors } = board;
    for (let n = 4 * point; n < 4 * point + 4; n++) {
      const q = neighbors[n];
      if (q < 0) break;
      if (stones[q] === color && board.liberties(q) === 1) return true;
    }
    return false;
  }

  /**
   * Liberties of the chain that a stone of `color` at the empty `point` would make, `ENOUGH` for any more, if there were
   * none at `taken`; captures, which only add to them, left out.
   */
  private libertiesAfter(point: number, color: Color, taken: number): number {
    const { board, found } = this;
    const { stones, neighbors } = board;
    this.foundCount = 0;
    for (let n = 4 * point; n < 4 * point + 4; n++) {
      const q = neighbors[n];
      if (q < 0) break;
      if (stones[q] === EMPTY) {
        if (q !== taken) this.find(q);
      } else if (stones[q] === color) {
        // Less `point` and `taken`.
        if (board.liberties(q) >= ENOUGH + 2) return ENOUGH;
        const end = board.copyLiberties(q, found, ENOUGH);
        for (let i = ENOUGH; i < end; i++) if (found[i] !== point && found[i] !== taken) this.find(found[i]);
      }
      if (this.foundCount === ENOUGH) return ENOUGH;
    }
    return this.foundCount;
  }

  /** Counts a point once, up to `ENOUGH` points. */
  private find(point: number): void {
    const { found, foundCount } = this;
    if (foundCount === ENOUGH) return;
    for (let i = 0; i < foundCount; i++) if (found[i] === point) return;
    found[this.foundCount++] = point;
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
  private isDoubleKoDeath(target: number, from: number): boolean {
    const [a, b] = [this.moves[from], this.moves[from + 1]];
    return (
      this.isLostKo(target, a) && this.isLostKo(target, b) && this.addCaptures(target, from + 2) === from + 2
    );
  }

  private isLostKo(target: number, point: number): boolean {
    const { board } = this;
    const defender = board.stones[target] as Color;
    const attacker = opponent(defender);
    if (board.isSuicide(point, attacker)) return false;
    board.play(point, attacker);
    const isKo = board.koPoint >= 0;
    board.undo();
    if (!isKo) return false;
    board.play(point, defender);
    const liberties = board.liberties(point);
    board.undo();
    return liberties <= 2;
  }
}
