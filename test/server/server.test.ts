/** Whole games over real sockets, with a search that answers at once. */
import { connect as connectTcp } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { makeRng } from '#engine/go/random.ts';
import { encodeFrame } from '#server/protocol/codec.ts';
import type { ClientMessage, GameMessage } from '#server/protocol/messages.ts';
import { startServer } from '#server/server.ts';
import { startGame } from '#server/game/new-game.ts';
import { newCredentials } from '#server/game/stored-game.ts';
import type { StoredGame } from '#server/game/stored-game.ts';
import { DamagedGameError, StorageError, memoryStore } from '#server/store/game-store.ts';
import { connect, NEW_GAME, playAndWait, startTestServer } from './test-client.ts';
import type { TestClient, TestServer } from './test-client.ts';

const PASS = 25;
let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

async function newGame(changes = {}): Promise<{ client: TestClient; game: GameMessage }> {
  const client = await connect(server.port);
  client.send({ ...NEW_GAME, ...changes } as ClientMessage);
  return { client, game: await client.next('game') };
}

describe('a game over the socket', () => {
  it('is answered by the engine, counted after two passes, and finished when the score is accepted', async () => {
    const { client, game } = await newGame();
    expect(game).toMatchObject({ phase: 'playing', toPlay: 1, humanColor: 1, moves: [] });
    server.search.script.push(13, PASS);
    const answered = await playAndWait(client, game, 12);
    expect(answered.stones[12]).toBe(1);
    expect(answered.stones[13]).toBe(2);
    expect(answered.ackNonce).toBe('n0');
    client.send({ type: 'pass', ply: 2, nonce: 'pass' });
    const counted = await client.next('game', ({ phase, thinking }) => phase === 'scoring' && !thinking);
    // One stone each touches all the empty points, which are nobody's: White wins by komi.
    expect(counted.scoreBlack).toBe(-7.5);
    client.send({ type: 'mark-dead', point: 13, dead: true });
    expect((await client.next('game')).scoreBlack).toBe(25 - 7.5);
    // What was shown before is not what would count now.
    client.send({ type: 'accept-score', scoreBlack: -7.5 });
    expect((await client.next('error')).code).toBe('stale');
    expect(await client.next('game')).toMatchObject({ phase: 'scoring', scoreBlack: 25 - 7.5 });
    client.send({ type: 'accept-score', scoreBlack: 25 - 7.5 });
    expect(await client.next('game')).toMatchObject({ phase: 'finished', result: 'B+17.5', dead: [13] });
  });

  it('begins with the engine where the person has White', async () => {
    const { client } = await newGame({ color: 2 });
    const game = await client.next('game', ({ moves }) => moves.length === 1);
    expect(game).toMatchObject({ toPlay: 2, thinking: false });
  });

  it('is unchanged by an illegal move, whose reason is told', async () => {
    const { client, game } = await newGame();
    const before = await playAndWait(client, game, 12);
    client.send({ type: 'play', move: 12, ply: 2, nonce: 'again' });
    expect(await client.next('error')).toMatchObject({
      code: 'illegal-move',
      reason: 'occupied',
      nonce: 'again',
    });
    const after = await playAndWait(client, before, 18);
    expect(after.moves.slice(0, 2)).toEqual(before.moves);
  });

  it('takes a move that is sent twice once', async () => {
    const { client, game } = await newGame();
    await playAndWait(client, game, 12);
    client.send({ type: 'play', move: 12, ply: 0, nonce: 'n0' });
    expect((await client.next('game')).moves).toHaveLength(2);
    client.send({ type: 'play', move: 18, ply: 0, nonce: 'other' });
    expect(await client.next('error')).toMatchObject({ code: 'stale' });
    expect((await client.next('game')).moves).toHaveLength(2);
  });

  it('tells of a move that is sent twice that it was taken, also where it was taken back and another was played since', async () => {
    const { client, game } = await newGame();
    await playAndWait(client, game, 12);
    client.send({ type: 'undo' });
    await client.next('game', ({ moves }) => moves.length === 0);
    client.send({ type: 'play', move: 18, ply: 0, nonce: 'other' });
    await client.next('game', ({ moves, thinking }) => moves.length === 2 && !thinking);
    client.send({ type: 'undo' });
    await client.next('game', ({ moves }) => moves.length === 0);
    client.send({ type: 'play', move: 12, ply: 0, nonce: 'n0' });
    expect(await client.next('game')).toMatchObject({ moves: [], ackNonce: 'n0' });
  });

  it('is resumed with its key, and only watched without', async () => {
    const { client, game } = await newGame();
    const before = await playAndWait(client, game, 12);
    client.close();
    const back = await connect(server.port);
    back.send({ type: 'hello', gameId: game.id, secret: game.secret! });
    expect(await back.next('game')).toEqual({ ...before });
    const watcher = await connect(server.port);
    watcher.send({ type: 'hello', gameId: game.id });
    expect((await watcher.next('game')).secret).toBeNull();
    watcher.send({ type: 'resign' });
    expect((await watcher.next('error')).code).toBe('not-allowed');
    const thief = await connect(server.port);
    thief.send({ type: 'hello', gameId: game.id, secret: 'x'.repeat(32) });
    expect((await thief.next('error')).code).toBe('not-allowed');
    await playAndWait(back, before, 18);
    expect((await watcher.next('game', ({ moves }) => moves.length === 4)).secret).toBeNull();
  });

  it('drops the engine’s search when the move is taken back', async () => {
    const { client, game } = await newGame();
    server.search.hold();
    client.send({ type: 'play', move: 12, ply: 0, nonce: 'a' });
    await client.next('game', ({ thinking }) => thinking);
    client.send({ type: 'undo' });
    expect(await client.next('game', ({ thinking }) => !thinking)).toMatchObject({ moves: [], toPlay: 1 });
    server.search.release();
    expect(server.search.aborted).toBe(1);
    const after = await playAndWait(client, { ...game, moves: [] }, 6);
    expect(after.moves.map(({ move }) => move)).toEqual([6, 0]);
  });

  it('survives a failed search, which a repeated hello tries again', async () => {
    const { client, game } = await newGame();
    server.search.script.push('fail', 7);
    client.send({ type: 'play', move: 12, ply: 0, nonce: 'a' });
    expect((await client.next('error')).code).toBe('search-failed');
    client.send({ type: 'hello', gameId: game.id, secret: game.secret! });
    const after = await client.next('game', ({ moves }) => moves.length === 2);
    expect(after.stones[7]).toBe(2);
    expect(server.logged).toHaveLength(1);
  });

  it('ends when the engine resigns', async () => {
    const { client, game } = await newGame();
    server.search.script.push('resign');
    client.send({ type: 'play', move: 12, ply: 0, nonce: 'a' });
    const ended = await client.next('game', ({ phase }) => phase === 'finished');
    expect(ended).toMatchObject({ result: 'B+R', scoreBlack: null, id: game.id });
  });

  it('is analysed for those who ask, at every position, and the curve is what was found', async () => {
    const { client, game } = await newGame();
    client.send({ type: 'analysis', on: true });
    const first = await client.next('analysis');
    expect(first).toMatchObject({ ply: 0, winrateBlack: 0.625, scoreBlack: 3.5 });
    expect(first.policy).toHaveLength(26);
    const answered = await playAndWait(client, game, 12);
    // The engine's own search is of another strength, and no source of the curve.
    expect(answered.winrateHistory).toEqual([0.625, null, null]);
    expect(await client.next('analysis', ({ ply }) => ply === 2)).toBeDefined();
    client.send({ type: 'hello', gameId: game.id, secret: game.secret! });
    expect((await client.next('game')).winrateHistory).toEqual([0.625, null, 0.625]);
  });

  it('is analysed at any ply in any phase, each searched once', async () => {
    const { client, game } = await newGame();
    await playAndWait(client, game, 12);
    client.send({ type: 'resign' });
    await client.next('game', ({ phase }) => phase === 'finished');
    const before = server.search.searched;
    for (const ply of [1, 0, 1]) {
      client.send({ type: 'analysis', on: true, ply });
      expect((await client.next('analysis')).ply).toBe(ply);
    }
    expect(server.search.searched).toBe(before + 2);
    client.send({ type: 'analysis', on: true, ply: 3 });
    expect(await client.next('error')).toMatchObject({ code: 'stale' });
  });

  it('is loaded from SGF and downloaded as SGF', async () => {
    const client = await connect(server.port);
    client.send({ type: 'load-sgf', text: '(;GM[1]SZ[9]RU[Japanese]KM[6.5];B[ee];W[gg])', level: 'net' });
    const game = await client.next('game');
    expect(game).toMatchObject({ width: 9, rules: 'japanese', komi: 6.5, humanColor: 1 });
    const sgf = await (await fetch(`${server.url}api/games/${game.id}.sgf`)).text();
    expect(sgf).toContain(';B[ee]');
    const upload = await fetch(`${server.url}api/sgf?level=net`, { method: 'POST', body: sgf });
    expect(upload.status).toBe(201);
    const { gameId, secret } = (await upload.json()) as { gameId: string; secret: string };
    client.send({ type: 'hello', gameId, secret });
    expect((await client.next('game')).moves).toEqual(game.moves);
    const refused = await fetch(`${server.url}api/sgf?level=net`, { method: 'POST', body: '(;SZ[99])' });
    expect(refused.status).toBe(400);
  });
});

