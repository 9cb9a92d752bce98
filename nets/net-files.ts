/** What addresses stand for beyond one file: the folder of a run, and several nets that give their mean opinion, as "a.safetensors+b.safetensors". */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeAddress, parseAddress } from './address.ts';

/** A net, or that of a run where its folder is named. */
export function netPath(address: string): string {
  const isFolder = statSync(parseAddress(address).file, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? netInFolder(address) : address;
}

/** The net of the run whose folder this is. */
export function netInFolder(address: string): string {
  const { file, dial } = parseAddress(address);
  return makeAddress({ file: join(file, 'net.safetensors'), dial });
}

/** The addresses that one is made of: itself where there is such a file, else what stands between its plus signs. */
export function netFiles(address: string): readonly string[] {
  return existsSync(parseAddress(address).file) ? [address] : address.split('+');
}
