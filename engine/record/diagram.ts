/** Boards as text diagrams: X black, O white, . empty, with an optional ring around the last move. */
import { BLACK, EMPTY, WHITE } from '#engine/go/color.ts';
import type { Move } from '#engine/go/view.ts';
import { formatMove } from './coordinates.ts';

export type Diagram = {
  readonly width: number;
  readonly height: number;
  /** [width * height], 0 empty, 1 black, 2 white; the top row first. */
  readonly stones: Uint8Array;
};

/**
 * Reads rows of `.`, `X` and `O`, the top row first; spaces, coordinates around the rows, rings and `+` (a star point)
 * are accepted, so that `formatDiagram` and GTP programs' `showboard` read back.
 * Throws where rows differ in length: diagrams are written by programmers and programs.
 */
export function parseDiagram(text: string): Diagram {
  const rows = text
    .split('\n')
    .map((line) => line.replace(/[\s\d()]/g, ''))
    .filter((line) => /^[.+XO]+$/.test(line));
  const width = rows[0]?.length ?? 0;
  if (width === 0 || rows.some((row) => row.length !== width))
    throw new Error(
      `internal: a diagram needs rows of one length of ".", "X" and "O", but this was given:\n${text}`,
    );
  const points = rows.join('').split('');
  const stones = Uint8Array.from(points, (c) => (c === 'X' ? BLACK : c === 'O' ? WHITE : EMPTY));
  return { width, height: rows.length, stones };
}

/** Draws a board with coordinates; the last move stands in parentheses. */
export function formatDiagram(board: Diagram, lastMove: Move = -1): string {
  const { width, height, stones } = board;
  const columns = Array.from({ length: width }, (_, x) => formatMove(x, width, height)[0]);
  const header = `    ${columns.join(' ')}`;
  const rows = Array.from({ length: height }, (_, y) => {
    let row = `${height - y}`.padStart(3);
    for (let x = 0; x < width; x++) {
      const point = y * width + x;
      const before = point === lastMove ? '(' : x > 0 && point - 1 === lastMove ? ')' : ' ';
      row += before + '.XO'[stones[point]];
    }
    const after = y * width + width - 1 === lastMove ? ')' : ' ';
    return `${row}${after}${height - y}`;
  });
  return [header, ...rows, header].join('\n');
}
