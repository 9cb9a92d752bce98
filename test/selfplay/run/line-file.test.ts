/** Lines read while they are written. */
import { appendFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readAllLines, readLastLine, readLines, type LinePage } from '#selfplay/run/line-file.ts';
import { MetricsLine } from '#selfplay/run/run-lines.ts';
import { toLines } from './fixture-run.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tengen-lines-'));
  path = join(folder, 'metrics.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (cursor: string | null, pieceBytes?: number): Promise<LinePage<MetricsLine>> =>
  readLines(path, MetricsLine, cursor, pieceBytes === undefined ? {} : { pieceBytes });
const rowsUpTo = (n: number): MetricsLine[] =>
  Array.from({ length: n }, (_, step) => ({ step, loss: 1 / (step + 1) }));

test('whatever pieces a file is written and read in, each line is read once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 30 }),
      fc.array(fc.nat({ max: 60 }), { maxLength: 40 }),
      fc.integer({ min: 64, max: 300 }),
      async (count, cuts, pieceBytes) => {
        const text = toLines(rowsUpTo(count));
        writeFileSync(path, '');
        const rows: MetricsLine[] = [];
        let cursor: string | null = null;
        let written = 0;
        for (const cut of [...cuts, text.length]) {
          appendFileSync(path, text.slice(written, (written += cut)));
          for (let more = true; more;) {
            const page: LinePage<MetricsLine> = await read(cursor, pieceBytes);
            expect(page).toMatchObject({ restarted: false, damaged: 0 });
            rows.push(...page.rows);
            ({ cursor, more } = page);
          }
        }
        expect(rows).toEqual(rowsUpTo(count));
      },
    ),
    { numRuns: 60 },
  );
});

test('a file that a resumed run has cut back and written on is read again from its start', async () => {
  writeFileSync(path, toLines(rowsUpTo(20)));
  const { cursor } = await read(null);
  const other = rowsUpTo(40).map((row) => ({ ...row, loss: 7 }));
  for (const rows of [other.slice(0, 5), other]) {
    writeFileSync(path, toLines(rows));
    expect(await read(cursor)).toMatchObject({ rows, restarted: true });
  }
  rmSync(path);
  expect(await read(cursor)).toMatchObject({ rows: [], restarted: true });
});

test('a torn last line waits for its end, and a damaged one is left out and counted', async () => {
  writeFileSync(path, '{"step":0}\n{"step":1,"loss":"low"}\nnull\n{"step":2,"loss":null}\n{"step":3,"lo');
  const first = await read(null);
  expect(first).toMatchObject({ rows: [{ step: 0 }, { step: 2, loss: null }], damaged: 2, more: false });
  appendFileSync(path, 'ss":5}\n');
  expect((await read(first.cursor)).rows).toEqual([{ step: 3, loss: 5 }]);
});

test('a line longer than anything we write is passed over', async () => {
  writeFileSync(path, `${'x'.repeat(1000)}\n{"step":5}\n`);
  const rows: MetricsLine[] = [];
  let cursor: string | null = null;
  for (let more = true; more;) {
    const page: LinePage<MetricsLine> = await read(cursor, 128);
    rows.push(...page.rows);
    ({ cursor, more } = page);
  }
  expect(rows).toEqual([{ step: 5 }]);
});

test('a cursor that says nothing begins at the start', async () => {
  writeFileSync(path, toLines(rowsUpTo(3)));
  for (const cursor of ['', 'nonsense', '-1-0', '1e9-0', '999999999999999-0', '5-abc'])
    expect((await read(cursor)).rows).toHaveLength(3);
});

test('links and pipes are not there, and a pipe does not make anyone wait', async () => {
  writeFileSync(join(folder, 'secret'), toLines(rowsUpTo(3)));
  symlinkSync(join(folder, 'secret'), path);
  expect((await read(null)).rows).toEqual([]);
  rmSync(path);
  execFileSync('mkfifo', [path]);
  expect((await read(null)).rows).toEqual([]);
  expect(await readLastLine(path, MetricsLine)).toBeNull();
});

test('the last line is found in the end of a long file, torn or not', async () => {
  writeFileSync(path, `${toLines(rowsUpTo(500))}{"step":5`);
  expect(await readLastLine(path, MetricsLine, { pieceBytes: 100 })).toMatchObject({ step: 499 });
  expect((await readAllLines(path, MetricsLine)).rows).toHaveLength(500);
});
