/** The studies that come with the program, as files beside this one. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, 'shipped');
const EXTENSION = '.json';

export const SHIPPED_STUDIES: readonly string[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith(EXTENSION))
  .map((file) => file.slice(0, -EXTENSION.length));

/** The path of a study by its file or by its name here; null where there is neither. */
export function studyPath(fileOrName: string): string | null {
  if (SHIPPED_STUDIES.includes(fileOrName)) return join(FOLDER, `${fileOrName}${EXTENSION}`);
  return existsSync(fileOrName) ? fileOrName : null;
}
