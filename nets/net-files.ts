/** One address for several nets that give their mean opinion: "a.safetensors+b.safetensors". */
import { existsSync } from 'node:fs';
import { parseAddress } from './address.ts';

/** The addresses that one is made of: itself where there is such a file, else what stands between its plus signs. */
export function netFiles(address: string): readonly string[] {
  return existsSync(parseAddress(address).file) ? [address] : address.split('+');
}
