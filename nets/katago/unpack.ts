/** What a file must be to be read as a KataGo net, and its bytes unzipped. */
import { constants, gunzipSync } from 'node:zlib';

/** Of an unzipped net; KataGo's largest published ones have some 300 MiB. */
const MAX_BYTES = 768 * 2 ** 20;
/** Of a zipped file, to look at how the net in it begins. */
const GLIMPSE = 4096;
/** Deflate makes at most 1032 bytes of one. */
const MAX_GLIMPSE = GLIMPSE * 1032;

const isZipped = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** A name of letters, digits and the like, a version, and the numbers of planes and globals. */
const BEGINNING = /^\s*[\w.+-]{1,96}\s+\d{1,4}\s+\d{1,4}\s+\d{1,4}\s/;

const beginsLikeNet = (bytes: Uint8Array): boolean =>
  BEGINNING.test(Buffer.from(bytes.subarray(0, 256)).toString('latin1'));

/** Whether bytes that are no net file of Tengen's should be read as KataGo's. */
export const looksLikeKataGo = (bytes: Uint8Array): boolean => isZipped(bytes) || beginsLikeNet(bytes);

export type Unpacked = { ok: true; bytes: Uint8Array } | { ok: false; message: string };

/** The bytes of a net, unzipped where they are zipped, and only if they begin like a net. */
export function unpack(bytes: Uint8Array): Unpacked {
  const noNet: Unpacked = {
    ok: false,
    message: 'it does not begin like a KataGo net, at byte 0: the header',
  };
  if (!isZipped(bytes)) return beginsLikeNet(bytes) ? { ok: true, bytes } : noNet;
  try {
    // A glimpse first, so that a file that would unzip to nothing but size is not unzipped.
    const glimpse = gunzipSync(bytes.subarray(0, GLIMPSE), {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: MAX_GLIMPSE,
    });
    if (!beginsLikeNet(glimpse)) return noNet;
    return { ok: true, bytes: gunzipSync(bytes, { maxOutputLength: MAX_BYTES }) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message =
      code === 'ERR_BUFFER_TOO_LARGE'
        ? `unzipped it is larger than ${MAX_BYTES / 2 ** 20} MiB`
        : `it cannot be unzipped (${code ?? 'unknown error'}); it may be cut off`;
    return { ok: false, message };
  }
}
