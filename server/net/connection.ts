/** One websocket as a client of games: decodes, limits and never lets a slow reader fill the memory. */
import type { WebSocket } from 'ws';
import { decodeClientFrame, encodeFrame } from '#server/protocol/codec.ts';
import type { GameMessage, ServerMessage } from '#server/protocol/messages.ts';
import type { Client } from '../game/client.ts';
import type { GameHub } from '../game/hub.ts';
import { makeBucket } from './rate-limit.ts';

/** Faster than any person plays, with room for a page that catches up. */
const MESSAGE_LIMIT = { burst: 40, perSecond: 20 };
/** Refused messages after which the connection is closed. */
const MAX_REFUSED = 200;
/** Unsent bytes above which only the newest state is kept, and above which the reader is given up. */
const SLOW_BYTES = 256 * 1024;
const STUCK_BYTES = 1024 * 1024;
const PING_MS = 15_000;
/** Missed pongs in a row after which the peer counts as gone. */
const MAX_MISSED = 2;

export type ConnectionServices = {
  readonly hub: GameHub;
  readonly now: () => number;
  readonly logError: (error: unknown, what: string) => void;
};

export function serveConnection(socket: WebSocket, { hub, now, logError }: ConnectionServices): void {
  const bucket = makeBucket(MESSAGE_LIMIT, now);
  let refused = 0;
  let missed = 0;
  /** The newest game that a slow reader has not been sent. */
  let latest: GameMessage | null = null;

  function transmit(message: ServerMessage): void {
    socket.send(encodeFrame(message), (error) => {
      if (error || latest === null || socket.bufferedAmount > SLOW_BYTES) return;
      const next = latest;
      latest = null;
      transmit(next);
    });
  }
  const client: Client = {
    send(message) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > STUCK_BYTES) return socket.close(1013, 'The connection is too slow.');
      if (socket.bufferedAmount <= SLOW_BYTES) return transmit(message);
      // A game replaces the one before it; anything else about a position soon past is not worth waiting for.
      if (message.type === 'game') latest = message;
    },
  };
  function refuse(code: 'bad-frame' | 'rate-limited' | 'internal', message: string): void {
    refused++;
    if (refused > MAX_REFUSED) socket.close(1008, 'Too many refused messages.');
    else client.send({ type: 'error', code, message });
  }

  socket.on('message', (data, isBinary) => {
    if (socket.readyState !== socket.OPEN) return;
    if (!bucket.take()) return refuse('rate-limited', 'Too many messages: slow down.');
    if (!isBinary || !(data instanceof Buffer)) return refuse('bad-frame', 'Frames must be binary msgpack.');
    const decoded = decodeClientFrame(data);
    if (!decoded.ok) return refuse('bad-frame', decoded.error);
    try {
      hub.handle(client, decoded.message);
    } catch (error) {
      logError(error, `handling ${decoded.message.type}`);
      refuse('internal', 'Something went wrong on the server; nothing was changed. Try again.');
    }
  });
  socket.on('error', (error) => logError(error, 'websocket'));
  socket.on('pong', () => {
    missed = 0;
  });
  const pings = setInterval(() => {
    if (missed >= MAX_MISSED) return socket.terminate();
    missed++;
    socket.ping();
  }, PING_MS);
  socket.on('close', () => {
    clearInterval(pings);
    hub.leave(client);
  });
}
