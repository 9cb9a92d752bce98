/** A run for other programs: tables that say the same, and event files as TensorBoard defines them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toCsv } from '#selfplay/run/csv.ts';
import { exportCsv } from '#selfplay/run/export-csv.ts';
import { exportTensorBoard, runScalars } from '#selfplay/run/export-tensorboard.ts';
import { readWholeRun } from '#selfplay/run/run-reader.ts';
import { crc32c, eventFile, maskedCrc, type Scalar } from '#selfplay/run/tfevents.ts';
import { writeFixtureRun } from './fixture-run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tengen-export-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** RFC 4180 read back, for tables without doubled quotes around line ends other than CRLF. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy;
  for (let match = cell.exec(text); match !== null; match = cell.exec(text)) {
    rows.at(-1)?.push(match[1].replace(/^"|"$/g, '').replaceAll('""', '"'));
    if (match[2] === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

test('a table read back has every cell of every row, whatever is in the texts', () => {
  const cell = fc.oneof(
    fc.double({ noNaN: true }),
    fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ') }),
  );
  const row = fc.record({ a: cell, b: cell, c: cell }, { requiredKeys: ['a'] });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), (rows) => {
      const [header, ...cells] = parseCsv(toCsv(rows));
      expect(cells).toHaveLength(rows.length);
      for (const [i, line] of cells.entries())
        for (const [j, name] of header.entries()) expect(line[j]).toBe(String(rows[i][name as 'a'] ?? ''));
    }),
  );
});

test('columns that come late, and numbers that are none, leave their cells empty', () => {
  expect(toCsv([{ step: 1 }, { step: 2, loss: null }, { step: 3, loss: 0.5 }])).toBe(
    'step,loss\r\n1,\r\n2,\r\n3,0.5\r\n',
  );
});

test('a run becomes one table for each of its files', async () => {
  writeFixtureRun(join(folder, 'run'), { generations: 5, lines: 2 });
  const written = exportCsv(await readWholeRun(join(folder, 'run')), join(folder, 'tables'));
  const names = ['metrics', 'generations', 'matches', 'ratings'];
  expect(written).toEqual(names.map((name) => join(folder, 'tables', `${name}.csv`)));
  const metrics = parseCsv(readFileSync(written[0], 'utf8'));
  expect(metrics).toHaveLength(1 + 10);
  expect(metrics[0].slice(0, 2)).toEqual(['step', 'generation']);
});

test('CRC-32C gives the check values of RFC 3720, B.4, and the mask those of TensorFlow', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  // tensorflow/core/lib/hash/crc32c.h: Mask(crc) = ((crc >> 15) | (crc << 17)) + 0xa282ead8.
  expect(maskedCrc(new Uint8Array(32))).toBe((((0x8a9136aa >>> 15) | (0x8a9136aa << 17)) + 0xa282ead8) >>> 0);
});

type Event = { wallTime: number; step: number; version?: string; tag?: string; value?: number };

/** Reads what `visit` knows of a message: its fields by their numbers. */
function fields(bytes: Uint8Array, visit: Readonly<Record<number, (reader: BinaryReader) => void>>): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field in visit) visit[field](reader);
    else reader.skip(type as WireType);
  }
}

/** Every event of a file, whose lengths and checksums must be right. */
function parseEvents(file: Buffer): Event[] {
  const events: Event[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    expect(file.readUInt32LE(at + 8)).toBe(maskedCrc(file.subarray(at, at + 8)));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(file.readUInt32LE(at + 12 + length)).toBe(maskedCrc(data));
    const event: Event = { wallTime: 0, step: 0 };
    fields(data, {
      1: (r) => (event.wallTime = r.double()),
      2: (r) => (event.step = Number(r.int64())),
      3: (r) => (event.version = r.string()),
      5: (r) =>
        fields(r.bytes(), {
          1: (summary) =>
            fields(summary.bytes(), {
              1: (v) => (event.tag = v.string()),
              2: (v) => (event.value = v.float()),
            }),
        }),
    });
    events.push(event);
    at += 16 + length;
  }
  return events;
}

test('an event file read back is its version and every scalar', () => {
  const scalar = fc.record({
    tag: fc.string({ minLength: 1, maxLength: 20 }),
    step: fc.nat(),
    wallTime: fc.double({ noNaN: true, noDefaultInfinity: true }),
    value: fc.float(),
  });
  fc.assert(
    fc.property(fc.array(scalar, { maxLength: 8 }), (scalars: Scalar[]) => {
      const [version, ...events] = parseEvents(eventFile(1e9, scalars));
      expect(version).toEqual({ wallTime: 1e9, step: 0, version: 'brain.Event:2' });
      expect(events).toEqual(scalars);
    }),
  );
});

test('every figure of a run stands over the step and the time at which it was taken', async () => {
  writeFixtureRun(folder, { generations: 5, lines: 2 });
  const run = await readWholeRun(folder);
  const path = exportTensorBoard(run, join(folder, 'logs'), 1e9);
  expect(basename(path)).toBe('events.out.tfevents.tengen');
  const events = parseEvents(readFileSync(path)).slice(1);
  expect(events).toHaveLength(runScalars(run, 1e9).length);
  const ofTag = (tag: string): Event[] => events.filter((event) => event.tag === tag);
  expect(ofTag('train/totalLoss').map(({ step }) => step)).toEqual(run.metrics.map(({ step }) => step));
  expect(ofTag('train/step')).toEqual([]);
  expect(ofTag('selfplay/meanLength').map(({ step }) => step)).toEqual([800, 1600, 2400, 3200, 4000]);
  expect(ofTag('elo/elo').map(({ step, wallTime }) => [step, wallTime])).toEqual([
    [0, 1e9],
    [3200, 1e9 + 960],
  ]);
});
