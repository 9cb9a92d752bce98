/** Any net that has a form in KataGo's architecture as a KataGo model file. */
import type { AnyNetFile } from '../file.ts';
import { isImageSpec } from '../spec.ts';
import { asKataGo } from './from-own.ts';
import { isKataGoNet, makeKataGoFile } from './write.ts';
import type { FileForm } from './write.ts';

export type ExportResult =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | {
      readonly ok: false;
      /** Names the part that has no form there. */
      readonly message: string;
    };

/** KataGo's nets keep their version; ours become nets of version 15. */
export function exportKataGo(net: AnyNetFile, form: FileForm): ExportResult {
  const { spec } = net;
  if (isImageSpec(spec)) return { ok: false, message: "KataGo's format has no nets for images" };
  const board = { ...net, spec };
  if (isKataGoNet(board)) return { ok: true, bytes: makeKataGoFile(board, form) };
  const { trunk, heads } = spec;
  if (trunk.kind !== 'resnet' || heads.kind !== 'tengen')
    return { ok: false, message: `KataGo's format has no form for the trunk ${trunk.kind}` };
  if (heads.ownership === 'unet')
    return { ok: false, message: "KataGo's format has no form for a U-shaped head of ownership" };
  return { ok: true, bytes: makeKataGoFile(asKataGo(board, trunk, heads), form) };
}
