/** Judging goes on without an opponent that fails. */
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { RatedMatch, Ratings } from '#selfplay/run/run-files.ts';
import type { JudgeRequest, JudgedGame } from '#selfplay/rating/judge-request.ts';
import type { SelfPlayPool } from '#selfplay/zero/pool.ts';
import { ZeroConfig } from '#training/zero/config.ts';
import { judgeNet } from '#training/zero/judge.ts';
import { RunProgress } from '#training/zero/progress.ts';
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

/** Judges generation 2 of a run whose first net beat all but GNU Go. @returns the opponents, the notes and who is on the ladder. */
async function judged(
  judge: (request: JudgeRequest) => Promise<JudgedGame[]>,
): Promise<{ matches: string[]; notes: string[]; rated: string[] }> {
  const folder = newFolder();
  folder.create();
  for (const generation of [0, 2]) writeFileSync(folder.netOf(generation), 'a net');
  const before = { generation: 0, first: 'G0', losses: 1, draws: 0, runSeconds: 0 };
  for (const second of ['random', 'playouts@100']) folder.appendMatch({ ...before, second, wins: 4 });
  const [matches, notes, rated]: string[][] = [[], [], []];
  const options = {
    config: ZeroConfig.parse(TINY),
    folder,
    pool: { judge } as unknown as SelfPlayPool,
    progress: new RunProgress(() => 0),
    onMatch: ({ second }: RatedMatch) => void matches.push(second),
    onRatings: ({ players }: Ratings) => void rated.push(...players.map(({ name }) => name)),
    onNote: (sentence: string) => void notes.push(sentence),
    signal: new AbortController().signal,
  };
  await judgeNet(options, 2);
  return { matches, notes, rated };
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
