/** A websocket client for tests, and a server for it on a free port. */
import { WebSocket } from 'ws';
import { decodeServerFrame, encodeFrame } from '#server/protocol/codec.ts';
import type { ClientMessage, GameMessage, NewGameMessage, ServerMessage } from '#server/protocol/messages.ts';
import { startServer } from '#server/server.ts';
import type { RunningServer, ServerOptions } from '#server/server.ts';
import { memoryStore } from '#server/store/game-store.ts';
import { fakeSearch } from './fake-search.ts';
import type { FakeSearch } from './fake-search.ts';

export type TestServer = RunningServer & { readonly search: FakeSearch; readonly logged: unknown[] };

export async function startTestServer(changes: Partial<ServerOptions> = {}): Promise<TestServer> {
  const search = fakeSearch();
  const logged: unknown[] = [];
  const started = await startServer({
    host: '127.0.0.1',
    port: 0,
    token: null,
    store: memoryStore(),
    search,
    webFolder: '/nonexistent',
    runsFolder: '/nonexistent',
    nextSeed: () => 1,
    logError: (error) => logged.push(error),
    ...changes,
  });
  if (!started.ok) throw new Error(started.message);
  return { ...started.server, search, logged };
}

export type TestClient = {
  send(message: ClientMessage): void;
  sendBytes(bytes: Uint8Array): void;
  /** The first message of this type, or that satisfies the test, not yet returned; waits for it. */
  next<T extends ServerMessage['type']>(
    type: T,
    test?: (message: Extract<ServerMessage, { type: T }>) => boolean,
  ): Promise<Extract<ServerMessage, { type: T }>>;
  /** Code of the close. */
  readonly closed: Promise<number>;
  close(): void;
};

export async function connect(port: number, query = '', headers = {}): Promise<TestClient> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws${query}`, { headers });
  const received: ServerMessage[] = [];
  let wake: () => void = () => undefined;
  socket.on('message', (data: Buffer) => {
    const decoded = decodeServerFrame(data);
    if (!decoded.ok) throw new Error(decoded.error);
    received.push(decoded.message);
    wake();
  });
  const closed = new Promise<number>((resolve) => socket.on('close', (code) => resolve(code)));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return {
    send: (message) => socket.send(encodeFrame(message)),
    sendBytes: (bytes) => socket.send(bytes),
    async next(type, test = () => true) {
      for (;;) {
        const index = received.findIndex((m) => m.type === type && test(m as never));
        if (index >= 0) return received.splice(0, index + 1)[index] as never;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    closed,
    close: () => socket.close(),
  };
}

export const NEW_GAME: NewGameMessage = {
  type: 'new-game',
  width: 5,
  height: 5,
  rules: 'chinese',
  komi: 7.5,
  handicap: 0,
  color: 1,
  level: 'net',
};

/** Plays a person's move and returns the game after the engine's answer, or after the scoring was proposed. */
export async function playAndWait(client: TestClient, game: GameMessage, move: number): Promise<GameMessage> {
  const ply = game.moves.length;
  client.send({ type: 'play', move, ply, nonce: `n${ply}` });
  return client.next('game', (answer) => answer.moves.length > ply && !answer.thinking);
}
