/** The page's conversation with the server, without a browser: moves are never lost or doubled, and games come back. */
import { decodeClientFrame, encodeFrame } from '#server/protocol/codec.ts';
import type { ClientMessage, ServerMessage } from '#server/protocol/messages.ts';
import { describe, expect, it } from 'vitest';
import { loadGame, loadPreferences, saveGame } from '../../web/src/state/saved.ts';
import type { GameStorages, Storage } from '../../web/src/state/saved.ts';
import { GameSession, type SocketEvents } from '../../web/src/state/session.ts';
import { gameMessage } from './game-message.ts';

function makeStorage(): Storage {
  const items = new Map<string, string>();
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => void items.set(key, value) };
}

const makeTab = (shared: Storage = makeStorage()): GameStorages => ({ tab: makeStorage(), shared });

/** A session whose sockets, clock and chance are in the test's hands. */
function makeSession(options: { storages?: GameStorages; watch?: string } = {}) {
  const storages = options.storages ?? makeTab();
  const sent: ClientMessage[] = [];
  const sockets: SocketEvents[] = [];
  const timers: { delayMs: number; callback: () => void }[] = [];
  let nonces = 0;
  const session = new GameSession(
    {
      storages,
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
    options.watch,
  );
  const receive = (message: ServerMessage): void => sockets.at(-1)?.frame(encodeFrame(message));
  session.start();
  /** What was sent about the game itself. */
  const played = (): ClientMessage[] => sent.filter(({ type }) => type !== 'analysis');
  const asked = (): ClientMessage[] => sent.filter(({ type }) => type === 'analysis');
  return {
    session,
    storages,
    sent,
    played,
    asked,
    sockets,
    timers,
    receive,
    state: () => session.store.value,
  };
}

const analysisOf = (ply: number): ServerMessage => ({
  type: 'analysis',
  gameId: 'game-0001',
  ply,
  policy: null,
  winrateBlack: 0.5,
  scoreBlack: null,
  ownershipBlack: null,
  visits: [],
  pv: [],
});

describe('GameSession', () => {
  it('forgets a game that the server has lost, but shows on what it has of it', () => {
    const { session, storages, receive, sockets, state } = makeSession();
    sockets[0].open();
    receive(gameMessage(5, 'C3 C2'));
    expect(loadGame(storages)).not.toBeNull();
    receive({ type: 'error', code: 'damaged-game', message: 'It is damaged.' });
    expect(loadGame(storages)).toBeNull();
    session.play(0);
    receive({ type: 'error', code: 'not-open', message: 'No game is open here.' });
    expect(state()).toMatchObject({ notice: 'No game is open here.', pending: null });
    expect(state().game?.moves).toHaveLength(2);
  });

  it('asks for the stored game when the socket opens, and for nothing when there is none', () => {
    const storages = makeTab();
    const fresh = makeSession({ storages });
    fresh.sockets[0].open();
    expect(fresh.sent).toEqual([]);
    saveGame(storages, { id: 'game-0001', secret: 'secret-of-the-game-1' });
    const again = makeSession({ storages });
    again.sockets[0].open();
    expect(again.sent).toEqual([{ type: 'hello', gameId: 'game-0001', secret: 'secret-of-the-game-1' }]);
  });

  it('stores the game it is given, so that a reload finds it', () => {
    const { sockets, receive, storages } = makeSession();
    sockets[0].open();
    receive(gameMessage(9, ''));
    expect(loadGame(storages)).toEqual({ id: 'game-0001', secret: 'secret-of-the-game-1' });
  });

  it('repeats an unacknowledged move after a reconnect with the same ply and nonce', () => {
    const { session, sockets, receive, played, timers, state } = makeSession();
    sockets[0].open();
    receive(gameMessage(9, ''));
    session.play(40);
    const move = { type: 'play', move: 40, ply: 0, nonce: 'nonce-1' };
    expect(played()).toEqual([move]);
    sockets[0].closed();
    expect(state().connection).toBe('lost');
    timers.at(-1)?.callback();
    sockets[1].open();
    receive(gameMessage(9, ''));
    expect(played().slice(1)).toEqual([
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
    timers.at(-1)?.callback();
    sockets[1].open();
    receive(gameMessage(9, 'E5', { ackNonce: 'nonce-1' }));
    expect(sent.filter(({ type }) => type === 'play')).toHaveLength(1);
    expect(state().pending).toBeNull();
  });

  it('sends the point width * height as a pass, and one move at a time', () => {
    const { session, sockets, receive, played } = makeSession();
    sockets[0].open();
    receive(gameMessage(9, ''));
    session.play(81);
    session.play(3);
    expect(played()).toEqual([{ type: 'pass', ply: 0, nonce: 'nonce-1' }]);
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
    const storages = makeTab();
    saveGame(storages, { id: 'game-0001', secret: null });
    const { sockets, receive, state } = makeSession({ storages });
    sockets[0].open();
    receive({ type: 'error', code: 'no-game', message: 'There is no such game.' });
    expect(loadGame(storages)).toBeNull();
    expect(state().game).toBeNull();
  });

  it('watches the game of a link without a secret and leaves the stored game alone', () => {
    const storages = makeTab();
    saveGame(storages, { id: 'game-0002', secret: 'secret-of-the-game-2' });
    const { sockets, receive, sent } = makeSession({ storages, watch: 'game-0001' });
    sockets[0].open();
    expect(sent).toEqual([{ type: 'hello', gameId: 'game-0001' }]);
    receive(gameMessage(9, 'E5', { secret: null }));
    expect(loadGame(storages)?.id).toBe('game-0002');
  });

  it('leaves another game of the tabs alone where that of a dead link is gone', () => {
    const storages = makeTab();
    saveGame(storages, { id: 'game-0002', secret: 'secret-of-the-game-2' });
    const { sockets, receive } = makeSession({ storages, watch: 'game-0001' });
    sockets[0].open();
    receive({ type: 'error', code: 'no-game', message: 'There is no such game.' });
    expect(loadGame(storages)?.id).toBe('game-0002');
  });

  it('comes back to the game of its own tab, and a new tab to the last one', () => {
    const shared = makeTab().shared;
    const [one, other] = [makeTab(shared), makeTab(shared)];
    const [first, second] = [makeSession({ storages: one }), makeSession({ storages: other })];
    first.sockets[0].open();
    first.receive(gameMessage(9, ''));
    second.sockets[0].open();
    second.receive({ ...gameMessage(9, ''), id: 'game-0002', secret: 'secret-of-the-game-2' });
    // Of the first tab again, as after a reconnect.
    first.receive(gameMessage(9, ''));
    expect(loadGame(other)).toEqual({ id: 'game-0002', secret: 'secret-of-the-game-2' });
    first.receive({ type: 'error', code: 'damaged-game', message: 'It is damaged.' });
    expect(loadGame(other)?.id).toBe('game-0002');
    expect(loadGame(makeTab(shared))).toBeNull();
    second.receive({ ...gameMessage(9, 'E5'), id: 'game-0002', secret: 'secret-of-the-game-2' });
    expect(loadGame(makeTab(shared))?.id).toBe('game-0002');
  });

  it('asks again for a game that the server could not read, as often as that is so', () => {
    const { session, sockets, receive, sent, state, storages, timers } = makeSession();
    sockets[0].open();
    receive(gameMessage(9, 'E5 C3'));
    sockets[0].closed();
    timers[0].callback();
    sockets[1].open();
    receive({ type: 'error', code: 'storage', message: 'Try again in a moment.' });
    session.view(1);
    // Goes back to the present too, and asks for its analysis: two messages, neither of which the server can do.
    session.send({ type: 'undo' });
    for (const code of ['not-open', 'not-open', 'storage', 'storage'] as const)
      receive({ type: 'error', code, message: 'Not now.' });
    expect(sent.slice(-2)).toMatchObject([{ type: 'hello', gameId: 'game-0001' }, { type: 'hello' }]);
    expect(state().game?.id).toBe('game-0001');
    expect(loadGame(storages)?.id).toBe('game-0001');
    receive({ type: 'error', code: 'no-game', message: 'There is no such game.' });
    expect(state().game).toBeNull();
    expect(loadGame(storages)).toBeNull();
  });

  it('gives a socket up that does not answer, also one that follows, and repeats the move', () => {
    const { session, sockets, receive, played, timers, state } = makeSession();
    const passTime = (): void => {
      for (const { callback } of timers.splice(0)) callback();
    };
    sockets[0].open();
    receive(gameMessage(9, ''));
    session.play(40);
    passTime();
    expect(state()).toMatchObject({ connection: 'lost', pending: { move: 40 } });
    passTime();
    sockets[1].open();
    expect(state().connection).toBe('open');
    passTime();
    expect(state().connection).toBe('lost');
    passTime();
    sockets[2].open();
    receive(gameMessage(9, ''));
    expect(played().slice(-2)).toMatchObject([{ type: 'hello' }, { type: 'play', nonce: 'nonce-1' }]);
    receive(gameMessage(9, 'E5', { ackNonce: 'nonce-1' }));
    passTime();
    expect(state().connection).toBe('open');
    session.send({ type: 'undo' });
    passTime();
    expect(state().connection).toBe('lost');
  });

  it('finds the key of a linked game among those of other tabs', () => {
    const shared = makeTab().shared;
    saveGame(makeTab(shared), { id: 'game-0001', secret: 'secret-of-the-game-1' });
    const own = makeTab();
    saveGame(own, { id: 'game-0002', secret: 'secret-of-the-game-2' });
    const { sockets, sent } = makeSession({ storages: { tab: own.tab, shared }, watch: 'game-0001' });
    sockets[0].open();
    expect(sent).toEqual([{ type: 'hello', gameId: 'game-0001', secret: 'secret-of-the-game-1' }]);
  });

  it('asks for analysis once a game, and again after a reconnect, which the server has forgotten', () => {
    const { sockets, receive, asked, timers } = makeSession();
    sockets[0].open();
    receive(gameMessage(9, ''));
    receive(gameMessage(9, 'E5'));
    expect(asked()).toEqual([{ type: 'analysis', on: true }]);
    sockets[0].closed();
    timers[0].callback();
    sockets[1].open();
    receive(gameMessage(9, 'E5'));
    expect(asked()).toHaveLength(2);
  });

  it('asks for the analysis of the position it stops at, not of those it passes, nor twice for one', () => {
    const { session, sockets, receive, asked, timers } = makeSession();
    sockets[0].open();
    receive(gameMessage(9, 'E5 C3 G7'));
    session.step(-1);
    session.step(-1);
    for (const { callback } of timers.splice(0)) callback();
    expect(asked().slice(1)).toEqual([{ type: 'analysis', on: true, ply: 1 }]);
    receive(analysisOf(1));
    session.view(null);
    session.view(1);
    for (const { callback } of timers.splice(0)) callback();
    expect(asked().slice(2)).toEqual([{ type: 'analysis', on: true }]);
  });

  it('looks at the present again when the position looked at was taken back', () => {
    const { session, sockets, receive, state } = makeSession();
    sockets[0].open();
    receive(gameMessage(9, 'E5 C3 G7'));
    session.view(2);
    receive(gameMessage(9, 'E5 C3'));
    expect(state().viewPly).toBeNull();
  });

  it('drops the analysis of positions that were taken back or replaced', () => {
    const { sockets, receive, state } = makeSession();
    sockets[0].open();
    receive(gameMessage(9, 'E5 C3'));
    for (const ply of [1, 2]) receive(analysisOf(ply));
    expect([...state().analyses.keys()]).toEqual([1, 2]);
    receive(gameMessage(9, 'E5 D4'));
    expect([...state().analyses.keys()]).toEqual([1]);
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
