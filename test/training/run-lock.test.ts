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
import { dirname, join } from 'node:path';
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

test('what a killed trainer left half written is removed, and nothing else that ends so', () => {
  const [dead, alive] = [deadPid(), process.ppid];
  const torn = [
    `net.safetensors.${dead}.tmp`,
    `config.json.${process.pid}.tmp`,
    `nets/G000001.safetensors.${dead}.tmp`,
  ];
  const shard = `games/G000012-0123456789abcdef.shard.${dead}.tmp`;
  const kept = [
    `report.${dead}.tmp`,
    `net.safetensors.${dead}.tmp.txt`,
    `net.safetensors.${alive}.tmp`,
    'net.safetensors.99999999999999999999.tmp',
    `games/config.json.${dead}.tmp`,
    `sub/net.safetensors.${dead}.tmp`,
    `sub/nets/G000001.safetensors.${dead}.tmp`,
    `loss.svg.${dead}.tmp/within`,
  ];
  for (const name of [...torn, shard, ...kept]) {
    mkdirSync(join(folder.path, dirname(name)), { recursive: true });
    writeFileSync(join(folder.path, name), '');
  }
  expect(lockRun(folder.path).ok).toBe(true);
  const left = [...torn, shard, ...kept].filter((name) => existsSync(join(folder.path, name)));
  expect(left).toEqual(kept);
});

test('a file where a run has a folder is left as it is', () => {
  writeFileSync(join(folder.path, 'games'), 'mine');
  expect(lockRun(folder.path).ok).toBe(true);
  expect(readFileSync(join(folder.path, 'games'), 'utf8')).toBe('mine');
});
