/** Configs as trees of plain data: put together from several, and compared. */
import { z } from 'zod';
import { PLAINLY } from '#nets/checked.ts';

export type Tree = { readonly [name: string]: unknown };

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Any part of the config of a run, as people write it; what it may say is checked with the whole. */
export const ConfigPart = z.looseObject({}, { error: 'give one JSON object' });

/** `over` where it says something, `under` elsewhere. */
export function merge(under: Tree, over: Tree): Tree {
  const merged: Record<string, unknown> = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const below = merged[name];
    const both = isTree(value) ? merge(isTree(below) ? below : {}, value) : value;
    if (both !== undefined && !(isTree(both) && Object.keys(both).length === 0)) merged[name] = both;
  }
  return merged;
}

/** The places, as "learner.schedule", where `merge` puts fields over a value that has none: it would be lost before a schema sees it. */
export function covered(under: Tree, over: Tree): string[] {
  return Object.entries(merge({}, over)).flatMap(([name, value]) => {
    const below = under[name];
    if (below === undefined || !isTree(value)) return [];
    return isTree(below) ? covered(below, value).map((field) => `${name}.${field}`) : [name];
  });
}

/** What is wrong with a place of `covered`. */
export const NO_FIELDS = 'it has to be an object, { ... }';

/** The first place where two configs differ, as "selfPlay.visits"; null where they do not. */
export function difference(a: unknown, b: unknown): string | null {
  if (!isTree(a) || !isTree(b)) return JSON.stringify(a) === JSON.stringify(b) ? null : '';
  for (const name of Object.keys({ ...a, ...b })) {
    const below = difference(a[name], b[name]);
    if (below !== null) return below === '' ? name : `${name}.${below}`;
  }
  return null;
}

/** A field that the schema reads which suits what is given, so that a refusal names the field within. */
export function suited<Value>(schemaFor: (given: unknown) => z.ZodType<Value>): z.ZodType<Value> {
  return z.unknown().transform((given, context) => {
    const parsed = schemaFor(given).safeParse(given, PLAINLY);
    if (parsed.success) return parsed.data;
    for (const { path, message } of parsed.error.issues)
      context.addIssue({ code: 'custom', path: [...path], message });
    return z.NEVER;
  });
}