describe('a store that fails', () => {
  const FULL = 'The game could not be saved: the disk is full.';
  const inner = memoryStore();
  let failure: Error | null = null;
  function orFail<T>(run: () => T): T {
    if (failure !== null) throw failure;
    return run();
  }
  beforeEach(async () => {
    failure = null;
    await server.close();
    const save = (state: StoredGame): void => orFail(() => inner.save(state));
    const load = (id: string): StoredGame | null => orFail(() => inner.load(id));
    server = await startTestServer({ store: { ...inner, save, load } });
  });

  it('costs no move: one that is not saved is not acknowledged, and is taken when it is sent again', async () => {
    const { client, game } = await newGame();
    failure = new StorageError('the disk is full');
    client.send({ type: 'play', move: 12, ply: 0, nonce: 'n0' });
    const refused = await client.next('error');
    expect(refused).toMatchObject({ code: 'storage', nonce: 'n0' });
    expect(refused.message).toBe(`${FULL} Your last move was not accepted.`);
    client.send({ type: 'resign' });
    expect((await client.next('error')).message).toBe(`${FULL} Nothing was changed.`);
    failure = null;
    const answered = await playAndWait(client, game, 12);
    expect(answered).toMatchObject({ ackNonce: 'n0', phase: 'playing' });
    expect(answered.moves).toHaveLength(2);
  });

  it('costs no answer of the engine: it is chosen anew when it is asked again', async () => {
    const { client, game } = await newGame();
    server.search.hold();
    client.send({ type: 'play', move: 12, ply: 0, nonce: 'n0' });
    await client.next('game', ({ ackNonce }) => ackNonce === 'n0');
    failure = new StorageError('the disk is full');
    server.search.release();
    expect((await client.next('error')).message).toBe(`${FULL} The engine’s answer was not kept.`);
    failure = null;
    client.send({ type: 'hello', gameId: game.id, secret: game.secret! });
    expect(await client.next('game', ({ moves }) => moves.length === 2)).toBeDefined();
  });

  it('lets no game begin, from whatever', async () => {
    failure = new StorageError('the disk is full');
    const client = await connect(server.port);
    const sgf = '(;GM[1]SZ[5];B[cc])';
    for (const message of [NEW_GAME, { type: 'load-sgf', text: sgf, level: 'net' } as const]) {
      client.send(message);
      expect(await client.next('error')).toMatchObject({
        code: 'storage',
        message: `${FULL} It was not begun.`,
      });
    }
    const upload = await fetch(`${server.url}api/sgf?level=net`, { method: 'POST', body: sgf });
    expect(upload.status).toBe(503);
    expect(await upload.json()).toEqual({ error: `${FULL} It was not begun.` });
    failure = null;
    client.send(NEW_GAME);
    expect(await client.next('game')).toBeDefined();
  });

  it('is not mistaken for a damaged game, nor for one that is not there', async () => {
    const { client, game } = await newGame();
    client.close();
    await expect.poll(() => fetch(`${server.url}api/games/${game.id}.sgf`).then((r) => r.status)).toBe(200);
    const back = await connect(server.port);
    failure = new StorageError('another program has locked the database');
    const message =
      'The stored games cannot be read: another program has locked the database. Try again in a moment.';
    back.send({ type: 'hello', gameId: 'another-game' });
    expect(await back.next('error')).toMatchObject({ code: 'storage', message });
    const download = await fetch(`${server.url}api/games/another-game.sgf`);
    expect(download.status).toBe(503);
    expect(await download.json()).toEqual({ error: message });
    failure = null;
    back.send({ type: 'hello', gameId: game.id });
    expect((await back.next('game')).id).toBe(game.id);
  });

  it.each([
    ['cannot be read', () => new DamagedGameError('row')],
    ['does not replay', () => null],
  ])('says so of a stored game that %s, and hands out nothing of it', async (_, error) => {
    const started = startGame(NEW_GAME, newCredentials());
    if (!started.ok) throw new Error(started.message);
    const { state } = started.game;
    inner.save({ ...state, moves: [12, 12].map((move) => ({ color: 1, move })) });
    failure = error();
    const client = await connect(server.port);
    client.send({ type: 'hello', gameId: state.id, secret: state.secret });
    const refused = await client.next('error');
    expect(refused.code).toBe('damaged-game');
    expect(refused.message).toMatch(/^The stored state of this game is damaged/);
    const download = await fetch(`${server.url}api/games/${state.id}.sgf`);
    expect(download.status).toBe(500);
    expect(await download.json()).toEqual({ error: refused.message });
    failure = null;
    client.send(NEW_GAME);
    expect(await client.next('game')).toBeDefined();
  });
});

