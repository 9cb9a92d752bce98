/** `tengen net ship`: making a net the one that Tengen plays with by default. */
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { openEvaluator } from '#nets/evaluator.ts';
import { writeFileAtomically } from '#nets/atomic-file.ts';
import { makeNetFile } from '#nets/file.ts';
import { makeFolder } from '#nets/make-folder.ts';
import { netPath } from '#nets/net-files.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { CliError, EXIT, emit, requireOpened } from '../common.ts';
import { refuseKept } from '../target.ts';
import { load } from './common.ts';

/** The largest net that may be shipped with the program: 6 MB. */
const MAX_SHIPPED_BYTES = 6_000_000;

/** Checks that the net loads and runs before it replaces the shipped one. */
export async function ship(
  from: string,
  flags: { to: string; fp16?: boolean; json?: boolean },
): Promise<void> {
  const path = netPath(from);
  if (statSync(flags.to, { throwIfNoEntry: false })?.isFile() === false)
    throw new CliError(EXIT.badInput, `${flags.to}: this is not a file; give --to the path of a net file`);
  refuseKept(flags.to);
  const opened = requireOpened(await openEvaluator(path));
  await opened.evaluator.close();
  // Written anew, so that what ships is a net file of ours whatever it was made from.
  const bytes = makeNetFile(load(path), { halves: flags.fp16 });
  if (bytes.length > MAX_SHIPPED_BYTES)
    throw new CliError(
      EXIT.badInput,
      `${path} takes ${bytes.length} bytes; a shipped net may have ${MAX_SHIPPED_BYTES}${flags.fp16 ? '' : ', and --fp16 halves it'}.`,
    );
  makeFolder(dirname(flags.to));
  writeFileAtomically(flags.to, bytes);
  emit(flags.json, { from: path, to: flags.to, bytes: bytes.length }, () =>
    resolve(flags.to) === defaultNetPath
      ? `${path} is now the shipped net; measure it and bring nets/weights/README.md up to date.`
      : `${path} is now ${flags.to}`,
  );
}
