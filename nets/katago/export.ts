/** Any net that has a form in KataGo's architecture as a KataGo model file. */
import type { NetFile } from '../file.ts';
import { asKataGo } from './from-own.ts';
import { isKataGoNet, makeKataGoFile } from './write.ts';
import type { FileForm } from './write.ts';

export type ExportResult = { ok: true; bytes: Uint8Array } | { ok: false; message: string };

/** The refusal does not name the net. KataGo's nets keep their version; ours become nets of version 15. */
export function exportKataGo(net: NetFile, form: FileForm): ExportResult {
  if (isKataGoNet(net)) return { ok: true, bytes: makeKataGoFile(net, form) };
  const { featureSet, trunk, heads } = net.spec;
  if (featureSet === 'tengen-v1')
    return {
      ok: false,
      message: `it sees the features ${featureSet}, which KataGo does not show; only nets trained on katago-v7 can be KataGo's`,
    };
  if (trunk.kind !== 'resnet' || heads.kind !== 'tengen')
    throw new Error(`internal: ${trunk.kind} trunk with ${heads.kind} heads`);
  return { ok: true, bytes: makeKataGoFile(asKataGo(net, trunk, heads), form) };
}
