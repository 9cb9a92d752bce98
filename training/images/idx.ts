/**
 * Reads and writes IDX files of bytes, MNIST's format (LeCun, Cortes and Burges, yann.lecun.com/exdb/mnist): two zero bytes,
 * the type of the values (8 = unsigned byte), the number of dimensions, each of these as a big-endian 32-bit number, the
 * values.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export type IdxArray = { readonly shape: readonly number[]; readonly values: Uint8Array };
export type IdxResult =
  { readonly ok: true; readonly array: IdxArray } | { readonly ok: false; readonly message: string };

const UNSIGNED_BYTE = 8;
/** Largest file after decompression; a guard against bombs, MNIST has 47 MB. */
export const MAX_BYTES = 1 << 30;

/**
 * Reads a file, gzipped or not.
 * @param dimensions how many the array may have; none is 0.
 * @returns the array, or one sentence that begins with the path.
 */
export function readIdx(path: string, dimensions: readonly number[]): IdxResult {
  const fail = (message: string): IdxResult => ({ ok: false, message: `${path}: ${message}` });
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return fail(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      bytes = gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
    } catch {
      return fail('it is gzipped but damaged, cut short or larger than 1 GiB');
    }
  }
  const parsed = parseIdx(bytes, dimensions);
  return typeof parsed === 'string' ? fail(parsed) : { ok: true, array: parsed };
}

/** @returns the array, whose values are those bytes themselves, or what is wrong with them. */
function parseIdx(bytes: Uint8Array, dimensions: readonly number[]): IdxArray | string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0)
    return 'it is not an IDX file (it must begin with two zeros)';
  if (bytes[2] !== UNSIGNED_BYTE)
    return `its values are of type 0x${bytes[2].toString(16).padStart(2, '0')}; only unsigned bytes, 0x08, are read`;
  const rank = bytes[3];
  if (!dimensions.includes(rank)) return `it has ${rank} dimensions, not ${dimensions.join(' or ')}`;
  const start = 4 + 4 * rank;
  if (bytes.length < start) return 'it ends inside its header; it may be cut off';
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  if (shape.includes(0)) return `it holds nothing (its sizes are ${shape.join(' x ')})`;
  const size = shape.reduce((product, side) => product * side, 1);
  const values = new Uint8Array(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  if (values.length < size)
    return `it ends after ${values.length} of ${size} values (${shape.join(' x ')}); it may be cut off`;
  if (values.length > size) return `${values.length - size} bytes follow the last of its ${size} values`;
  return { shape, values };
}

/** The bytes of a file with this array. */
export function makeIdx({ shape, values }: IdxArray): Uint8Array {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt8(UNSIGNED_BYTE, 2);
  header.writeUInt8(shape.length, 3);
  shape.forEach((side, i) => header.writeUInt32BE(side, 4 + 4 * i));
  return Buffer.concat([header, values]);
}
