/** The page's conversation with the server, without a browser: moves are never lost or doubled, and games come back. */
import { decodeClientFrame, encodeFrame } from '#server/protocol/codec.ts';
import type { ClientMessage, ServerMessage } from '#server/protocol/messages.ts';
import { describe, expect, it } from 'vitest';
import { loadGame, loadPreferences, saveGame } from '../../web/src/state/saved.ts';
import { GameSession, type SocketEvents } from '../../web/src/state/session.ts';
import { gameMessage } from './game-message.ts';

function makeStorage(): { getItem(key: string): string | null; setItem(key: string, value: string): void } {
  const items = new Map<string, string>();
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => void items.set(key, value) };
}

/** A session whose sockets, clock and chance are in the test's hands. */
function makeSession(
  options: { storage?: ReturnType<typeof makeStorage>; watch?: string; analysis?: boolean } = {},
) {
  const storage = options.storage ?? makeStorage();
  const sent: ClientMessage[] = [];
  const sockets: SocketEvents[] = [];
  const timers: { delayMs: number; callback: () => void }[] = [];
  let nonces = 0;
  const session = new GameSession(
    {
      storage,
      connect: (events) => {
        sockets.push(events);
        return {
          send: (bytes) => {
            const decoded = decodeClientFrame(bytes);
            if (!decoded.ok) throw new Error(decoded.error);
            sent.push(decoded.message);
          },
          close: () => events.closed(),
        };
      },
      later: (delayMs, callback) => void timers.push({ delayMs, callback }),
      makeNonce: () => `nonce-${++nonces}`,
      random: () => 0.5,
    },
    { watch: options.watch, analysis: options.analysis ?? false },
  );
  const receive = (message: ServerMessage): void => sockets.at(-1)?.frame(encodeFrame(message));
  session.start();
  return { session, storage, sent, sockets, timers, receive, state: () => session.store.value };
}

describe('GameSession', () => {
  it('asks for the stored game when the socket opens, and for nothing when there is none', () => {
    const storage = makeStorage();
    const fresh = makeSession({ storage });
    fresh.sockets[0].open();
    expect(fresh.sent).toEqual([]);
    saveGame(storage, { id: 'game-0001', secret: 'secret-of-the-game-1' });
    const again = makeSession({ storage });
    again.sockets[0].open();
    expect(again.sent).toEqual([{ type: 'hello', gameId: 'game-0001', secret: 'secret-of-the-game-1' }]);
  });

  it('stores the game it is given, so that a reload finds it', () => {
    const { sockets, receive, storage } = makeSession();
    sockets[0].open();
    receive(gameMessage(9, ''));
    expect(loadGame(storage)).toEqual({ id: 'game-0001', secret: 'secret-of-the-game-1' });
  });

  it('repeats an unacknowledged move after a reconnect with the same ply and nonce', () => {
    const { session, sockets, receive, sent, timers, state } = makeSession();
    sockets[0].open();
    receive(gameMessage(9, ''));
    session.play(40);
    const move = { type: 'play', move: 40, ply: 0, nonce: 'nonce-1' };
    expect(sent).toEqual([move]);
    sockets[0].closed();
    expect(state().connection).toBe('lost');
    timers[0].callback();
    sockets[1].open();
    receive(gameMessage(9, ''));
    expect(sent.slice(1)).toEqual([
      { type: 'hello', gameId: 'game-0001', secret: 'secret-of-the-game-1' },
      move,
    ]);
    receive(gameMessage(9, 'E5', { ackNonce: 'nonce-1' }));
    expect(state().pending).toBeNull();
  });

  it('does not repeat a move that the server had taken before the socket broke', () => {
    const { session, sockets, receive, sent, timers, state } = makeSession();
    sockets[0].open();
    receive(gameMessage(9, ''));
    session.play(40);
    sockets[0].closed();
    timers[0].callback();
    sockets[1].open();
    receive(gameMessage(9, 'E5', { ackNonce: 'nonce-1' }));
    expect(sent.filter(({ type }) => type === 'play')).toHaveLength(1);
    expect(state().pending).toBeNull();
  });

  it('sends the point width * height as a pass, and one move at a time', () => {
    const { session, sockets, receive, sent } = makeSession();
    sockets[0].open();
    receive(gameMessage(9, ''));
    session.play(81);
    session.play(3);
    expect(sent).toEqual([{ type: 'pass', ply: 0, nonce: 'nonce-1' }]);
  });

  it('waits longer after every failed connection, up to ten seconds', () => {
    const { sockets, timers } = makeSession();
    for (let i = 0; i < 8; i++) {
      sockets.at(-1)?.closed();
      timers.at(-1)?.callback();
    }
    const delays = timers.map(({ delayMs }) => delayMs);
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
  });

  it('shows why a move was refused and lets another be played', () => {
    const { session, sockets, receive, state } = makeSession();
    sockets[0].open();
    receive(gameMessage(9, ''));
    session.play(40);
    receive({ type: 'error', code: 'illegal-move', message: 'Ko.', reason: 'ko', nonce: 'nonce-1' });
    expect(state().notice).toBe('Ko.');
    expect(state().pending).toBeNull();
  });

  it('forgets a stored game that the server does not know', () => {
    const storage = makeStorage();
    saveGame(storage, { id: 'game-0001', secret: null });
    const { sockets, receive, state } = makeSession({ storage });
    sockets[0].open();
    receive({ type: 'error', code: 'no-game', message: 'There is no such game.' });
    expect(loadGame(storage)).toBeNull();
    expect(state().game).toBeNull();
  });

  it('watches the game of a link without a secret and leaves the stored game alone', () => {
    const storage = makeStorage();
    saveGame(storage, { id: 'game-0002', secret: 'secret-of-the-game-2' });
    const { sockets, receive, sent } = makeSession({ storage, watch: 'game-0001' });
    sockets[0].open();
    expect(sent).toEqual([{ type: 'hello', gameId: 'game-0001' }]);
    receive(gameMessage(9, 'E5', { secret: null }));
    expect(loadGame(storage)?.id).toBe('game-0002');
  });

  it('switches analysis on again after a reconnect, which the server has forgotten', () => {
    const { sockets, receive, sent, timers } = makeSession({ analysis: true });
    sockets[0].open();
    receive(gameMessage(9, ''));
    receive(gameMessage(9, 'E5'));
    sockets[0].closed();
    timers[0].callback();
    sockets[1].open();
    receive(gameMessage(9, 'E5'));
    expect(sent.filter(({ type }) => type === 'analysis')).toHaveLength(2);
  });

  it('drops the analysis of positions that were taken back', () => {
    const { sockets, receive, state } = makeSession();
    sockets[0].open();
    receive(gameMessage(9, 'E5 C3'));
    const analysis = {
      type: 'analysis' as const,
      gameId: 'game-0001',
      ply: 2,
      policy: null,
      winrateBlack: 0.5,
      scoreBlack: null,
      ownershipBlack: null,
      visits: [],
      pv: [],
    };
    receive(analysis);
    expect([...state().analyses.keys()]).toEqual([2]);
    receive(gameMessage(9, ''));
    expect(state().analyses.size).toBe(0);
  });
});

describe('preferences', () => {
  it('fall back field by field when the storage holds something else', () => {
    const storage = makeStorage();
    storage.setItem('tengen-preferences', JSON.stringify({ sound: true, size: 77, rules: 'chess' }));
    expect(loadPreferences(storage)).toMatchObject({ sound: true, size: 9, rules: 'chinese' });
    storage.setItem('tengen-preferences', '{');
    expect(loadPreferences(storage)).toMatchObject({ sound: false, size: 9 });
  });
});
