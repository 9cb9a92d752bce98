/** The conversation with a controller: its order, and its end. */
import { PassThrough, Writable } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { serveGtp } from '#selfplay/gtp-serve.ts';
import type { GtpEngineOptions } from '#selfplay/gtp-session.ts';
import { makeEngine } from './gtp-helpers.ts';

/** Thinks until it is told to stop, and tells when it begins. */
function endlessPlayer(begun: () => void): GtpEngineOptions['player'] {
  return {
    genMove: (position, { stop }) => {
      const stopped = new Promise<{ move: number }>((resolve) => {
        const end = (): void => resolve({ move: position.legalMoves()[0] });
        if (stop?.aborted === true) end();
        else stop?.addEventListener('abort', end);
      });
      begun();
      return stopped;
    },
    analyse: () => Promise.reject(new Error('nobody asks for that')),
  };
}

test.each([
  ['1 name\n2 quit\n3 name\n', '=1 Tengen\n\n=2\n\n'],
  ['1 name\n\n2 name', '=1 Tengen\n\n=2 Tengen\n\n'],
  ['', ''],
])('%j ends with everything before quit or the end answered', async (input, answers) => {
  const output = new PassThrough();
  await serveGtp(makeEngine(), PassThrough.from([input]), output);
  output.end();
  expect(await readAll(output)).toBe(answers);
});

test.each(['quit\n', ''])(
  'a move thought about for ever is made when %j is read and the input ends',
  async (last) => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const player = endlessPlayer(() => input.end(last));
    input.write('1 genmove b\n');
    await serveGtp(makeEngine({ player }), input, output, 0);
    output.end();
    expect(await readAll(output)).toBe(`=1 A9\n\n${last === '' ? '' : '=\n\n'}`);
  },
);

test("GoGui's interrupt ends the move thought about, not the next one", async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let moves = 0;
  const player = endlessPlayer(() => {
    moves++;
    if (moves === 1) input.write('# interrupt\n2 genmove w\n');
    else input.end();
  });
  input.write('1 genmove b\n');
  await serveGtp(makeEngine({ player }), input, output, 0);
  output.end();
  expect(await readAll(output)).toBe('=1 A9\n\n=2 B9\n\n');
  expect(moves).toBe(2);
});

test("GoGui's interrupt means every command that was read before it", async () => {
  const output = new PassThrough();
  const player = endlessPlayer(() => undefined);
  const lines = '1 name\n2 genmove b\n# interrupt\n3 quit\n';
  await serveGtp(makeEngine({ player }), PassThrough.from([lines]), output, 600_000);
  output.end();
  expect(await readAll(output)).toBe('=1 Tengen\n\n=2 A9\n\n=3\n\n');
});

test("a player that cannot be stopped without being lost is not, by GoGui's interrupt", async () => {
  const output = new PassThrough();
  const stopped: unknown[] = [];
  const player: GtpEngineOptions['player'] = {
    genMove: (position, { stop }) => {
      stopped.push(stop?.aborted);
      return Promise.resolve({ move: position.legalMoves()[0] });
    },
  };
  const lines = '1 known_command gogui-interrupt\n2 genmove b\n# interrupt\n';
  await serveGtp(makeEngine({ player }), PassThrough.from([lines]), output, 600_000);
  output.end();
  expect(await readAll(output)).toBe('=1 false\n\n=2 A9\n\n');
  expect(stopped).toEqual([false]);
});

test('thousands of lines sent at once are answered in order', async () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `${i} name\n`);
  const output = new PassThrough();
  const answered = readAll(output);
  await serveGtp(makeEngine(), PassThrough.from(lines), output);
  output.end();
  const ids = (await answered).split('\n\n').map((answer) => answer.split(' ')[0]);
  expect(ids.slice(0, -1)).toEqual(lines.map((_, i) => `=${i}`));
});

test('a line that is too long is refused at once, and the next one is answered', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const answered = readAll(output);
  const served = serveGtp(makeEngine(), input, output);
  const rest = 'x'.repeat(1 << 16);
  input.write('1 name\n2 play b ');
  const long = '?2 the line is longer than 65536 characters';
  const refused = new Promise((resolve) =>
    output.on('data', (text: Buffer) => text.includes(long) && resolve(0)),
  );
  input.write(rest);
  await refused;
  for (let i = 0; i < 64; i++) input.write(rest);
  input.end(`\n#${rest}\n3 name\n`);
  await served;
  output.end();
  expect(await answered).toBe(`=1 Tengen\n\n${long}\n\n=3 Tengen\n\n`);
});

test('a controller that no longer reads ends the conversation', async () => {
  const input = new PassThrough();
  const output = new Writable({ write: (_, __, done) => done(new Error('closed')) });
  output.on('error', () => undefined);
  input.write('name\nname\n');
  await serveGtp(makeEngine(), input, output);
  expect(input.destroyed || input.isPaused()).toBe(true);
});
