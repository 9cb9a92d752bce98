/** Finds and reads files of game records: one SGF a line, plain or gzipped, or a whole SGF file, or folders of these. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { filledLines, isGameLine } from '#engine/record/record-lines.ts';
import { parseSgf } from '#engine/record/sgf.ts';

/** One file's records as texts, each one SGF game tree. */
export type GameFile = { readonly path: string; readonly records: readonly string[] };

export type GameFilesResult =
  | { readonly ok: true; readonly files: readonly GameFile[] }
  | { readonly ok: false; readonly message: string };

const GAME_FILE = /\.sgfs?(\.gz)?$/i;

/** Largest text of one file after decompression; a guard against bombs, far above any real collection. */
const MAX_TEXT_BYTES = 1 << 30;

/**
 * Reads every file named by `paths`; a folder stands for the game files in it and below, in name order.
 * @returns the files with their records, or one sentence that names the file at fault.
 */
export function readGameFiles(paths: readonly string[]): GameFilesResult {
  const files: GameFile[] = [];
  for (const path of paths) {
    const found = listGameFiles(path);
    if (!found.ok) return found;
    if (found.paths.length === 0)
      return { ok: false, message: `${path} holds no game files (.sgf, .sgfs or .sgfs.gz).` };
    for (const file of found.paths) {
      const read = readGameFile(file);
      if (!read.ok) return read;
      files.push(read.file);
    }
  }
  return { ok: true, files };
}

type Listing = { ok: true; paths: string[] } | { ok: false; message: string };

function listGameFiles(path: string): Listing {
  try {
    if (!statSync(path).isDirectory()) return { ok: true, paths: [path] };
    const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) =>
      GAME_FILE.test(name),
    );
    return { ok: true, paths: names.toSorted().map((name) => join(path, name)) };
  } catch (error) {
    return { ok: false, message: `Cannot read the games in ${path}: ${reasonOf(error)}.` };
  }
}

function readGameFile(path: string): { ok: true; file: GameFile } | { ok: false; message: string } {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return { ok: false, message: `Cannot read the games in ${path}: ${reasonOf(error)}.` };
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      bytes = gunzipSync(bytes, { maxOutputLength: MAX_TEXT_BYTES });
    } catch {
      return { ok: false, message: `${path} is gzipped but damaged or cut short; copy it again.` };
    }
  }
  const records = splitRecords(new TextDecoder().decode(bytes));
  if (records.length === 0) return { ok: false, message: `${path} holds no SGF game.` };
  return { ok: true, file: { path, records } };
}

/**
 * One record a line where every filled line is a whole game, or most are and the text can be read in no other way; otherwise
 * the whole text is one SGF collection.
 */
function splitRecords(text: string): string[] {
  const lines = filledLines(text);
  const games = lines.filter(isGameLine).length;
  if (games === lines.length || (games > lines.length / 2 && !parseSgf(text).ok)) return lines;
  return text.includes('(;') ? [text] : [];
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES') return 'no permission to read it';
  return error instanceof Error ? error.message : String(error);
}
