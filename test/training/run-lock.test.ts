/** The lock of a run folder: whose it is, and what becomes of one whose process is no more. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { RunFolder } from '#training/run-folder.ts';
import { lockRefusal, lockRun } from '#training/run-lock.ts';

let folder: RunFolder;
let path: string;
beforeEach(() => {
  folder = new RunFolder(mkdtempSync(join(tmpdir(), 'tengen-lock-')));
  path = folder.file('lock.json');
});

const lockOf = (pid: number, host = hostname()): string => JSON.stringify({ pid, host });

/** The number of a process that has ended. */
const deadPid = (): number => spawnSync(process.execPath, ['--version']).pid;

test('a free folder is locked by this process, and free again after the release', () => {
  const taken = lockRun(folder.path);
  expect(taken).toMatchObject({ ok: true, note: null });
  expect(readFileSync(path, 'utf8')).toBe(lockOf(process.pid));
  if (taken.ok) taken.release();
  expect(readdirSync(folder.path)).toEqual([]);
});

test('a folder whose trainer lives is refused with its number, host and folder, and its lock stays', () => {
  writeFileSync(path, lockOf(process.ppid));
  const message = `${folder.path}: another trainer is at work here, process ${process.ppid} on ${hostname()}; if none is, remove ${path}`;
  expect(lockRun(folder.path)).toEqual({ ok: false, message });
  expect(lockRefusal(folder.path)).toBe(message);
  expect(readFileSync(path, 'utf8')).toBe(lockOf(process.ppid));
});

test('a lock is taken over where its process has ended, or had the number of this one', () => {
  for (const pid of [deadPid(), process.pid]) {
    writeFileSync(path, lockOf(pid));
    expect(lockRefusal(folder.path)).toBe(null);
    expect(lockRun(folder.path)).toMatchObject({
      ok: true,
      note: `${path}: taken over from process ${pid}, which ended without releasing it`,
    });
    expect(readFileSync(path, 'utf8')).toBe(lockOf(process.pid));
    expect(readdirSync(folder.path)).toEqual(['lock.json']);
  }
});

test('what is not known to be stale is refused: a lock of another host, and one that says nothing', () => {
  for (const text of [lockOf(deadPid(), 'elsewhere.example'), '', 'null', '{"pid":-1}']) {
    writeFileSync(path, text);
    expect(lockRun(folder.path)).toMatchObject({
      ok: false,
      message: expect.stringContaining(`if none is, remove ${path}`),
    });
    expect(readFileSync(path, 'utf8')).toBe(text);
  }
});

test('a release leaves the lock of another process, and never fails', () => {
  const taken = lockRun(folder.path);
  writeFileSync(path, lockOf(process.ppid));
  if (taken.ok) taken.release();
  expect(existsSync(path)).toBe(true);
  rmSync(folder.path, { recursive: true });
  if (taken.ok) taken.release();
});

test('a lock that cannot be read is the error of the system, with its path', () => {
  mkdirSync(path);
  expect(() => lockRun(folder.path)).toThrow(expect.objectContaining({ code: 'EISDIR', path }));
});
