/** A player's nets as KataGo lists its models. */
import { basename } from 'node:path';
import { loadNet } from '#nets/file.ts';
import { MAX_BATCH } from '#nets/inference/batch-buffer.ts';
import { OWN_VERSION } from '#nets/katago/spec.ts';
import { netFiles } from '#nets/net-files.ts';
import type { NetSpec } from '#nets/spec.ts';

export type KataModel = {
  readonly name: string;
  readonly internalName: string;
  readonly maxBatchSize: number;
  readonly usesHumanSLProfile: false;
  /** Of KataGo's format of nets; left out where the file can be read no more. */
  readonly version?: number;
  readonly usingFP16: 'false';
};

/** @param net the address of one or of several. Reads them, which takes a second where they are large. */
export function kataModels(net: string): KataModel[] {
  return netFiles(net).map((path) => {
    const loaded = loadNet(path);
    return {
      name: path,
      internalName: basename(path),
      maxBatchSize: MAX_BATCH,
      usesHumanSLProfile: false,
      ...(loaded.ok ? { version: versionOf(loaded.net.spec) } : {}),
      usingFP16: 'false',
    };
  });
}

function versionOf({ heads }: NetSpec): number {
  return heads.kind === 'katago' ? heads.version : OWN_VERSION;
}
