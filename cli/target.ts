/** Files that commands write where they are told to: never over what they read or what a run keeps. */
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { parseAddress } from '#nets/address.ts';
import { isKept } from '#training/run-names.ts';
import { CliError, EXIT } from './common.ts';

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/**
 * @param inputs nets, files and folders that are read.
 * @throws CliError where nothing can be written to `to`: over one of these, over what is in one that is a folder, over what
 * a run keeps, or in the place of a folder or device; the system's error with that path where its folder takes no files.
 */
export function checkTarget(to: string, ...inputs: readonly string[]): void {
  try {
    // With the dot a file is no folder.
    accessSync(`${dirname(to)}/.`, constants.W_OK);
  } catch (error) {
    throw Object.assign(error as Error, { path: to });
  }
  refuseKept(to);
  const [target, ...sources] = [to, ...inputs.map((input) => parseAddress(input).file)].map((path) =>
    statSync(path, { throwIfNoEntry: false }),
  );
  if (target === undefined) return;
  if (!target.isFile())
    throw new CliError(EXIT.badInput, `${to}: this is not a file, and cannot be written as one`);
  const isRead =
    sources.some((source) => target.dev === source?.dev && target.ino === source.ino) ||
    inputs.some((input) => isFolder(input) && lies(to, input));
  if (isRead) throw new CliError(EXIT.badInput, `${to}: this is what is read; say another file to write`);
}

/** As `checkTarget`, but a net may take the place of another in a folder that is read for something else. */
export function checkNetTarget(to: string, ...inputs: readonly string[]): void {
  checkTarget(to, ...inputs.filter((input) => !to.endsWith('.safetensors') || !isFolder(input)));
}

/** @throws CliError where a run keeps something there that is no net to use. */
export function refuseKept(to: string): void {
  if (isKept(resolve(to)))
    throw new CliError(
      EXIT.badInput,
      `${to}: the run there keeps its own file so; say another file to write`,
    );
}

/** Whether a file is in a folder or below it. */
function lies(file: string, folder: string): boolean {
  return !relative(realpathSync(folder), realpathSync(file)).startsWith('..');
}
