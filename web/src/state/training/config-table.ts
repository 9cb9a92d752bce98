/** The config of a run, whatever is in it, as rows of names and values, and how it differs from another's. */

/** More fields than any config has; of a longer one the first are shown. */
const MAX_ROWS = 2000;

function flatten(value: unknown, path: string, rows: Map<string, string>): void {
  if (rows.size >= MAX_ROWS) return;
  const isPlain = typeof value !== 'object' || value === null;
  const isShortList = Array.isArray(value) && value.every((item) => typeof item !== 'object');
  if (isPlain || isShortList || Object.keys(value).length === 0) rows.set(path, JSON.stringify(value) ?? '');
  else
    for (const [name, field] of Object.entries(value))
      flatten(field, path === '' ? name : `${path}.${name}`, rows);
}

export type ConfigRow = {
  /** "learner.optimizer", "boards.0.size". */
  readonly name: string;
  /** As JSON; null where the config has no such field. */
  readonly value: string | null;
  readonly other: string | null;
  readonly differs: boolean;
};

/** @param other the config to compare with, or undefined for none. */
export function configRows(config: unknown, other?: unknown): ConfigRow[] {
  const own = new Map<string, string>();
  const others = new Map<string, string>();
  flatten(config ?? {}, '', own);
  if (other !== undefined) flatten(other ?? {}, '', others);
  const names = [...new Set([...own.keys(), ...others.keys()])].filter((name) => name !== '');
  return names.map((name) => {
    const value = own.get(name) ?? null;
    const otherValue = others.get(name) ?? null;
    return { name, value, other: otherValue, differs: other !== undefined && value !== otherValue };
  });
}
