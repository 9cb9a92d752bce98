/** Texts of JSON that may be anything. */
import type { z } from 'zod';
import { brokenLine } from './broken-json.ts';
import { checked } from './checked.ts';
import type { Checked } from './checked.ts';

/** Undefined, which JSON has not, where the text is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** As `checked`, of a text that people write; editors on Windows begin it with a byte order mark. */
export function checkedJson<Value>(schema: z.ZodType<Value>, text: string): Checked<Value> {
  const unmarked = text.replace(/^\uFEFF/, '');
  const json = parseJson(unmarked);
  return json === undefined
    ? { ok: false, message: `not valid JSON${whereBroken(unmarked)}` }
    : checked(schema, json);
}

/** " at line 3"; nothing where nesting is deeper, or a string longer, than the stack holds. */
function whereBroken(text: string): string {
  try {
    return ` at line ${brokenLine(text)}`;
  } catch (error) {
    if (error instanceof RangeError) return '';
    throw error;
  }
}
