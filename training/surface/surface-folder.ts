/** The folder of a surface: its config, the points so far as JSON lines, and in the end the surface and its picture. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { difference } from '../config-tree.ts';
import {
  appendJsonLine,
  filterJsonLines,
  readConfigFile,
  readJsonLines,
  writeJsonFile,
} from '../text-files.ts';
import { ofTrainer } from '../of-trainer.ts';
import { SurfaceConfig } from './config.ts';

/** A loss that is not finite is null, as JSON has it; there is none where a differential equation cannot be solved. */
const Point = z.strictObject({
  /** Index of the net, and place in the grid: rows of beta, columns of alpha. */
  net: z.int(),
  row: z.int(),
  column: z.int(),
  losses: z.record(z.string(), z.number().nullable()),
});
export type Point = z.infer<typeof Point>;

/** The options by which it is told what differs. */
const OPTIONS: Readonly<Record<string, string>> = { side: '--grid', range: '--range', seed: '--seed' };

const StoredConfig = ofTrainer(['net surface'], SurfaceConfig);

/** What a surface leaves besides its config. */
const FILES = ['points.jsonl', 'surface.json', 'surface.svg'] as const;

export class SurfaceFolder {
  private readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Begins the surface in this folder, which exists, or goes on with it.
   * @returns a sentence where the folder holds another one or a damaged one, else null.
   * @throws the system's error where the folder cannot be written.
   */
  open(config: SurfaceConfig): string | null {
    const stored = readConfigFile(this.file('config.json'), StoredConfig);
    if (typeof stored === 'string')
      return stored.endsWith('name another folder') ? stored : `${stored}; mend it, or choose a new --out`;
    if (stored === null) {
      const trace = FILES.find((name) => existsSync(this.file(name)));
      if (trace !== undefined)
        return `${this.file('config.json')}: it is missing, though ${trace} is there; put it back, or choose a new --out`;
      writeJsonFile(this.file('config.json'), config);
      return null;
    }
    const field = difference(stored, config);
    return field === null
      ? // A line that a crash has torn would spoil the next one.
        filterJsonLines(this.file('points.jsonl'), Point, () => true)
      : `${this.path}: there is a surface here ${field === 'nets' ? 'of other nets or examples' : `with another ${OPTIONS[field] ?? field}`}; choose a new --out`;
  }

  append(point: Point): void {
    appendJsonLine(this.file('points.jsonl'), point);
  }

  /** @throws Error with a sentence that names the first line that is damaged. */
  points(): Point[] {
    const read = readJsonLines(this.file('points.jsonl'), Point);
    if (typeof read === 'string') throw new Error(read);
    return read;
  }

  file(name: 'config.json' | 'points.jsonl' | 'surface.json' | 'surface.svg'): string {
    return join(this.path, name);
  }
}