describe('a finished record', () => {
  const SGF = '(;GM[1]SZ[5]KM[0.5]PB[Lee]PW[Park]RE[W+R];B[cc];W[bb];B[cb])';

  it('is opened to review, and played on from any of its plies as a game of its own', async () => {
    const client = await connect(server.port);
    client.send({ type: 'load-sgf', text: SGF, level: 'net' });
    const record = await client.next('game');
    expect(record).toMatchObject({ phase: 'finished', result: 'W+R', thinking: false });
    client.send({ type: 'play-on', ply: 2 });
    const game = await client.next('game');
    expect(game).toMatchObject({ phase: 'playing', result: null, humanColor: 1 });
    expect(game.moves).toEqual(record.moves.slice(0, 2));
    expect(game.id).not.toBe(record.id);
    expect(game.secret).not.toBe(record.secret);
    expect((await playAndWait(client, game, 24)).moves).toHaveLength(4);
    client.send({ type: 'hello', gameId: record.id, secret: record.secret! });
    expect((await client.next('game')).moves).toEqual(record.moves);
  });

  it('alone can be played on', async () => {
    const { client } = await newGame();
    client.send({ type: 'play-on', ply: 0 });
    expect(await client.next('error')).toMatchObject({ code: 'wrong-phase' });
  });
});

