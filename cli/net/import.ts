/** `tengen net import`: a net of KataGo's as a net file of Tengen's. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { saveNet } from '#nets/file.ts';
import { CliError, EXIT, emit } from '../common.ts';
import { checkNetTarget } from '../target.ts';
import { load } from './common.ts';

const OWN_EXTENSION = '.safetensors';

export function importNet(from: string, flags: { to?: string; json?: boolean }): void {
  if (from.endsWith(OWN_EXTENSION))
    throw new CliError(EXIT.badInput, `${from}: this is a net file of Tengen's already`);
  const net = load(from);
  const to = flags.to ?? basename(from).replace(/(\.(bin|txt))?(\.gz)?$/, '') + OWN_EXTENSION;
  if (flags.to === undefined && existsSync(to))
    throw new CliError(
      EXIT.badInput,
      `${to}: there is such a file already; say --to where the net should go`,
    );
  checkNetTarget(to, from);
  saveNet(to, net);
  emit(flags.json, { from, to, name: net.provenance.name }, () => `${from} is now ${to}`);
}
