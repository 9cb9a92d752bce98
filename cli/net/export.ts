/** `tengen net export`: a net as an ONNX graph, or as a model file for KataGo. */
import { resolve } from 'node:path';
import { writeFileAtomically } from '#nets/atomic-file.ts';
import { exportKataGo } from '#nets/katago/export.ts';
import { formOf } from '#nets/katago/write.ts';
import { netPath } from '#nets/net-files.ts';
import { toOnnx } from '#nets/onnx/export.ts';
import { CliError, EXIT, emit } from '../common.ts';
import { checkNetTarget } from '../target.ts';
import { loadAny } from './common.ts';

export function exportNet(net: string, flags: { onnx?: string; katago?: string; json?: boolean }): void {
  const { onnx, katago } = flags;
  if (onnx === undefined && katago === undefined)
    throw new CliError(EXIT.usage, 'Say what to write: --onnx FILE or --katago FILE.');
  const form = katago === undefined ? null : formOf(katago);
  if (katago !== undefined && form === null)
    throw new CliError(
      EXIT.usage,
      `${katago}: KataGo goes by the end of the name; give .bin.gz, .bin, .txt.gz or .txt`,
    );
  if (onnx !== undefined && katago !== undefined && resolve(onnx) === resolve(katago))
    throw new CliError(EXIT.usage, `${katago}: this cannot be both; say another file for one of them`);
  const path = netPath(net);
  const loaded = loadAny(path);
  const written = [onnx, katago].filter((file) => file !== undefined);
  for (const file of written) checkNetTarget(file, path);
  // Nothing is written unless all can be.
  const files = new Map<string, Uint8Array>();
  if (onnx !== undefined) files.set(onnx, toOnnx(loaded));
  if (katago !== undefined && form !== null) {
    const exported = exportKataGo(loaded, form);
    if (!exported.ok) throw new CliError(EXIT.badInput, `${path}: ${exported.message}`);
    files.set(katago, exported.bytes);
  }
  for (const [file, bytes] of files) writeFileAtomically(file, bytes);
  emit(flags.json, { net: path, written }, () => `${path} is now also ${written.join(' and ')}`);
}
