/** The folder of a supervised run: resolved config, metrics as JSON lines, checkpoint, net and picture, and the trainer's lock. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '#nets/make-folder.ts';
import { StoredConfig } from './config.ts';
import type { SupervisedConfig } from './config.ts';
import {
  appendJsonLine,
  filterJsonLines,
  readConfigFile,
  readJsonLines,
  writeJsonFile,
} from './text-files.ts';

const Metrics = z.object({ step: z.number() }).catchall(z.number());
export type Metrics = Readonly<z.infer<typeof Metrics>>;

export type RunFile =
  | 'config.json'
  | 'metrics.jsonl'
  | 'checkpoint.safetensors'
  | 'net.safetensors'
  | `snapshot-${number}.safetensors`
  | `column-${number}.safetensors`
  | 'loss.svg'
  | 'lock.json';

export class RunFolder {
  readonly path: string;

  /** Touches nothing: a run refused for its input leaves no folder behind. */
  constructor(path: string) {
    this.path = path;
  }

  /** @throws the system's error where that is impossible. */
  create(): void {
    makeFolder(this.path);
  }

  file(name: RunFile): string {
    return join(this.path, name);
  }

  has(name: RunFile): boolean {
    return existsSync(this.file(name));
  }

  /** A sentence where a file is gone without which what the others hold would be lost, else null. */
  missingFile(): string | null {
    const traces: RunFile[] = ['checkpoint.safetensors', 'metrics.jsonl', 'net.safetensors'];
    const trace = traces.find((name) => this.has(name));
    if (trace !== undefined && !this.has('config.json'))
      return `${this.file('config.json')}: it is missing, though ${trace} is there; put it back, or choose a new --out`;
    // A run makes its first checkpoint before its first line of metrics.
    const path = this.file('metrics.jsonl');
    if (!this.has('checkpoint.safetensors') && (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0)
      return `${this.file('checkpoint.safetensors')}: it is missing, though ${path} tells of steps; put it back, or remove the metrics to start again at step 0`;
    return null;
  }

  /** The config stored here, null where there is none, or a sentence where it cannot be used. */
  readConfig(): SupervisedConfig | null | string {
    return readConfigFile(this.file('config.json'), StoredConfig);
  }

  writeConfig(config: SupervisedConfig): void {
    writeJsonFile(this.file('config.json'), config);
  }

  append(metrics: Metrics): void {
    appendJsonLine(this.file('metrics.jsonl'), metrics);
  }

  /**
   * The metrics so far; a last line torn by a crash is left out.
   * @throws Error with a sentence that names the first other line that is damaged.
   */
  metrics(): Metrics[] {
    const read = readJsonLines(this.file('metrics.jsonl'), Metrics);
    if (typeof read === 'string') throw new Error(read);
    return read;
  }

  /**
   * Forgets what was written after the checkpoint, since the run writes it again.
   * @returns a sentence where the metrics are damaged, else null.
   */
  truncateMetrics(step: number): string | null {
    return filterJsonLines(this.file('metrics.jsonl'), Metrics, (metrics) => metrics.step <= step);
  }
}
