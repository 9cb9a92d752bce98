/** Opens only what it says: a folder of runs may come from anywhere, with links to secrets or pipes that never answer. */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

const UNREADABLE: Readonly<Record<string, string>> = {
  EACCES: 'access is denied',
  EPERM: 'this is not permitted',
  EIO: 'the device failed',
};

/** What keeps a file that is there from being read, or null where the error is another. */
export function whyUnreadable(error: unknown): string | null {
  return UNREADABLE[(error as NodeJS.ErrnoException | null)?.code ?? ''] ?? null;
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
