/** The events that elements send up to the page, with their details. */
import type { NewGameMessage } from '../../../server/protocol/messages.ts';
import type { TrainingGame } from '../../../server/protocol/training.ts';
import type { Preferences } from '../state/saved.ts';
import type { Route } from '../state/training/route.ts';
import type { RunData } from '../state/training/run-data.ts';

export type PageEvents = {
  /** A point chosen on the board. */
  'point-chosen': number;
  /** A move typed or passed: point or pass. */
  'move-chosen': number;
  /** A point waiting for a second tap, or null. */
  'candidate-changed': number | null;
  /** Whether to play the point that waits for a second tap. */
  'candidate-answered': boolean;
  /** Something to say to a screen reader, asked for by a key on the board. */
  'say-requested': 'last-move' | 'captures';
  'game-requested': Omit<NewGameMessage, 'type'>;
  'action-requested':
    'undo' | 'resign' | 'accept-score' | 'resume-play' | 'play-on' | 'download' | 'copy-link' | 'ask-again';
  'file-chosen': File;
  /** A ply to look at, or null for the present. */
  'ply-chosen': number | null;
  'preferences-changed': Partial<Preferences>;
  /** A game in play to be watched, by its index. */
  'live-game-chosen': number;
  /** A finished game to be replayed, by its place in the open file. */
  'finished-game-chosen': number;
  'games-page-chosen': { shard: string; from: number };
  'game-save-requested': TrainingGame;
  /** Something else to look at on the page of training runs. */
  'route-chosen': Partial<Route>;
  /** In [0, 1]. */
  'smoothing-chosen': number;
  'table-save-requested': RunData;
  /** A sentence for screen readers. */
  announced: string;
};

export function emit<K extends keyof PageEvents>(from: HTMLElement, name: K, detail: PageEvents[K]): void {
  from.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}
