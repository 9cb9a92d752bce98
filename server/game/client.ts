/** A connection, as far as games know. */
import type { ServerMessage } from '#server/protocol/messages.ts';

export interface Client {
  send(message: ServerMessage): void;
}
