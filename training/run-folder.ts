/** The folder of a run: resolved config, metrics as JSON lines, checkpoint, net and picture. */
import { existsSync, mkdirSync, readFileSync, writeFileSync, appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '#nets/file.ts';
import { SupervisedConfig } from './config.ts';

export type Metrics = { readonly step: number } & Readonly<Record<string, number>>;

export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    mkdirSync(path, { recursive: true });
  }

  file(
    name: 'config.json' | 'metrics.jsonl' | 'checkpoint.safetensors' | 'net.safetensors' | 'loss.svg',
  ): string {
    return join(this.path, name);
  }

  /** The config stored here, null where there is none, or a sentence where it cannot be used. */
  readConfig(): SupervisedConfig | null | string {
    const path = this.file('config.json');
    if (!existsSync(path)) return null;
    try {
      const parsed = SupervisedConfig.safeParse(JSON.parse(readFileSync(path, 'utf8')));
      return parsed.success
        ? parsed.data
        : `${path}: field ${parsed.error.issues[0].path.join('.')} is invalid`;
    } catch {
      return `${path}: not valid JSON`;
    }
  }

  writeConfig(config: SupervisedConfig): void {
    writeFileAtomically(this.file('config.json'), Buffer.from(`${JSON.stringify(config, null, 2)}\n`));
  }

  append(metrics: Metrics): void {
    appendFileSync(this.file('metrics.jsonl'), `${JSON.stringify(metrics)}\n`);
  }

  /** The metrics so far; a line torn by a crash is left out. */
  metrics(): Metrics[] {
    const path = this.file('metrics.jsonl');
    if (!existsSync(path)) return [];
    return readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line) => {
        try {
          return [JSON.parse(line) as Metrics];
        } catch {
          return [];
        }
      });
  }

  /** Forgets what was written after the checkpoint, since a resumed run writes it again. */
  truncateMetrics(step: number): void {
    const kept = this.metrics().filter((metrics) => metrics.step <= step);
    writeFileSync(this.file('metrics.jsonl'), kept.map((metrics) => `${JSON.stringify(metrics)}\n`).join(''));
  }
}
