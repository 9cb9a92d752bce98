/** Files that are written as a whole: after a crash there is the old one or the new one, never a part. */
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isAlive } from './live-process.ts';

/** What some network file systems answer that cannot do it, and folders that one may write in but not read. */
const CANNOT_SYNC_FOLDERS = new Set(['EINVAL', 'ENOTSUP', 'EACCES', 'EPERM']);

/** Brings the names in a folder to the disk, without which a file renamed there may be gone after a power failure. */
function syncFolder(path: string): void {
  // Windows opens no folders, and its file system keeps a journal of names.
  if (process.platform === 'win32') return;
  try {
    const folder = openSync(path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (error) {
    // The file is there and whole; only a power failure in the next seconds could still undo the renaming.
    if (!CANNOT_SYNC_FOLDERS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/**
 * Writes bytes so that a crash leaves either the old file or the new one, and a failure nothing else.
 * @throws the system's error with this path, or a sentence where something else than a file is there.
 */
export function writeFileAtomically(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  let isMade = false;
  try {
    // Renaming would put a file in the place of a device.
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === false)
      throw new Error(`${path}: this is not a file, and cannot be written as one`);
    const file = openSync(temporary, 'w');
    isMade = true;
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    isMade = false;
    syncFolder(dirname(path));
  } catch (error) {
    if (isMade) rmSync(temporary, { force: true });
    throw Object.assign(error as Error, { path });
  }
}

/** The temporary files of `writeFileAtomically`: of which file, and whose. */
const TORN = /^(.+)\.(\d+)\.tmp$/;

/**
 * Removes what writers that were killed left half written of some files in a folder, those below it left alone; nothing
 * where there is no folder.
 * @param isOurs whether the caller alone writes a file of this name there.
 */
export function removeTornFiles(folder: string, isOurs: (name: string) => boolean): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const [, name, pid] = TORN.exec(entry.name) ?? [];
    if (name === undefined || !entry.isFile() || !isOurs(name)) continue;
    // In a container that was started anew, a writer that was killed had the same number as this one.
    if (Number(pid) === process.pid || !isAlive(Number(pid))) rmSync(join(folder, entry.name));
  }
}
