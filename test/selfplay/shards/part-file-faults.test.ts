/** Part files when the process is killed or the disk refuses: what was acknowledged is there, and once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import { PartFile } from '#selfplay/shards/part-file.ts';
import { writeShard } from '#selfplay/shards/shard-file.ts';
import { someGames } from './arbitrary-game.ts';

const folder = mkdtempSync(join(tmpdir(), 'tengen-'));
const player = join(import.meta.dirname, 'endless-player.ts');
const shard = join(folder, writeShard(folder, 12, someGames(1)));

/** Indices of the games in a part file, which stays as it was opened. */
function indicesIn(path: string): { indices: number[]; note: string | null } {
  const { file, games, note } = PartFile.open(path);
  file.close();
  return { indices: games.map((game) => game.index), note };
}

const indicesSaid = (out: string): number[] => out.split('\n').slice(0, -1).map(Number);

test('killed at any moment, however often, a run has every game that it acknowledged, and once', async () => {
  const path = join(folder, 'killed.part');
  const rng = makeRng(3);
  const acknowledged: number[] = [];
  for (let round = 0; round < 6; round++) {
    const child = spawn(process.execPath, [player, path, shard], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    const enough = 1 + rng.nextInt(40);
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString();
      if (out.split('\n').length > enough) child.kill('SIGKILL');
    });
    await once(child, 'close');
    acknowledged.push(...indicesSaid(out));
    const { indices } = indicesIn(path);
    expect(new Set(indices).size).toBe(indices.length);
    expect(indices).toEqual(expect.arrayContaining(acknowledged));
    // At most the one game of each round that was written and not yet acknowledged.
    expect(indices.length - acknowledged.length).toBeLessThanOrEqual(round + 1);
  }
});

// The system's own refusal in the middle of a record; Windows has no such limit.
test.skipIf(process.platform === 'win32')(
  'a file that may not grow further refuses the game, keeps those before it and has no torn end',
  async () => {
    const path = join(folder, 'full.part');
    const limited = ['-c', 'ulimit -f 8; exec "$@"', 'sh', process.execPath, player, path, shard];
    const child = spawn('sh', limited, { stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(err).toBe(`EFBIG ${path}`);
    expect(indicesSaid(out).length).toBeGreaterThan(2);
    expect(indicesIn(path)).toEqual({ indices: indicesSaid(out), note: null });
  },
);
