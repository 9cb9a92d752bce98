/** What the page opens of a file of game records: the first game, and sentences about what it leaves out. */
import { filledLines, isGameLine } from '../../../engine/record/record-lines.ts';
import { mainLine, parseSgf } from '../../../engine/record/sgf.ts';

export type OpenedRecord = {
  /** SGF of the game, and maybe of others after it. */
  readonly text: string;
  /** "This is the first of 20 games. Variations are left out.", or null where nothing is. */
  readonly leftOut: string | null;
};

/** @param file text of one SGF file, or of a collection with a game a line, which may be too large to be parsed as a whole. */
export function openRecord(file: string): OpenedRecord {
  const lines = filledLines(file);
  const isCollection = lines.length > 1 && lines.every(isGameLine);
  const text = isCollection ? lines[0] : file;
  const parsed = parseSgf(text);
  // The server says why.
  if (!parsed.ok) return { text, leftOut: null };
  const count = isCollection ? lines.length : parsed.games.length;
  const nodes = parsed.games.slice(0, 1).flatMap((game) => [...mainLine(game)]);
  const lost = [
    ...(nodes.some(({ children }) => children.length > 1) ? ['variations'] : []),
    // The first one is kept with the game.
    ...(nodes.slice(1).some(({ properties }) => properties.has('C')) ? ['comments'] : []),
  ].join(' and ');
  const said = [
    ...(count > 1 ? [`This is the first of ${count.toLocaleString('en')} games.`] : []),
    ...(lost === '' ? [] : [`${lost.charAt(0).toUpperCase()}${lost.slice(1)} are left out.`]),
  ].join(' ');
  return { text, leftOut: said === '' ? null : said };
}
