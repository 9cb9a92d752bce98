/** Other programs behind GTP, and every way in which they fail. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import { splitCommandLine, startGtp, type GtpController } from '#selfplay/gtp-controller.ts';
import { openGtpPlayer } from '#selfplay/gtp-player.ts';

/** An engine in one line of JavaScript: `body` runs for each command with `say(text)`, `id` and `name`. */
function script(body: string): string {
  const code = `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const [id, name] = line.split(' '); const say = (t) => process.stdout.write(t);
    if (name === 'name') say('=' + id + ' Script\\n\\n'); else { ${body} } })`;
  return `"${process.execPath}" -e '${code.replaceAll("'", '`')}'`;
}

async function start(commandLine: string, timeoutMs = 20_000): Promise<GtpController> {
  const started = await startGtp(commandLine, { timeoutMs, startTimeoutMs: 20_000 });
  if (!started.ok) throw new Error(started.message);
  return started.controller;
}

test('a command line splits at spaces outside quotes', () => {
  expect(splitCommandLine(`gnugo --mode gtp`)).toEqual(['gnugo', '--mode', 'gtp']);
  expect(splitCommandLine(` "/a b/c"  'x "y"' d"e f"`)).toEqual(['/a b/c', 'x "y"', 'de f']);
});

test('a missing program is named, with what to do', async () => {
  expect(await startGtp('no-such-go-program --mode gtp')).toEqual({
    ok: false,
    message:
      'Cannot start the GTP engine "no-such-go-program": there is no such program; install it or give its full path.',
  });
  for (const empty of [' ', '""'])
    expect(await startGtp(empty)).toMatchObject({ ok: false, message: expect.stringContaining('is empty') });
});

test('a program that ends at once is reported with its exit code and last words', async () => {
  const started = await startGtp(`"${process.execPath}" -e "console.error('no weights'); process.exit(3)"`);
  expect(started).toEqual({
    ok: false,
    message: expect.stringContaining('ended with exit code 3; its last words: no weights'),
  });
});

test('an engine that dies while it is asked fails this question and all later ones', async () => {
  const controller = await start(script('process.exit(7)'));
  const first = controller.send('genmove', 'b');
  const second = controller.send('undo');
  expect(await first).toMatchObject({
    ok: false,
    reason: 'ended',
    message: expect.stringContaining('exit code 7'),
  });
  expect(await second).toEqual(await first);
  await controller.close();
});

test('an engine that does not answer in time is ended, and says which command', async () => {
  // It never answers, however slow the machine is; only its start has to be waited for.
  const controller = await start(script('say("")'), 50);
  expect(await controller.send('genmove', 'b')).toMatchObject({
    ok: false,
    reason: 'timeout',
    message: expect.stringContaining('did not answer "2 genmove b" within 0.05 s'),
  });
  await controller.close();
});

test('answers are matched to questions in order; refusals, greetings and many-line answers are understood', async () => {
  const controller = await start(
    script(
      `say(name === 'refuse' ? '?' + id + ' no\\n\\n' : 'log line\\n\\n=' + id + ' ' + name + '\\r\\nmore\\r\\n\\r\\n')`,
    ),
  );
  expect(await Promise.all([controller.send('a'), controller.send('refuse'), controller.send('b')])).toEqual([
    { ok: true, text: 'a\nmore' },
    { ok: false, reason: 'refused', message: expect.stringContaining('refused: no') },
    { ok: true, text: 'b\nmore' },
  ]);
  await controller.close();
});

test('a player whose engine answers with an illegal move fails with a sentence that shows it', async () => {
  const opened = await openGtpPlayer(script(`say('=' + id + (name === 'genmove' ? ' K99' : '') + '\\n\\n')`));
  if (!opened.ok) throw new Error(opened.message);
  const position = Position.start({ width: 9, height: 9, rules: makeRules('chinese') });
  await expect(opened.player.genMove(position)).rejects.toThrow('illegal move "K99"');
  await opened.player.close();
});

test("stones set up are sent with White's first, so that Black's are no handicap", async () => {
  const body = `const seen = (globalThis.seen ??= []); if (name === 'play') seen.push(line.split(' ').slice(2).join(''));
    say('=' + id + (name === 'genmove' ? ' ' + seen.join('-') : '') + '\\n\\n')`;
  const opened = await openGtpPlayer(script(body));
  if (!opened.ok) throw new Error(opened.message);
  const setup = { black: [0, 1], white: [3] };
  const position = Position.start({ width: 2, height: 2, rules: makeRules('chinese'), setup });
  await expect(opened.player.genMove(position)).rejects.toThrow('illegal move "whiteB1-blackA2-blackB2"');
  await opened.player.close();
});

/** Whether the process lives; one that is dead but not yet collected counts as dead. */
function lives(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe.skipIf(process.platform !== 'linux')('an engine with a child that keeps its pipes open', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tengen-gtp-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const pidFile = join(folder, 'pids');
  // It knows its name, and how to die; it leaves every other question open.
  const engine = join(folder, 'engine.cjs');
  writeFileSync(
    engine,
    `const child = require('node:child_process').spawn('sleep', ['1000'], { stdio: 'inherit' });
     require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, process.pid + ' ' + child.pid);
     require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
       if (line === '1 name') process.stdout.write('=1 Hanging\\n\\n');
       if (line === '2 die') process.exit(5);
     });`,
  );
  const commandLine = `"${process.execPath}" "${engine}"`;
  const expectGone = async (): Promise<void> => {
    const pids = readFileSync(pidFile, 'utf8').split(' ').map(Number);
    await expect.poll(() => pids.filter(lives)).toEqual([]);
  };

  test('is reported when it ends, and its child ends too', async () => {
    const controller = await start(commandLine);
    expect(await controller.send('die')).toMatchObject({
      reason: 'ended',
      message: expect.stringContaining('exit code 5'),
    });
    await controller.close();
    await expectGone();
  });

  test('is ended with its child when it does not answer', async () => {
    const controller = await start(commandLine);
    controller.timeoutMs = 1;
    expect(await controller.send('genmove', 'b')).toMatchObject({ reason: 'timeout' });
    await controller.close();
    await expectGone();
  });

  test('is ended by the signal of the move it was asked for, whose reason is thrown', async () => {
    const opened = await openGtpPlayer(commandLine);
    if (!opened.ok) throw new Error(opened.message);
    const position = Position.start({ width: 9, height: 9, rules: makeRules('chinese') });
    const abort = new AbortController();
    const asked = opened.player.genMove(position, { signal: abort.signal });
    abort.abort(new Error('no patience'));
    await expect(asked).rejects.toThrow('no patience');
    await expect(opened.player.genMove(position)).rejects.toThrow('was stopped');
    await opened.player.close();
    await expectGone();
  });
});

test('an engine that says nothing can be left while it starts', async () => {
  const abort = new AbortController();
  const opened = openGtpPlayer(`"${process.execPath}" -e "setInterval(() => 0, 1000)"`, {
    signal: abort.signal,
  });
  abort.abort(new Error('no patience'));
  await expect(opened).rejects.toThrow('no patience');
});

const hasGnugo = spawnSync('gnugo', ['--version']).status === 0;
describe.skipIf(!hasGnugo)(`GNU Go${hasGnugo ? '' : ' (skipped: gnugo is not installed)'}`, () => {
  test('plays legal moves, follows a game that is taken back, and knows handicap stones', async () => {
    const opened = await openGtpPlayer('gnugo --mode gtp --level 1');
    if (!opened.ok) throw new Error(opened.message);
    const { player } = opened;
    expect(player.name).toBe('GNU Go');
    const start = Position.start({ width: 9, height: 9, rules: makeRules('chinese', { komi: 7 }) });
    let position = start;
    for (let ply = 0; ply < 6; ply++) {
      const { move } = await player.genMove(position);
      if (move === 'resign') throw new Error('GNU Go resigned at the start');
      const played = position.play(move);
      if (!played.ok) throw new Error(played.reason);
      position = played.position;
    }
    const other = start.play(40);
    if (!other.ok) throw new Error(other.reason);
    const reply = await player.genMove(other.position);
    expect(other.position.isLegal(Number(reply.move))).toBe(true);
    const handicap = Position.start({ width: 9, height: 9, rules: start.rules, handicapStones: [20, 60] });
    const answer = await player.genMove(handicap);
    expect(handicap.isLegal(Number(answer.move))).toBe(true);
    await player.close();
  });
});
