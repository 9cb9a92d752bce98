/** One trainer a run folder: a lock file with its process and host, which outlives a killed trainer but not its use. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { removeTornFiles } from '#nets/atomic-file.ts';
import { parseJson } from '#nets/json.ts';
import { isAlive } from '#nets/live-process.ts';
import { WRITTEN } from './run-names.ts';
import { withPath } from './text-files.ts';

const Holder = z.object({ pid: z.int().min(1), host: z.string() });

export type LockResult =
  | {
      readonly ok: true;
      /** Says whose stale lock was taken over, where there was one. */
      readonly note: string | null;
      /** Never throws: a lock that stays is stale as soon as this process has ended. */
      readonly release: () => void;
    }
  | { readonly ok: false; readonly message: string };

const lockPath = (folder: string): string => join(folder, 'lock.json');

/** A sentence where another trainer is at work in this folder, else null. */
export function lockRefusal(folder: string): string | null {
  const lock = readLock(lockPath(folder));
  return lock === null || isStale(lock) ? null : refusalOf(folder, lock);
}

/**
 * Takes the lock of a folder that exists, from a process that is no more if need be, and removes what one that was killed
 * left half written of the files of a run.
 * @throws the system's error where the folder cannot be written.
 */
export function lockRun(folder: string): LockResult {
  const path = lockPath(folder);
  const own = JSON.stringify({ pid: process.pid, host: hostname() });
  let note: string | null = null;
  let lock: string | null = null;
  // More than twice only where others take and release the lock at the same moment.
  for (let attempt = 0; attempt < 5; attempt++) {
    if (createLock(path, own)) {
      for (const [part, isOurs] of Object.entries(WRITTEN)) removeTornFiles(join(folder, part), isOurs);
      return { ok: true, note, release: () => releaseLock(path, own) };
    }
    lock = readLock(path);
    if (lock === null) continue;
    if (!isStale(lock)) break;
    if (removeStale(path, lock))
      note = `${path}: taken over from process ${holderOf(lock)?.pid}, which ended without releasing it`;
  }
  return { ok: false, message: refusalOf(folder, lock ?? '') };
}

function refusalOf(folder: string, lock: string): string {
  const holder = holderOf(lock);
  const who = holder === null ? '' : `, process ${holder.pid} on ${holder.host}`;
  return `${folder}: another trainer is at work here${who}; if none is, remove ${lockPath(folder)}`;
}

function holderOf(lock: string): z.infer<typeof Holder> | null {
  return Holder.safeParse(parseJson(lock)).data ?? null;
}

/** Whether the process that made the lock is known to be no more; of another host nothing is known. */
function isStale(lock: string): boolean {
  const holder = holderOf(lock);
  if (holder === null || holder.host !== hostname()) return false;
  // In a container that was started anew, the last trainer had the same number as this one.
  return holder.pid === process.pid || !isAlive(holder.pid);
}

/** The text of the lock, or null where there is none. */
function readLock(path: string): string | null {
  return withPath(path, () => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return null;
      throw error;
    }
  });
}

/** Makes the lock; false where there is one. */
function createLock(path: string, text: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    withPath(path, () => {
      writeSync(file, text);
      fsyncSync(file);
    });
    return true;
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

/** Removes the lock if it is still this one: another process may have taken it over since it was read. */
function removeStale(path: string, lock: string): boolean {
  const aside = `${path}.${process.pid}.tmp`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  if (readLock(aside) === lock) {
    rmSync(aside);
    return true;
  }
  renameSync(aside, path);
  return false;
}

function releaseLock(path: string, own: string): void {
  try {
    if (readLock(path) === own) rmSync(path);
  } catch {
    // See `release`.
  }
}
