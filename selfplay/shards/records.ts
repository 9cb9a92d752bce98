/** Games one after the other in a file: a header, then records that each carry a mark, a length and a CRC-32. */
import { crc32 } from 'node:zlib';
import { decodeGame, encodeGame } from './codec.ts';
import type { SelfPlayGame } from './self-play-game.ts';

const HEADER_BYTES = 16;
const RECORD_HEADER_BYTES = 12;
/** The first bytes of every file of games. */
const MAGIC = Buffer.from('TENGAMES');
const VERSION = 1;
/** The first bytes of every record, by which reading goes on after a damaged one. */
const MARK = Buffer.from('game');
/** A record of a 25x25 game of 2,000 moves, all of them searched and with ownership, has about 5 MB. */
const MAX_RECORD_BYTES = 8 * 2 ** 20;
/** After as many marks without a sound record a file is read no further, so that one made for it takes seconds at most. */
const MAX_FAILURES = 100;

/** Games in a file that is still written to. */
export const OPEN_ENDED = 2 ** 32 - 1;

/** @param count games that follow, or `OPEN_ENDED`. */
export function makeHeader(count: number): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(VERSION, 8);
  header.writeUInt32LE(count, 12);
  return header;
}

export function makeRecord(game: SelfPlayGame): Uint8Array {
  const payload = encodeGame(game);
  if (payload.length > MAX_RECORD_BYTES)
    throw new Error(`internal: game ${game.index} takes ${payload.length} bytes`);
  const record = Buffer.alloc(RECORD_HEADER_BYTES + payload.length);
  MARK.copy(record);
  record.writeUInt32LE(payload.length, 4);
  record.writeUInt32LE(crc32(payload), 8);
  record.set(payload, RECORD_HEADER_BYTES);
  return record;
}

export type ReadRecords =
  | {
      readonly ok: true;
      readonly games: SelfPlayGame[];
      /** Games there should be, or `OPEN_ENDED`. */
      readonly count: number;
      /** Bytes until the end of the last sound record. */
      readonly soundBytes: number;
      /** Places between sound records where there are bytes that are none. */
      readonly gaps: number;
    }
  | { readonly ok: false; readonly message: string };

/** The end of the record that begins at `at` and its game; null where there is no sound one. */
function recordAt(file: Buffer, at: number): { readonly end: number; readonly game: SelfPlayGame } | null {
  const start = at + RECORD_HEADER_BYTES;
  if (start > file.length || file.compare(MARK, 0, MARK.length, at, at + MARK.length) !== 0) return null;
  const length = file.readUInt32LE(at + 4);
  if (length > MAX_RECORD_BYTES || start + length > file.length) return null;
  const payload = file.subarray(start, start + length);
  if (crc32(payload) !== file.readUInt32LE(at + 8)) return null;
  const decoded = decodeGame(payload);
  return decoded.ok ? { end: start + length, game: decoded.game } : null;
}

/** The sound games of a file, whatever else is in it; refused only where its header is none of ours. */
export function readRecords(bytes: Uint8Array): ReadRecords {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < HEADER_BYTES || file.compare(MAGIC, 0, MAGIC.length, 0, MAGIC.length) !== 0)
    return { ok: false, message: 'this is not a file of self-play games' };
  const version = file.readUInt32LE(8);
  if (version !== VERSION)
    return { ok: false, message: `its format is version ${version}; this Tengen reads version ${VERSION}` };
  const games: SelfPlayGame[] = [];
  let [soundBytes, gaps, failures] = [HEADER_BYTES, 0, 0];
  for (let at = HEADER_BYTES; at < file.length && failures < MAX_FAILURES;) {
    const record = recordAt(file, at);
    if (record === null) {
      failures++;
      // The length of a damaged record may be what is damaged, so the next mark is looked for.
      const next = file.indexOf(MARK, at + 1);
      at = next === -1 ? file.length : next;
    } else {
      if (at !== soundBytes) gaps++;
      games.push(record.game);
      soundBytes = at = record.end;
    }
  }
  return { ok: true, games, count: file.readUInt32LE(12), soundBytes, gaps };
}
