/** By what a net's file is known in games and statistics. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** SHA-256 in hexadecimal. @throws the system's error. */
export const hashFile = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex');
