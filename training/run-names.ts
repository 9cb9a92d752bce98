/** The names of the files that runs, studies and surfaces write into their folders. */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Nets to use, which may be replaced by others. */
const NET = /^(net|snapshot-\d+|column-\d+)\.safetensors$/;

const OWN = new Set([
  'config.json',
  'metrics.jsonl',
  'checkpoint.safetensors',
  'lock.json',
  'loss.svg',
  // Of self-play.
  'generations.jsonl',
  'matches.jsonl',
  'ratings.json',
  'live.json',
  // Of studies, the first one in the folders of their runs.
  'measured.json',
  'table.txt',
  'table.json',
  'curves.svg',
  'gradients.svg',
  // Of surfaces.
  'points.jsonl',
  'surface.json',
  'surface.svg',
]);

/** The folders that a run writes into, from its own, each with what it writes there. */
export const WRITTEN: Readonly<Record<string, (name: string) => boolean>> = {
  '.': (name) => OWN.has(name) || NET.test(name),
  games: (name) => /^G\d{6,}(\.part|-[0-9a-f]{16}\.shard)$/.test(name),
  nets: (name) => /^G\d{6,}\.safetensors$/.test(name),
};

/** Whether a run keeps something at an absolute path that no net may take the place of. */
export function isKept(path: string): boolean {
  const [folder, name] = [dirname(path), basename(path)];
  if (holdsRun(folder)) return OWN.has(name);
  const part = basename(folder);
  return Object.hasOwn(WRITTEN, part) && WRITTEN[part](name) && holdsRun(dirname(folder));
}

/** Whether a folder holds a run, a study or a surface. */
function holdsRun(folder: string): boolean {
  return ['config.json', 'checkpoint.safetensors', 'table.json'].some((name) =>
    existsSync(join(folder, name)),
  );
}
