/** Collections of records with a game a line, as servers publish them. */

/** The lines of a text that are not empty, without the space around them. */
export function filledLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Whether a line looks like a whole game of SGF. */
export const isGameLine = (line: string): boolean => line.startsWith('(;') && line.endsWith(')');
