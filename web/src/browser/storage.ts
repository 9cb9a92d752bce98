/** The browser's storages. Where it forbids them, as with all cookies blocked, what is kept lasts as long as the page. */
import type { Storage } from '../state/saved.ts';

/** For this tab alone. */
export const tabStorage: Storage = allowed(() => sessionStorage);

/** For all tabs and later visits. */
export const sharedStorage: Storage = allowed(() => localStorage);

function allowed(open: () => Storage): Storage {
  try {
    return open();
  } catch {
    const items = new Map<string, string>();
    return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => void items.set(key, value) };
  }
}
