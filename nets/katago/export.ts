/** Any net that has a form in KataGo's architecture as a KataGo model file. */
import type { NetFile } from '../file.ts';
import { asKataGo } from './from-own.ts';
import { isKataGoNet, makeKataGoFile } from './write.ts';
import type { FileForm } from './write.ts';

/**
 * KataGo's nets keep their version; ours become nets of version 15.
 * @throws Error with a sentence where the trunk has no form there.
 */
export function exportKataGo(net: NetFile, form: FileForm): Uint8Array {
  if (isKataGoNet(net)) return makeKataGoFile(net, form);
  const { trunk, heads } = net.spec;
  if (trunk.kind !== 'resnet' || heads.kind !== 'tengen')
    throw new Error(`KataGo's format has no form for a trunk of the kind ${trunk.kind}`);
  return makeKataGoFile(asKataGo(net, trunk, heads), form);
}