describe('the server', () => {
  it('goes on serving others through 2,000 random frames, and closes floods with 1008', async () => {
    const { client, game } = await newGame();
    const rng = makeRng(7);
    const valid = encodeFrame({ type: 'play', move: 3, ply: 0, nonce: 'abc' });
    for (let burst = 0; burst < 5; burst++) {
      const fuzzer = await connect(server.port);
      for (let i = 0; i < 400; i++) {
        const bytes = i % 2 === 0 ? valid.slice() : new Uint8Array(rng.nextInt(300));
        if (i % 2 === 0) bytes[rng.nextInt(bytes.length)] = rng.nextInt(256);
        else for (let k = 0; k < bytes.length; k++) bytes[k] = rng.nextInt(256);
        fuzzer.sendBytes(bytes);
      }
      expect(await fuzzer.closed).toBe(1008);
    }
    expect((await playAndWait(client, game, 12)).moves).toHaveLength(2);
    expect(server.logged).toEqual([]);
  });

  it('logs nothing of a browser that goes away without a goodbye', async () => {
    const socket = connectTcp(server.port, '127.0.0.1');
    const key = Buffer.alloc(16).toString('base64');
    socket.write(
      `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    const answer = await new Promise((resolve) => socket.once('data', (data) => resolve(String(data))));
    expect(answer).toMatch(/^HTTP\/1.1 101/);
    socket.resetAndDestroy();
    const { client, game } = await newGame();
    await playAndWait(client, game, 12);
    expect(server.logged).toEqual([]);
  });

  it('closes a frame above 64 KiB with 1009', async () => {
    const client = await connect(server.port);
    client.sendBytes(new Uint8Array(65 * 1024));
    expect(await client.closed).toBe(1009);
  });

  it('says that its port is in use in one sentence', async () => {
    const again = await startServer({
      host: '127.0.0.1',
      port: server.port,
      token: null,
      store: memoryStore(),
      search: server.search,
      webFolder: '/nonexistent',
      runsFolder: '/nonexistent',
      nextSeed: () => 1,
      logError: () => undefined,
    });
    expect(again).toEqual({
      ok: false,
      message: `Port ${server.port} on 127.0.0.1 is in use: stop the other program, or choose another port with --port.`,
    });
  });

  it('refuses sockets of other sites, other names and other paths', async () => {
    await expect(connect(server.port, '', { origin: 'http://evil.example' })).rejects.toThrow('403');
    await expect(connect(server.port, '', { host: 'evil.example' })).rejects.toThrow('403');
    const elsewhere = new WebSocket(`ws://127.0.0.1:${server.port}/other`);
    await expect(
      new Promise((_, reject) => {
        elsewhere.once('error', reject);
      }),
    ).rejects.toThrow('404');
    const page = await connect(server.port, '', { origin: `http://127.0.0.1:${server.port}` });
    page.close();
  });

  it('wants its token, and is not opened to other machines without one', async () => {
    const open = startTestServer({ host: '0.0.0.0' });
    await expect(open).rejects.toThrow('--token');
    const guarded = await startTestServer({ token: 'open sesame' });
    await expect(connect(guarded.port)).rejects.toThrow('401');
    expect((await fetch(`http://127.0.0.1:${guarded.port}/api/levels`)).status).toBe(401);
    const levels = new URL('api/levels', guarded.url);
    levels.search = new URL(guarded.url).search;
    expect((await fetch(levels)).status).toBe(200);
    (await connect(guarded.port, '?token=open%20sesame')).close();
    await guarded.close();
  });

  it('says goodbye with 1001 when it stops', async () => {
    const { client } = await newGame();
    const stopping = await startTestServer();
    const other = await connect(stopping.port);
    await stopping.close();
    expect(await other.closed).toBe(1001);
    client.close();
  });

  it('asks for the page to be built where it is not, and isolates it from other origins', async () => {
    const answer = await fetch(server.url);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('npm run build:web');
    expect(answer.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(answer.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    const policy = answer.headers.get('content-security-policy');
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
    expect(policy).not.toContain('unsafe-inline');
  });
});
