/** `tengen gtp` as a program that others start: it thinks on other threads while it listens, and always ends. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultNetPath } from '#nets/weights.ts';
import { MAIN, runToEnd } from './tengen.ts';

/** KataGo's words, for which programs wait on stderr, and no others. */
const READY = 'GTP ready, beginning main protocol loop\n';

type Engine = {
  send(text: string): void;
  /** What was written since the last call, once it ends as `pattern` says. */
  until(pattern: RegExp): Promise<string>;
  /** Ends its input. @returns its exit code and what it wrote to stderr. */
  end(): Promise<{ code: number | null; err: string }>;
};

function start(...args: string[]): Engine {
  const child = spawn(process.execPath, [MAIN, 'gtp', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    send: (text) => child.stdin.write(text),
    until: async (pattern) => {
      while (!pattern.test(out)) await new Promise((resolve) => child.stdout.once('data', resolve));
      const text = out;
      out = '';
      return text;
    },
    end: async () => {
      child.stdin.end();
      return { code: await ended, err };
    },
  };
}

/** What makes Lizzie show all. */
const OVERRIDES = ['--override-name', 'KataGo', '--override-version', '0.15'];

test('it analyses until the next line, moves, ponders, and quits in the midst of an analysis', async () => {
  const engine = start('playouts@50', '--size', '5', '--ponder', ...OVERRIDES);
  engine.send('name\n');
  expect(await engine.until(/\n\n/)).toBe('= KataGo\n\n');
  engine.send('version\n');
  expect(await engine.until(/\n\n/)).toBe('= 0.15\n\n');
  engine.send('1 lz-analyze 1\n');
  expect(await engine.until(/(info .*\n){3}/)).toMatch(/^=1\ninfo move \S+ visits \d+ winrate \d+ prior \d+/);
  engine.send('2 kata-genmove_analyze b 1 rootInfo true\n');
  const moved = await engine.until(/play .*\n\n/);
  expect(moved).toMatch(/\n=2\n(info move .* rootInfo visits \d+ .*\n)+play [A-E][1-5]\n\n$/);
  engine.send('3 showboard\n');
  // What it ponders is no answer.
  expect(await engine.until(/\n\n/)).toMatch(/^=3 \n {4}A B C D E\n/);
  engine.send('4 kata-analyze 1 maxmoves 1\n');
  await engine.until(/info .*\n/);
  engine.send('quit\n');
  await engine.until(/\n=\n\n$/);
  expect(await engine.end()).toEqual({ code: 0, err: READY });
});

test('the net is shown, and the end of the input ends what it ponders and the process', async () => {
  const engine = start('net@20', '--ponder');
  engine.send('kata-raw-nn all\n');
  const raw = await engine.until(/\n\n/);
  expect(raw.match(/^(= )?symmetry \d$/gm)).toHaveLength(8);
  expect(raw.match(/(?<=^whiteWin )\S+$/gm)).toHaveLength(8);
  engine.send('genmove b\n');
  await engine.until(/^= [A-J][1-9]\n\n/);
  expect(await engine.end()).toEqual({ code: 0, err: READY });
});

test("with KataGo's own options, as Lizzie starts it, it is as `katago gtp` would be", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tengen-gtp-'));
  const config = join(folder, 'gtp.cfg');
  writeFileSync(config, 'rules = japanese\nmaxVisits = 7 # few\nnumSearchThreads = 6\nlogDir = x\n');
  const overrides = 'maxTime=2.5,analysisWideRootNoise=0.04,maxMegabytes=9,playoutDoublingAdvantage=1';
  const files = ['-model', defaultNetPath, '-config', config];
  const engine = start(...files, '-override-config', overrides, '-override-config', 'maxVisits=8');
  const params = ['maxVisits', 'maxTime', 'analysisWideRootNoise', 'numSearchThreads'];
  const asked = [
    'name',
    'kata-get-rules',
    ...params.map((name) => `kata-get-param ${name}`),
    'kata-get-models',
  ];
  engine.send(`${asked.join('\n')}\n`);
  const answers = (await engine.until(/(\n\n[^]*){7}$/)).split('\n\n');
  expect(answers.slice(2, 6)).toEqual(['= 8', '= 2.5', '= 0.04', '= 6']);
  expect(answers[0]).toBe('= KataGo');
  expect(answers[1]).toContain('"scoring":"TERRITORY"');
  expect(answers[6]).toContain(JSON.stringify(defaultNetPath));
  engine.send('kata-genmove_analyze b 1000 rootInfo true\n');
  expect(await engine.until(/play .*\n\n/)).toContain(' rootInfo visits 8 ');
  expect(await engine.end()).toEqual({ code: 0, err: READY });
  rmSync(folder, { recursive: true });
});

test("options of ours that are given count before KataGo's settings, and these before what options are by default", async () => {
  const settings = 'rules=japanese,maxVisits=9';
  for (const [given, scoring] of [
    [[], 'TERRITORY'],
    [['--rules', 'aga'], 'AREA'],
  ] as const) {
    const engine = start('playouts@5', ...given, '-override-config', settings);
    engine.send('kata-get-rules\n');
    expect(await engine.until(/\n\n/)).toContain(`"scoring":"${scoring}"`);
    engine.send('kata-get-param maxVisits\n');
    expect(await engine.until(/\n\n/)).toBe('= 9\n\n');
    expect(await engine.end()).toEqual({ code: 0, err: READY });
  }
});

test.each(['numSearchThreads=many', 'maxVisits=1.5', 'maxVisits=many', 'lagBuffer=-1'])(
  'the setting %s is refused by its name',
  (setting) => {
    const [name, value] = setting.split('=');
    const { code, err } = runToEnd(MAIN, tmpdir(), ['gtp', 'playouts@5', '-override-config', setting]);
    expect({ code, err }).toEqual({ code: 3, err: `tengen: The setting ${name} cannot be "${value}".\n` });
  },
);
