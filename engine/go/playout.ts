/** Light playouts: uniformly random moves that fill no own eye, to the end of the game. */
import type { Board } from './board.ts';
import { BLACK, EMPTY, WHITE, opponent } from './color.ts';
import type { Color } from './color.ts';
import { isEye } from './eyes.ts';
import type { Rng } from './random.ts';

/**
 * Plays `board` to its end in place and counts stones and eyes.
 * Superko is not watched: a playout that goes on for three times the area is cut and counted as it stands.
 * @returns Black's points less White's, without komi.
 */
export function playout(board: Board, toPlay: Color, rng: Rng): number {
  const { area, stones } = board;
  const empties = new Int16Array(area);
  let count = 0;
  for (let p = 0; p < area; p++) if (stones[p] === EMPTY) empties[count++] = p;
  let color = toPlay;
  let passes = 0;
  for (let ply = 0; ply < 3 * area && passes < 2; ply++) {
    let move = area;
    // Points refused this time are moved behind `open` and stay candidates for later moves.
    for (let open = count; open > 0;) {
      const i = rng.nextInt(open);
      const p = empties[i];
      if (board.isLegal(p, color, false) && !isEye(board, p, color)) {
        move = p;
        empties[i] = empties[--count];
        break;
      }
      open--;
      empties[i] = empties[open];
      empties[open] = p;
    }
    passes = move === area ? passes + 1 : 0;
    if (board.play(move, color) > 0) {
      count = 0;
      for (let p = 0; p < area; p++) if (stones[p] === EMPTY) empties[count++] = p;
    }
    color = opponent(color);
  }
  return finishedScore(board);
}

/** The colour of the stone at `p`, or of all stones beside an empty point; EMPTY where both or none are there. */
export function pointOwner(board: Board, p: number): 0 | Color {
  let seen = board.stones[p];
  if (seen === EMPTY)
    for (let n = 4 * p; n < 4 * p + 4; n++) {
      const q = board.neighbors[n];
      if (q < 0) break;
      seen |= board.stones[q];
    }
  return seen === (BLACK | WHITE) ? EMPTY : (seen as 0 | Color);
}

/** Points by `pointOwner`, Black's less White's. */
function finishedScore(board: Board): number {
  let score = 0;
  for (let p = 0; p < board.area; p++) {
    const owner = pointOwner(board, p);
    if (owner === BLACK) score++;
    else if (owner === WHITE) score--;
  }
  return score;
}
