/** What people write, checked by a schema, with what is wrong said in one plain sentence. */
import type { z } from 'zod';

export type Checked<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };

/** @returns the value as the schema reads it, or the first field that is wrong and what it has to be: "field size: it has to be at most 25". */
export function checked<Value>(schema: z.ZodType<Value>, given: unknown): Checked<Value> {
  const parsed = schema.safeParse(given, PLAINLY);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [{ path, message }] = parsed.error.issues;
  return { ok: false, message: path.length === 0 ? message : `field ${path.join('.')}: ${message}` };
}

/** For zod's parsers: sentences of ours where a schema has none of its own. */
export const PLAINLY = { error: plainly };

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object, { ... }',
  record: 'an object, { ... }',
};

function plainly(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type': {
      const kind = KINDS[issue.expected] ?? issue.expected;
      return issue.input === undefined ? `it is missing, and has to be ${kind}` : `it has to be ${kind}`;
    }
    case 'invalid_value':
      return `it has to be ${issue.values.map(String).join(' or ')}`;
    case 'invalid_union': {
      const ways = Array.isArray(issue.options) ? issue.options : issue.errors.flatMap(ofUnion);
      return ways.length === 0 ? undefined : `it has to be ${ways.map(String).join(' or ')}`;
    }
    case 'unrecognized_keys':
      return `there is nothing named ${issue.keys.map((key) => `"${key}"`).join(' or ')} here; check the spelling, or leave it out`;
    case 'too_small':
      return `it has to ${bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)}`;
    case 'too_big':
      return `it has to ${bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)}`;
    default:
      return undefined;
  }
}

/** What a value would have to be by one member of a union. */
function ofUnion([issue]: readonly z.core.$ZodIssue[]): readonly unknown[] {
  if (issue.code === 'invalid_value') return issue.values;
  return issue.code === 'invalid_type' ? [KINDS[issue.expected] ?? issue.expected] : [];
}

function bound(origin: string, comparison: string, limit: number | bigint): string {
  if (origin === 'array') return `have ${comparison} ${limit} of its kind`;
  return `be ${comparison} ${limit}${origin === 'string' ? ' characters long' : ''}`;
}
