/** What the browser remembers between visits: the game in progress and how the person likes the page. */
import { z } from 'zod';
import { rulesName } from '../../../server/protocol/messages.ts';

/** The methods of `localStorage` that are used; tests pass a map. */
export type Storage = {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
};

const savedGame = z.strictObject({ id: z.string(), secret: z.string().nullable() });
export type SavedGame = z.infer<typeof savedGame>;

const preferences = z.object({
  /** Overlays on the board. */
  showPolicy: z.boolean().catch(false),
  showOwnership: z.boolean().catch(false),
  showMoveNumbers: z.boolean().catch(false),
  showCoordinates: z.boolean().catch(true),
  /** Whether a tap first shows the stone and a second one plays it; a mouse plays at once. */
  confirmTouch: z.boolean().catch(true),
  sound: z.boolean().catch(false),
  /** What the new-game dialog offers first. */
  size: z.int().min(5).max(19).catch(9),
  color: z.union([z.literal(1), z.literal(2)]).catch(1),
  rules: rulesName.catch('chinese'),
  level: z.string().catch(''),
});
export type Preferences = z.infer<typeof preferences>;

const GAME_KEY = 'tengen-game';
const SMOOTHING_KEY = 'tengen-smoothing';
const PREFERENCES_KEY = 'tengen-preferences';

function readJson(storage: Storage, key: string): unknown {
  try {
    return JSON.parse(storage.getItem(key) ?? 'null') as unknown;
  } catch {
    return null; // storage switched off, or text that another program wrote
  }
}

function write(storage: Storage, key: string, value: unknown): void {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden storage only means that the next visit starts afresh.
  }
}

/** Where games are kept: of this tab, which comes back to its own, and of all, for tabs that are new. */
export type GameStorages = { readonly tab: Storage; readonly shared: Storage };

/** @param id of the only game that is wanted; of any by default. */
export function loadGame({ tab, shared }: GameStorages, id?: string): SavedGame | null {
  const saved = [gameIn(tab), gameIn(shared)];
  return saved.find((game) => game !== null && (id === undefined || game.id === id)) ?? null;
}

export function saveGame({ tab, shared }: GameStorages, game: SavedGame): void {
  for (const storage of [tab, shared]) write(storage, GAME_KEY, game);
}

/** Another tab's game stays where it is. */
export function forgetGame({ tab, shared }: GameStorages, id: string): void {
  for (const storage of [tab, shared]) if (gameIn(storage)?.id === id) write(storage, GAME_KEY, null);
}

function gameIn(storage: Storage): SavedGame | null {
  return savedGame.nullable().catch(null).parse(readJson(storage, GAME_KEY));
}

/** Unknown or broken fields fall back to their defaults one by one. */
export function loadPreferences(storage: Storage): Preferences {
  const stored = readJson(storage, PREFERENCES_KEY);
  return preferences.parse(typeof stored === 'object' && stored !== null ? stored : {});
}

export function savePreferences(storage: Storage, value: Preferences): void {
  write(storage, PREFERENCES_KEY, value);
}

/** How much the curves of training are smoothed, in [0, 1]. */
export function loadSmoothing(storage: Storage): number {
  return z.number().min(0).max(1).catch(0.4).parse(readJson(storage, SMOOTHING_KEY));
}

export function saveSmoothing(storage: Storage, smoothing: number): void {
  write(storage, SMOOTHING_KEY, smoothing);
}
