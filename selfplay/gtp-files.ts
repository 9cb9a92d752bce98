/** Games of the GTP engine from SGF files and to them. */
import { readFile, stat } from 'node:fs/promises';
import type { Rules } from '#engine/go/rules.ts';
import { parseSgf } from '#engine/record/sgf.ts';
import { gameFromSgf } from '#engine/record/sgf-game.ts';
import { setupHandicap } from '#engine/record/tolerant-game.ts';
import { writeFileAtomically } from '#nets/atomic-file.ts';
import { GtpGame } from './gtp-game.ts';

export type LoadedGame =
  { readonly ok: true; readonly game: GtpGame } | { readonly ok: false; readonly message: string };

/** A record of 25x25 with every move commented is far smaller. */
const MAX_FILE_BYTES = 2 * 2 ** 20;

/**
 * The first game of `file` up to the position before move `before`, which counts from 1.
 * @param rules those of the session, for what the file does not say.
 */
export async function loadGame(file: string, before: number, rules: Rules): Promise<LoadedGame> {
  const fail = (why: string): LoadedGame => ({ ok: false, message: `cannot load file: ${file}${why}` });
  let bytes: Uint8Array;
  try {
    const found = await stat(file);
    if (!found.isFile()) return fail(' is not a file');
    if (found.size > MAX_FILE_BYTES) return fail(' is larger than 2 MiB');
    bytes = await readFile(file);
  } catch (error) {
    return fail(` cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
  const parsed = parseSgf(bytes);
  if (!parsed.ok) return fail(`, line ${parsed.line}, column ${parsed.column}: ${parsed.message}`);
  const record = gameFromSgf(parsed.games[0], rules);
  if (!record.ok) return fail(`: ${record.message}`);
  let game: GtpGame;
  try {
    game = new GtpGame({ ...record.value, handicap: setupHandicap(record.value.setup) });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return fail(`: ${error.message}`);
  }
  for (const [index, { color, move }] of record.value.moves.entries()) {
    if (index + 1 >= before) break;
    if (!game.play(color, move)) return fail(`: move ${index + 1} is illegal`);
  }
  return { ok: true, game };
}

/** Why `file` cannot be written, or null once it is. */
export function saveText(file: string, text: string): string | null {
  try {
    writeFileAtomically(file, Buffer.from(text));
    return null;
  } catch (error) {
    // What has no code is a folder or a device in its place.
    return `cannot write file: ${file} (${(error as NodeJS.ErrnoException).code ?? 'this is not a file'})`;
  }
}
