/** The games of a generation that is being played: appended as they end, each on the disk before it counts. */
import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { writeFileAtomically } from '#nets/atomic-file.ts';
import { OPEN_ENDED, makeHeader, makeRecord, readRecords } from './records.ts';
import type { SelfPlayGame } from './self-play-game.ts';

/** Games that a run cannot go on with; the message is one sentence. */
export class DamagedGames extends Error {}

export type OpenedPart = {
  readonly file: PartFile;
  /** Games that were appended before, in that order. */
  readonly games: SelfPlayGame[];
  /** A sentence where the file held something else than sound games, else null. */
  readonly note: string | null;
};

function noteOn(path: string, tornBytes: number, gaps: number, doubles: number): string | null {
  const notes = [
    ...(tornBytes > 0
      ? [`the last ${tornBytes} bytes, half written when the run broke off, were dropped`]
      : []),
    ...(gaps > 0
      ? [`it is damaged in ${gaps === 1 ? 'one place' : `${gaps} places`}; games there are left out`]
      : []),
    ...(doubles > 0 ? [`games are there again that came before (${doubles}); each counts once`] : []),
  ];
  return notes.length === 0 ? null : `${path}: ${notes.join('; ')}`;
}

export class PartFile {
  readonly path: string;
  /** Null once it is closed. */
  private file: number | null;
  /** Bytes that are on the disk: the header and what was appended. */
  private size: number;
  /** Of the games in it. */
  private readonly indices = new Set<number>();

  private constructor(path: string, file: number, size: number) {
    this.path = path;
    this.file = file;
    this.size = size;
  }

  /**
   * Opens the file, or makes it; what a crash left half written at its end is cut off.
   * @throws the system's error with this path; `DamagedGames` where the file holds something else than games.
   */
  static open(path: string): OpenedPart {
    if (!existsSync(path)) writeFileAtomically(path, makeHeader(OPEN_ENDED));
    const bytes = readFileSync(path);
    const read = readRecords(bytes);
    if (!read.ok)
      throw new DamagedGames(`${path}: ${read.message}; delete it, so that its games are played again`);
    const { soundBytes, gaps } = read;
    const file = new PartFile(path, openSync(path, 'r+'), soundBytes);
    if (bytes.length > soundBytes) file.attempt((descriptor) => ftruncateSync(descriptor, soundBytes));
    const games = read.games.filter(({ index }) => !file.indices.has(index) && file.indices.add(index));
    const doubles = read.games.length - games.length;
    return { file, games, note: noteOn(path, bytes.length - soundBytes, gaps, doubles) };
  }

  /**
   * Appends games; they are on the disk, all of them, when this returns.
   * @throws the system's error with this path, as when the disk is full: then none of them counts, and the file is closed.
   */
  append(...games: readonly SelfPlayGame[]): void {
    for (const { index } of games) {
      if (this.indices.has(index)) throw new Error(`internal: game ${index} is in ${this.path} already`);
      this.indices.add(index);
    }
    const bytes = Buffer.concat(games.map(makeRecord));
    this.attempt((descriptor) => {
      for (let at = 0; at < bytes.length;)
        at += writeSync(descriptor, bytes, at, bytes.length - at, this.size + at);
    });
    this.size += bytes.length;
  }

  close(): void {
    if (this.file !== null) closeSync(this.file);
    this.file = null;
  }

  /** After a failure nobody knows what is on the disk, so the file takes no more; whoever opens it again sees. */
  private attempt(change: (descriptor: number) => void): void {
    const { file } = this;
    if (file === null) throw new Error(`internal: ${this.path} is closed`);
    try {
      change(file);
      fsyncSync(file);
    } catch (error) {
      this.file = null;
      try {
        ftruncateSync(file, this.size);
      } catch {
        // Then its torn end is cut off when it is opened again.
      }
      closeSync(file);
      throw Object.assign(error as Error, { path: this.path });
    }
  }
}
