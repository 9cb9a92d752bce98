/** The folder of a run: resolved config, metrics as JSON lines, checkpoint, net and picture, and the trainer's lock. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomically } from '#nets/file.ts';
import { SupervisedConfig } from './config.ts';

const Metrics = z.object({ step: z.number() }).catchall(z.number());
export type Metrics = Readonly<z.infer<typeof Metrics>>;

function configFault(issue: { readonly path: readonly PropertyKey[]; readonly message: string }): string {
  return issue.path.length === 0 ? issue.message : `field ${issue.path.join('.')} is invalid`;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}

/** Undefined, which JSON has not, where the text is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Does something with a file; the system's refusals, which leave it out once the file is open, get its path. */
export function withPath<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw Object.assign(error as Error, { path });
  }
}

type RunFile =
  'config.json' | 'metrics.jsonl' | 'checkpoint.safetensors' | 'net.safetensors' | 'loss.svg' | 'lock.json';

export class RunFolder {
  readonly path: string;

  /** Touches nothing: a run refused for its input leaves no folder behind. */
  constructor(path: string) {
    this.path = path;
  }

  /** @throws the system's error where that is impossible. */
  create(): void {
    mkdirSync(this.path, { recursive: true });
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
    const path = this.file('config.json');
    if (!this.has('config.json')) return null;
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      return `${path}: cannot be read (${codeOf(error)})`;
    }
    const json = parseJson(text);
    if (json === undefined) return `${path}: not valid JSON`;
    const parsed = SupervisedConfig.safeParse(json);
    return parsed.success ? parsed.data : `${path}: ${configFault(parsed.error.issues[0])}`;
  }

  writeConfig(config: SupervisedConfig): void {
    writeFileAtomically(this.file('config.json'), Buffer.from(`${JSON.stringify(config, null, 2)}\n`));
  }

  append(metrics: Metrics): void {
    const path = this.file('metrics.jsonl');
    withPath(path, () => appendFileSync(path, `${JSON.stringify(metrics)}\n`));
  }

  /**
   * The metrics so far; a last line torn by a crash is left out.
   * @throws Error with a sentence that names the first other line that is damaged.
   */
  metrics(): Metrics[] {
    const read = this.readMetrics();
    if (typeof read === 'string') throw new Error(read);
    return read;
  }

  /**
   * Forgets what was written after the checkpoint, since the run writes it again.
   * @returns a sentence where the metrics are damaged, else null.
   */
  truncateMetrics(step: number): string | null {
    const read = this.readMetrics();
    if (typeof read === 'string') return read;
    const kept = read.filter((metrics) => metrics.step <= step);
    const lines = kept.map((metrics) => `${JSON.stringify(metrics)}\n`).join('');
    writeFileAtomically(this.file('metrics.jsonl'), Buffer.from(lines));
    return null;
  }

  private readMetrics(): Metrics[] | string {
    const path = this.file('metrics.jsonl');
    if (!this.has('metrics.jsonl')) return [];
    // Each line is written with its end, so that what follows the last one is either nothing or torn.
    const text = withPath(path, () => readFileSync(path, 'utf8'));
    const lines = text.split('\n').slice(0, -1);
    const read: Metrics[] = [];
    for (const [index, line] of lines.entries()) {
      const parsed = Metrics.safeParse(parseJson(line));
      if (!parsed.success) return `${path}: line ${index + 1} is damaged; mend or delete it`;
      read.push(parsed.data);
    }
    return read;
  }
}
