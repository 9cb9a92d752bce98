/** Files of text that a run keeps: JSON that may be anything, configs by their schema, lines that a crash may tear. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { z } from 'zod';
import { writeFileAtomically } from '#nets/atomic-file.ts';
import { checkedJson, parseJson } from '#nets/json.ts';

/** Does something with a file; the system's refusals, which leave it out once the file is open, get its path. */
export function withPath<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw Object.assign(error as Error, { path });
  }
}

/** The config stored at `path`, null where there is no file, or a sentence where it cannot be used. */
export function readConfigFile<Config extends object>(
  path: string,
  schema: z.ZodType<Config>,
): Config | null | string {
  if (!existsSync(path)) return null;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return `${path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;
  }
  const config = checkedJson(schema, text);
  return config.ok ? config.value : `${path}: ${config.message}`;
}

/** Writes a value for people and programs to read, in one piece or not at all. */
export function writeJsonFile(path: string, value: unknown): void {
  writeFileAtomically(path, Buffer.from(`${JSON.stringify(value, null, 2)}\n`));
}

/** The line is on the disk when this returns. */
export function appendJsonLine(path: string, value: unknown): void {
  withPath(path, () => appendFileSync(path, `${JSON.stringify(value)}\n`, { flush: true }));
}

/**
 * The lines of a file that `appendJsonLine` wrote; a last one torn by a crash is left out, and no file has none.
 * @returns a sentence that names the first other line that is damaged.
 */
export function readJsonLines<Line>(path: string, schema: z.ZodType<Line>): Line[] | string {
  if (!existsSync(path)) return [];
  // Each line is written with its end, so that what follows the last one is either nothing or torn.
  const text = withPath(path, () => readFileSync(path, 'utf8'));
  const read: Line[] = [];
  for (const [index, line] of text.split('\n').slice(0, -1).entries()) {
    const parsed = schema.safeParse(parseJson(line));
    if (!parsed.success) return `${path}: line ${index + 1} is damaged; mend it, or put a sound copy there`;
    read.push(parsed.data);
  }
  return read;
}

/** Drops the lines that are not to be kept. @returns a sentence where the file is damaged, else null. */
export function filterJsonLines<Line>(
  path: string,
  schema: z.ZodType<Line>,
  keep: (line: Line) => boolean,
): string | null {
  const read = readJsonLines(path, schema);
  if (typeof read === 'string') return read;
  const lines = read.filter(keep).map((line) => `${JSON.stringify(line)}\n`);
  writeFileAtomically(path, Buffer.from(lines.join('')));
  return null;
}
