/** The folder of a run: resolved config, metrics as JSON lines, checkpoint, net and picture. */
import { existsSync, mkdirSync, readFileSync, appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '#nets/file.ts';
import { SupervisedConfig } from './config.ts';

export type Metrics = { readonly step: number } & Readonly<Record<string, number>>;

function configFault(issue: { readonly path: readonly PropertyKey[]; readonly message: string }): string {
  return issue.path.length === 0 ? issue.message : `field ${issue.path.join('.')} is invalid`;
}

export class RunFolder {
  readonly path: string;

  /** Touches nothing: a run refused for its input leaves no folder behind. */
  constructor(path: string) {
    this.path = path;
  }

  /** Makes the folder; returns a sentence where that is impossible, else null. */
  create(): string | null {
    try {
      mkdirSync(this.path, { recursive: true });
      return null;
    } catch (error) {
      return `${this.path}: the folder of the run cannot be made (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;
    }
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
      return parsed.success ? parsed.data : `${path}: ${configFault(parsed.error.issues[0])}`;
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

  /** Forgets what was written after the checkpoint (step 0: everything), since the run writes it again. */
  truncateMetrics(step: number): void {
    const kept = this.metrics().filter((metrics) => metrics.step <= step);
    const lines = kept.map((metrics) => `${JSON.stringify(metrics)}\n`).join('');
    writeFileAtomically(this.file('metrics.jsonl'), Buffer.from(lines));
  }
}
