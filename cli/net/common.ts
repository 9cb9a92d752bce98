/** What the commands on net files share. */
import { loadAnyNet, loadNet, loadState } from '#nets/file.ts';
import type { AnyNetFile, NetFile } from '#nets/file.ts';
import { layerCosts } from '#nets/inspect/cost.ts';
import type { AnySpec } from '#nets/spec.ts';
import { CliError, EXIT } from '../common.ts';

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

/** As `loadAny`, but checkpoints too. */
export function loadAnyState(path: string): AnyNetFile {
  const loaded = loadState(path);
  if (!loaded.ok) throw new CliError(EXIT.badInput, loaded.message);
  return loaded.net;
}

/** @throws CliError where the net has no dropout to draw. */
export function requireDropout(path: string, spec: AnySpec): void {
  if (layerCosts(spec, 9).some(({ word }) => word === 'dropout')) return;
  throw new CliError(EXIT.badInput, `${path}: this net has no dropout to draw; leave out --mc-dropout`);
}
