/** KataGo's own options, for programs that start `katago` themselves. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { parseKataConfig, parseKataOverrides } from '#engine/record/katago-config.ts';
import { withPath } from '#training/text-files.ts';
import { filePath } from './common.ts';

type Settings = ReadonlyMap<string, string>;

export type KataFlags = {
  readonly model?: string;
  readonly config?: Settings;
  readonly overrideConfig?: Settings;
};

const joined = (before: Settings | undefined, after: Settings): Settings =>
  new Map([...(before ?? []), ...after]);

function readConfig(path: string): Settings {
  return withPath(path, () => parseKataConfig(readFileSync(path, 'utf8')));
}

/** Adds -model, -config and -override-config, the last two of which may come many times. */
export function addKataOptions(command: Command): Command {
  return command
    .option('--model <file>', 'the net', filePath)
    .option('--config <file>', 'where settings are read', (path, before?: Settings) =>
      joined(before, readConfig(filePath(path))),
    )
    .option(
      '--override-config <key=value,...>',
      'settings that count before those',
      (text, before?: Settings) => joined(before, parseKataOverrides(text)),
    );
}

/** KataGo's settings by their names. */
export function kataSettings({ config, overrideConfig }: KataFlags): Settings {
  return joined(config, overrideConfig ?? new Map());
}
