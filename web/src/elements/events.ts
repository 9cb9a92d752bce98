/** The events that elements send up to the page, with their details. */
import type { NewGameMessage } from '../../../server/protocol/messages.ts';
import type { Preferences } from '../state/saved.ts';

export type PageEvents = {
  /** A point chosen on the board. */
  'point-chosen': number;
  /** A move typed or passed: point or pass. */
  'move-chosen': number;
  /** A point waiting for a second tap, or null. */
  'candidate-changed': number | null;
  /** Something to say to a screen reader, asked for by a key on the board. */
  'say-requested': 'last-move' | 'captures';
  'game-requested': Omit<NewGameMessage, 'type'>;
  'dialog-requested': 'new-game' | 'resign';
  'action-requested':
    'undo' | 'accept-score' | 'resume-play' | 'download' | 'resign' | 'copy-link' | 'ask-again';
  'file-chosen': File;
  /** A ply to look at, or null for the present. */
  'ply-chosen': number | null;
  'preferences-changed': Partial<Preferences>;
};

export function emit<K extends keyof PageEvents>(from: HTMLElement, name: K, detail: PageEvents[K]): void {
  from.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}
