/** A process that appends games to a part file until it is stopped, and says each that is on the disk. Arguments: the part file, a shard with the game. */
import { writeSync } from 'node:fs';
import { PartFile } from '#selfplay/shards/part-file.ts';
import { readShard } from '#selfplay/shards/shard-file.ts';

const [path, shard] = process.argv.slice(2);
const read = readShard(shard);
if (!read.ok) throw new Error(read.message);
const { file, games } = PartFile.open(path);
const indices = games.map((game) => game.index);
try {
  for (let index = Math.max(-1, ...indices) + 1; ; index++) {
    file.append({ ...read.games[0], index });
    writeSync(1, `${index}\n`);
  }
} catch (error) {
  const { code, path: refused } = error as NodeJS.ErrnoException;
  writeSync(2, `${code} ${refused}`);
}
