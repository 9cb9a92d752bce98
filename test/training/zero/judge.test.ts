/** Judging goes on without an opponent that fails, and tells nets apart that the gate has kept. */
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { RatedMatch, Ratings } from '#selfplay/run/run-files.ts';
import type { JudgeRequest, JudgedGame } from '#selfplay/rating/judge-request.ts';
import type { SelfPlayPool } from '#selfplay/zero/pool.ts';
import { ZeroConfig } from '#training/zero/config.ts';
import { judgeNet, passGate } from '#training/zero/judge.ts';
import type { JudgeOptions } from '#training/zero/judge.ts';
import { RunProgress } from '#training/zero/progress.ts';
import type { ZeroFolder } from '#training/zero/zero-folder.ts';
import { TINY, newFolder } from './tiny-run.ts';

/** A program that answers for GNU Go as long as it is only asked for its version. */
function installBrokenGnuGo(): void {
  const bin = mkdtempSync(join(tmpdir(), 'tengen-gnugo-'));
  writeFileSync(join(bin, 'gnugo'), '#!/bin/sh\n[ "$1" = --version ]\n');
  chmodSync(join(bin, 'gnugo'), 0o755);
  vi.stubEnv('PATH', `${bin}${delimiter}${process.env.PATH}`);
}

const won = {
  index: 0,
  firstIsBlack: true,
  points: 1,
  result: 'B+R',
  end: 'resignation',
  moves: [],
} as const;

type Happened = { readonly matches: string[]; readonly notes: string[]; readonly rated: string[] };

/** @param happened is filled with the opponents, the notes and who is on the ladder. */
function optionsOf(
  folder: ZeroFolder,
  judge: (request: JudgeRequest) => Promise<JudgedGame[]>,
  changes: object = {},
): JudgeOptions & { readonly happened: Happened } {
  const happened: Happened = { matches: [], notes: [], rated: [] };
  return {
    happened,
    config: ZeroConfig.parse({ ...TINY, ...changes }),
    folder,
    pool: { judge } as unknown as SelfPlayPool,
    progress: new RunProgress(() => 0),
    onMatch: ({ second }: RatedMatch) => void happened.matches.push(second),
    onRatings: ({ players }: Ratings) => void happened.rated.push(...players.map(({ name }) => name)),
    onNote: (sentence: string) => void happened.notes.push(sentence),
    signal: new AbortController().signal,
  };
}

/** Of a run whose first net beat all but GNU Go. @param nets what is in their files, by generation. */
function judgedRun(nets: readonly [generation: number, bytes: string][]): ZeroFolder {
  const folder = newFolder();
  folder.create();
  for (const [generation, bytes] of nets) writeFileSync(folder.netOf(generation), bytes);
  const before = { generation: 0, first: 'G0', losses: 1, draws: 0, runSeconds: 0 };
  for (const second of ['random', 'playouts@100']) folder.appendMatch({ ...before, second, wins: 4 });
  return folder;
}

/** Judges generation 2. */
async function judged(judge: (request: JudgeRequest) => Promise<JudgedGame[]>): Promise<Happened> {
  const nets = [0, 2].map((generation): [number, string] => [generation, `net ${generation}`]);
  const { happened, ...options } = optionsOf(judgedRun(nets), judge);
  await judgeNet(options, 2);
  return happened;
}

test('a match with an engine that fails is left out, with a note', async () => {
  installBrokenGnuGo();
  const { matches, notes, rated } = await judged(({ second }) =>
    second.kind === 'gtp' ? Promise.reject(new Error('The engine ended.')) : Promise.resolve([won]),
  );
  expect(matches).toEqual(['random', 'playouts@100', 'G0']);
  expect(rated.toSorted()).toEqual(['G0', 'G2', 'playouts@100', 'random']);
  expect(notes).toEqual(['The match against gnugo@10 is left out: The engine ended.']);
  vi.unstubAllEnvs();
});

test('what else fails ends the judging', async () => {
  await expect(judged(() => Promise.reject(new Error('no such net')))).rejects.toThrow('no such net');
});

test('a net that does not pass the gate is told of, once, with the one that plays on', async () => {
  const folder = judgedRun([
    [0, 'first'],
    [1, 'first'],
    [2, 'second'],
  ]);
  const games = [won, { ...won, points: 0 }, { ...won, points: 0 }, { ...won, points: 0.5 }] as JudgedGame[];
  const judge = vi.fn(() => Promise.resolve(games));
  const { happened, ...options } = optionsOf(folder, judge, { judge: { every: 1, games: 4, gate: 0.5 } });
  await passGate(options, 1);
  await passGate(options, 1);
  expect(happened.notes).toEqual(['G2 did not pass (1.5-2.5); G0 plays on']);
  expect(readFileSync(folder.netOf(2), 'utf8')).toBe('first');
  expect(judge).toHaveBeenCalledOnce();
});

test('a net that the gate has kept is judged once, under one name', async () => {
  const folder = judgedRun([
    [0, 'first'],
    [1, 'first'],
    [2, 'first'],
    [3, 'second'],
  ]);
  const judge = (): Promise<JudgedGame[]> => Promise.resolve([won]);
  const { happened, ...options } = optionsOf(folder, judge, { judge: { every: 1, games: 2 } });
  await judgeNet(options, 1);
  await judgeNet(options, 2);
  expect(happened.matches).toEqual([]);
  await judgeNet(options, 3);
  expect(happened.matches.filter((name) => name.startsWith('G'))).toEqual(['G0']);
  expect(happened.rated.filter((name) => name.startsWith('G')).toSorted()).toEqual(['G0', 'G3']);
});
