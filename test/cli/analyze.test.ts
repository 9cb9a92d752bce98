/** `tengen analyze` as a process of its own. */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultNetPath } from '#nets/weights.ts';
import { afterEach, expect, test } from 'vitest';
import { MAIN } from './tengen.ts';

const QUERY = { id: 'q', moves: [], rules: 'chinese', boardXSize: 5, boardYSize: 4, maxVisits: 20 };

let child: ChildProcessWithoutNullStreams | undefined;
afterEach(() => child?.kill('SIGKILL'));

function start(...flags: string[]) {
  return launch('analyze', '--threads', '1', ...flags);
}

function launch(...argv: string[]) {
  const started = spawn(process.execPath, [MAIN, ...argv]);
  child = started;
  const output = { out: '', err: '' };
  started.stdout.on('data', (text: Buffer) => (output.out += text.toString()));
  started.stderr.on('data', (text: Buffer) => (output.err += text.toString()));
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    started.once('close', (code, signal) => resolve(signal ?? code)),
  );
  const answers = (): Record<string, unknown>[] =>
    output.out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { child: started, output, ended, answers };
}

test('what is asked before the input ends is answered, and that is all that is written', async () => {
  const engine = start();
  engine.child.stdin.end(`${JSON.stringify({ ...QUERY, analyzeTurns: [0] })}\nnonsense\n`);
  expect(await engine.ended).toBe(0);
  expect(engine.answers()).toEqual([
    { error: expect.stringContaining('The line is not JSON') },
    expect.objectContaining({ id: 'q', turnNumber: 0, isDuringSearch: false }),
  ]);
  expect(engine.output.err).toBe('Started, ready to begin handling requests\n');
});

test('with --quit-without-waiting the end of the input ends everything', async () => {
  const engine = start('--quit-without-waiting');
  engine.child.stdin.end(`${JSON.stringify({ ...QUERY, maxVisits: 1_000_000 })}\n`);
  expect(await engine.ended).toBe(0);
  expect(engine.answers()).toEqual([]);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it under work with exit code 130', async (signal) => {
  const engine = start();
  engine.child.stdin.write(`${JSON.stringify({ ...QUERY, maxVisits: 1_000_000 })}\n`);
  engine.child.stdin.write(`${JSON.stringify({ id: 'v', action: 'query_version' })}\n`);
  await expect.poll(() => engine.answers().length).toBe(1);
  engine.child.kill(signal);
  expect(await engine.ended).toBe(130);
});

test('a net that is none is refused before anything is asked', async () => {
  const engine = start(MAIN);
  expect(await engine.ended).toBe(3);
  expect(engine.output.err).toMatch(/^tengen: /);
});

test("with KataGo's own options and configuration, as KaTrain starts it", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tengen-analysis-'));
  const config = join(folder, 'analysis.cfg');
  writeFileSync(config, 'numAnalysisThreads = 12\nmaxVisits = 7 # few\nnnMaxBatchSize = 64\n');
  const overrides = 'homeDataDir=x,reportAnalysisWinratesAs=WHITE';
  const files = ['-model', defaultNetPath, '-config', config, '-human-model', 'none'];
  const engine = launch('analysis', ...files, '-override-config', overrides, '-analysis-threads', '1');
  engine.child.stdin.end(`${JSON.stringify({ ...QUERY, maxVisits: undefined, includeOwnership: true })}\n`);
  expect(await engine.ended).toBe(0);
  rmSync(folder, { recursive: true });
  expect(engine.answers()).toMatchObject([{ id: 'q', rootInfo: { visits: 7, currentPlayer: 'B' } }]);
  expect(engine.output.err).toContain('passed over: -human-model none');
});
