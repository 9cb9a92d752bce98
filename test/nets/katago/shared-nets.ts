/** The nets of KataGo's own tests, where ../shared is. */
import { existsSync, readFileSync } from 'node:fs';
import type { NetFile } from '#nets/file.ts';
import { parseKataGo } from '#nets/katago/parse.ts';

export const SHARED_NETS = new URL('../../../../shared/data/nets/', import.meta.url);
export const hasNets = existsSync(SHARED_NETS);

export function readNet(name: string): NetFile {
  const parsed = parseKataGo(readFileSync(new URL(`${name}.bin.gz`, SHARED_NETS)));
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.net;
}
