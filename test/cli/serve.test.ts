/** The real command as a process of its own: killed under play, stopped politely, and started twice. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect, NEW_GAME, playAndWait } from '../server/test-client.ts';
import { MAIN } from './tengen.ts';

type Served = {
  readonly port: number;
  /** Exit code or signal, and what was written to stderr. */
  readonly ended: Promise<{ end: number | NodeJS.Signals | null; stderr: string }>;
  readonly process: ChildProcess;
};

let folder: string;
const running: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tengen-serve-'));
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

function launch(port: number, flags: readonly string[]): Served['process'] {
  const argv = ['serve', '--data', folder, ...flags, '--port', `${port}`];
  const child = spawn(process.execPath, [MAIN, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  return child;
}

/** Starts `tengen serve` and waits until it ends or prints its address, whose port is then known; else 0. */
async function serve(port = 0, flags: readonly string[] = ['--no-net']): Promise<Served> {
  const child = launch(port, flags);
  let stderr = '';
  child.stderr?.on('data', (text: Buffer) => (stderr += text.toString()));
  const ended = new Promise<{ end: number | NodeJS.Signals | null; stderr: string }>((resolve) =>
    child.once('close', (code, signal) => resolve({ end: signal ?? code, stderr })),
  );
  const printed = new Promise<string>((resolve) =>
    child.stdout?.once('data', (text: Buffer) => resolve(text.toString())),
  );
  const address = await Promise.race([printed, ended.then(() => '')]);
  return { port: Number(/:(\d+)\//.exec(address)?.[1] ?? 0), ended, process: child };
}

it('a server killed under play has every acknowledged move when it is back', async () => {
  const first = await serve();
  const client = await connect(first.port);
  client.send({ ...NEW_GAME, level: 'random' } as typeof NEW_GAME);
  const game = await client.next('game');
  const answered = await playAndWait(client, game, 12);
  const free = answered.legal.indexOf(1);
  client.send({ type: 'play', move: free, ply: 2, nonce: 'last' });
  const acknowledged = await client.next('game', ({ ackNonce }) => ackNonce === 'last');
  first.process.kill('SIGKILL');
  expect((await first.ended).end).toBe('SIGKILL');

  const second = await serve();
  const back = await connect(second.port);
  back.send({ type: 'hello', gameId: game.id, secret: game.secret! });
  // The engine's answer, if it was not saved, is chosen anew.
  const resumed = await back.next('game', ({ thinking }) => !thinking);
  expect(resumed.moves.slice(0, 3)).toEqual(acknowledged.moves.slice(0, 3));
  expect(resumed.moves).toHaveLength(4);
  second.process.kill('SIGTERM');
  expect(await back.closed).toBe(1001);
  expect((await second.ended).end).toBe(0);
});

it('a second server on the same port says so in one sentence and exits with 4', async () => {
  const first = await serve();
  const second = await serve(first.port, ['--no-net', '--data', join(folder, 'other')]);
  const { end, stderr } = await second.ended;
  expect(end).toBe(4);
  expect(stderr).toBe(
    `tengen: Port ${first.port} on 127.0.0.1 is in use: stop the other program, or choose another port with --port.\n`,
  );
});

it('a second server on the same games says so in one sentence and exits with 4', async () => {
  await serve();
  const second = await serve();
  expect(await second.ended).toEqual({
    end: 4,
    stderr: `tengen: ${folder}: another server is using the games kept there: stop it, or give another folder with --data.\n`,
  });
});

it('a server stopped while its net searches ends in good order', async () => {
  const { port, ended, process: server } = await serve(0, ['--threads', '2']);
  for (let i = 0; i < 4; i++) {
    const client = await connect(port);
    client.send({ ...NEW_GAME, width: 9, height: 9, color: 2, level: 'net-800' } as typeof NEW_GAME);
    await client.next('game', ({ thinking }) => thinking);
  }
  server.kill('SIGTERM');
  expect(await ended).toEqual({ end: 0, stderr: expect.not.stringMatching(/error/i) as string });
});
