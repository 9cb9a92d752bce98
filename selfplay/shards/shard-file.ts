/** The games of a finished generation, in a file that is named by its content and never changes. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeFileAtomically } from '#nets/atomic-file.ts';
import { makeHeader, makeRecord, readRecords } from './records.ts';
import type { SelfPlayGame } from './self-play-game.ts';

export type ReadShard =
  | {
      readonly ok: true;
      /** By their index. */
      readonly games: SelfPlayGame[];
      /** A sentence where games were lost or the name is not that of the content, else null. */
      readonly note: string | null;
    }
  | { readonly ok: false; readonly message: string };

export type ShardName = { readonly generation: number; readonly name: string; readonly path: string };

const NAME = /^G(\d{6,})-([0-9a-f]{16})\.shard$/;

/** The first 64 bits of the SHA-256 of a shard, in hexadecimal. */
function contentHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

/**
 * Writes the shard of a generation, sorted by index: the same games make the same bytes and so the same name.
 * @returns its name in the folder, such as G000012-0123456789abcdef.shard.
 * @throws the system's error with the path; Error where a game is there twice or of another generation.
 */
export function writeShard(folder: string, generation: number, games: readonly SelfPlayGame[]): string {
  const sorted = games.toSorted((a, b) => a.index - b.index);
  for (const [i, game] of sorted.entries()) {
    if (game.generation !== generation)
      throw new Error(`internal: a game of generation ${game.generation} in the shard of ${generation}`);
    if (i > 0 && game.index === sorted[i - 1].index)
      throw new Error(`internal: game ${game.index} of generation ${generation} is there twice`);
  }
  const bytes = Buffer.concat([makeHeader(sorted.length), ...sorted.map(makeRecord)]);
  const name = `G${String(generation).padStart(6, '0')}-${contentHash(bytes)}.shard`;
  writeFileAtomically(join(folder, name), bytes);
  return name;
}

/** Reads a shard. Of a damaged one the sound games are kept, since each has its own checksum, and a note says how many were lost. */
export function readShard(path: string): ReadShard {
  const fail = (message: string): ReadShard => ({ ok: false, message: `${path}: ${message}` });
  const name = NAME.exec(basename(path));
  if (name === null) return fail('a shard has a name such as G000012-0123456789abcdef.shard');
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return fail(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
  const read = readRecords(bytes);
  if (!read.ok) return fail(read.message);
  const { games, count } = read;
  if (games.some((game, i) => game.generation !== Number(name[1]) || game.index <= games[i - 1]?.index))
    return fail('it holds games of another generation, or not in their order');
  if (games.length === count && contentHash(bytes) === name[2]) return { ok: true, games, note: null };
  if (games.length === 0) return fail(`it is damaged, and none of its ${count} games can be read`);
  const lost =
    games.length === count
      ? 'all its games can be read'
      : `of its ${count} games ${games.length} can be read`;
  return { ok: true, games, note: `${path}: its content is not the one that its name tells; ${lost}` };
}

/** The shards in a folder, by generation; none where there is no such folder. */
export function listShards(folder: string): ShardName[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .flatMap((name) => {
      const match = NAME.exec(name);
      return match === null ? [] : [{ generation: Number(match[1]), name, path: join(folder, name) }];
    })
    .toSorted((a, b) => a.generation - b.generation || (a.name < b.name ? -1 : 1));
}
