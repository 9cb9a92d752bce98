/** Opens only what it says: a folder of runs may come from anywhere, with links to secrets or pipes that never answer. */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

const UNREADABLE: Readonly<Record<string, string>> = {
  EACCES: 'access is denied',
  EPERM: 'this is not permitted',
  EIO: 'the device failed',
};

export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; /** A sentence. */ readonly message: string };

/** What `read` makes of a file of this name, unless the file is there and kept from being read. */
export async function reading<T>(name: string, read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { ok: true, value: await read() };
  } catch (error) {
    const why = UNREADABLE[(error as NodeJS.ErrnoException | null)?.code ?? ''];
    if (why === undefined) throw error;
    return { ok: false, message: `${name}: ${why}.` };
  }
}

const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO']);

/** @returns a handle that the caller closes, and the size; null where no plain file is there. */
export async function openPlainFile(path: string): Promise<{ handle: FileHandle; size: number } | null> {
  // A link at the end of the path is refused, and a pipe opens without waiting for its writer; Windows knows neither.
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  let handle: FileHandle;
  try {
    handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (ABSENT.has((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
  const status = await handle.stat();
  if (status.isFile()) return { handle, size: status.size };
  await handle.close();
  return null;
}

/** Bytes [from, from + length), or as many of them as there are. */
export async function readBytes(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
