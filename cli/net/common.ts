/** What the commands on net files share. */
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { parseAddress } from '#nets/address.ts';
import { loadAnyNet, loadNet } from '#nets/file.ts';
import type { AnyNetFile, NetFile } from '#nets/file.ts';
import { layerCosts } from '#nets/inspect/cost.ts';
import type { AnySpec } from '#nets/spec.ts';
import { CliError, EXIT } from '../common.ts';

/**
 * @param inputs the net, and whatever else is read for it.
 * @throws CliError where a net cannot be written to `to`: over one of these, over what is in one that is a folder (but for
 * nets), or in the place of a folder or device; the system's error with that path where its folder takes no files.
 */
export function checkTarget(to: string, ...inputs: readonly string[]): void {
  try {
    // With the dot a file is no folder.
    accessSync(`${dirname(to)}/.`, constants.W_OK);
  } catch (error) {
    throw Object.assign(error as Error, { path: to });
  }
  const [target, ...sources] = [to, ...inputs.map((input) => parseAddress(input).file)].map((path) =>
    statSync(path, { throwIfNoEntry: false }),
  );
  if (target === undefined) return;
  if (!target.isFile())
    throw new CliError(EXIT.badInput, `${to}: this is not a file, and cannot be written as one`);
  const isRead =
    sources.some((source) => target.dev === source?.dev && target.ino === source.ino) ||
    (!to.endsWith('.safetensors') && inputs.some((input) => lies(to, input)));
  if (isRead) throw new CliError(EXIT.badInput, `${to}: this is what is read; say another file to write`);
}

/** Whether a file is in a folder or below it. */
function lies(file: string, folder: string): boolean {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  return !relative(realpathSync(folder), realpathSync(file)).startsWith('..');
}

/** A net that plays Go. @throws CliError with what is wrong with the file. */
export function load(path: string): NetFile {
  const loaded = loadNet(path);
  if (!loaded.ok) throw new CliError(EXIT.badInput, loaded.message);
  return loaded.net;
}

/** As `load`, but nets for images too. */
export function loadAny(path: string): AnyNetFile {
  const loaded = loadAnyNet(path);
  if (!loaded.ok) throw new CliError(EXIT.badInput, loaded.message);
  return loaded.net;
}

/** @throws CliError where the net has no dropout to draw. */
export function requireDropout(path: string, spec: AnySpec): void {
  if (layerCosts(spec, 9).some(({ word }) => word === 'dropout')) return;
  throw new CliError(EXIT.badInput, `${path}: this net has no dropout to draw; leave out --mc-dropout`);
}
