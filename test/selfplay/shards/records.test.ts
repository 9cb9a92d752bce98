/** Files of games whatever was done to them: what is sound is found, and nothing else. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import { OPEN_ENDED, makeHeader, makeRecord, readRecords } from '#selfplay/shards/records.ts';
import { someGames } from './arbitrary-game.ts';

const games = someGames(5);
const records = games.map(makeRecord);
const header = makeHeader(OPEN_ENDED);

test('sound games are found between anything else, in their order, and the gaps are counted', () => {
  const junk = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.constant(Buffer.from('game')),
    fc
      .constantFrom(...records)
      .chain((record) => fc.nat(record.length - 1).map((end) => record.subarray(0, end))),
  );
  fc.assert(
    fc.property(fc.array(junk, { minLength: records.length, maxLength: records.length }), (between) => {
      const bytes = Buffer.concat([header, ...records.flatMap((record, i) => [between[i], record])]);
      const gaps = between.filter((part) => part.length > 0).length;
      const expected = { ok: true, games, gaps, count: OPEN_ENDED, soundBytes: bytes.length };
      expect(readRecords(bytes)).toEqual(expected);
    }),
  );
});

test('of 3,000 mutated files nothing is read but games that were in them', () => {
  const rng = makeRng(5);
  const whole = Buffer.concat([header, ...records]);
  const known = new Set(records.map((record) => record.toString()));
  let lost = 0;
  for (let i = 0; i < 3000; i++) {
    const bytes = Buffer.from(
      whole.subarray(0, rng.nextInt(3) === 0 ? rng.nextInt(whole.length) : whole.length),
    );
    for (let k = rng.nextInt(4); k > 0 && bytes.length > 0; k--)
      bytes[rng.nextInt(bytes.length)] = rng.nextInt(256);
    const read = readRecords(bytes);
    for (const game of read.ok ? read.games : []) expect(known).toContain(makeRecord(game).toString());
    if (!read.ok || read.games.length < games.length) lost++;
  }
  expect(lost).toBeGreaterThan(1500);
});

test('a file that is full of false beginnings is read no further than a hundred of them', () => {
  const marks = (count: number): Buffer => Buffer.from('game'.repeat(count));
  const found = (count: number): unknown => readRecords(Buffer.concat([header, marks(count), records[0]]));
  expect(found(99)).toMatchObject({ games: [games[0]] });
  expect(found(100)).toMatchObject({ games: [] });
});

test('files that are none of ours, or of another version, are refused in a sentence', () => {
  const message = 'this is not a file of self-play games';
  expect(readRecords(new Uint8Array(0))).toEqual({ ok: false, message });
  expect(readRecords(Buffer.from('(;GM[1]FF[4]SZ[9];B[ee])'))).toEqual({ ok: false, message });
  const later = Buffer.from(header);
  later.writeUInt32LE(2, 8);
  expect(readRecords(later)).toEqual({
    ok: false,
    message: 'its format is version 2; this Tengen reads version 1',
  });
});
