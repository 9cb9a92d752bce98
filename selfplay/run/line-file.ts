/** Reads a file of JSON lines that another process appends to: piece by piece, from where the reader was before. */
import { crc32 } from 'node:zlib';
import type { z } from 'zod';
import { openPlainFile, readBytes } from './plain-file.ts';

/** Read at once: some milliseconds of parsing, so that a server has time for others. */
const PIECE_BYTES = 256 * 1024;
/** As many bytes before the reader's place tell whether the file is still the one that was read. */
const MARK_BYTES = 64;

export type LinePage<T> = {
  readonly rows: T[];
  /** Where to go on; opaque. */
  readonly cursor: string;
  /** Whether the file is another than the one that was read, so that what was read before is void. */
  readonly restarted: boolean;
  /** Whether there is more to read at once. */
  readonly more: boolean;
  /** Lines that are not what they should be, which are left out. */
  readonly damaged: number;
};

export type LineOptions = { readonly pieceBytes?: number };

/** A cursor is "OFFSET-CRC": bytes read, and the CRC-32 in hexadecimal of the last of them. */
function parseCursor(cursor: string | null): { offset: number; mark: string } {
  const match = /^(\d{1,15})-([0-9a-f]{1,8})$/.exec(cursor ?? '');
  return match === null ? { offset: 0, mark: '0' } : { offset: Number(match[1]), mark: match[2] };
}

const markOf = (bytes: Uint8Array): string => crc32(bytes.subarray(-MARK_BYTES)).toString(16);

function parseLine<T>(line: string, schema: z.ZodType<T>): T | null {
  try {
    const parsed = schema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/**
 * The next lines after `cursor`, or the first ones for null. A last line without its end is left for later: it is being
 * written, or was torn by a crash. A file that is not there is empty.
 */
export async function readLines<T>(
  path: string,
  schema: z.ZodType<T>,
  cursor: string | null,
  { pieceBytes = PIECE_BYTES }: LineOptions = {},
): Promise<LinePage<T>> {
  const place = parseCursor(cursor);
  const nothing = { rows: [], cursor: '0-0', restarted: place.offset > 0, more: false, damaged: 0 };
  const opened = await openPlainFile(path);
  if (opened === null) return nothing;
  const { handle, size } = opened;
  try {
    let { offset } = place;
    let before = Math.min(MARK_BYTES, offset);
    let bytes =
      offset > size ? Buffer.alloc(0) : await readBytes(handle, offset - before, before + pieceBytes);
    const restarted = offset > 0 && (offset > size || markOf(bytes.subarray(0, before)) !== place.mark);
    if (restarted) {
      offset = 0;
      before = 0;
      bytes = await readBytes(handle, 0, pieceBytes);
    }
    const piece = bytes.subarray(before);
    const lastEnd = piece.lastIndexOf(0x0a);
    // A line longer than a piece is none of ours; what follows of it fails to parse.
    const read = lastEnd < 0 ? (piece.length === pieceBytes ? pieceBytes : 0) : lastEnd + 1;
    const lines = piece.toString('utf8', 0, read).split('\n');
    const parsed = lines.filter((line) => line.trim() !== '').map((line) => parseLine(line, schema));
    const rows = parsed.filter((row) => row !== null);
    return {
      rows,
      cursor: `${offset + read}-${markOf(bytes.subarray(0, before + read))}`,
      restarted,
      more: read > 0 && offset + piece.length < size,
      damaged: parsed.length - rows.length,
    };
  } finally {
    await handle.close();
  }
}

/** All lines of a file, in memory. */
export async function readAllLines<T>(
  path: string,
  schema: z.ZodType<T>,
): Promise<{ rows: T[]; damaged: number }> {
  const rows: T[] = [];
  let damaged = 0;
  let cursor: string | null = null;
  for (let more = true; more;) {
    const page: LinePage<T> = await readLines(path, schema, cursor);
    if (page.restarted) rows.length = damaged = 0;
    for (const row of page.rows) rows.push(row);
    damaged += page.damaged;
    ({ cursor, more } = page);
  }
  return { rows, damaged };
}

/** The last whole line of a file that can be read, looked for in its last `pieceBytes`; null where there is none. */
export async function readLastLine<T>(
  path: string,
  schema: z.ZodType<T>,
  { pieceBytes = 16 * 1024 }: LineOptions = {},
): Promise<T | null> {
  const opened = await openPlainFile(path);
  if (opened === null) return null;
  const { handle, size } = opened;
  try {
    const bytes = await readBytes(handle, Math.max(0, size - pieceBytes), pieceBytes);
    const lines = bytes.toString('utf8').split('\n').slice(0, -1);
    for (const line of lines.toReversed()) {
      const row = parseLine(line, schema);
      if (row !== null) return row;
    }
    return null;
  } finally {
    await handle.close();
  }
}
