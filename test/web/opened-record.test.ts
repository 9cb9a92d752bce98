/** Which game of a file is opened, what is said of the rest, and how gzipped files are read. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gunzip, isGzip } from '../../web/src/browser/gunzip.ts';
import { openRecord } from '../../web/src/state/opened-record.ts';

describe('a file of records', () => {
  it.each([
    ['(;GM[1]C[of the game];B[cc];W[dd])', null],
    ['(;GM[1];B[cc](;W[dd])(;W[ee]))', 'Variations are left out.'],
    ['(;GM[1];B[cc]C[good];W[dd])', 'Comments are left out.'],
    ['(;GM[1]\n;B[cc])(;GM[1])', 'This is the first of 2 games.'],
    [
      '(;GM[1];B[cc](;W[dd]C[good])(;W[ee]))(;GM[1])',
      'This is the first of 2 games. Variations and comments are left out.',
    ],
    ['no record', null],
    ['', null],
  ])('%j is opened as it is and says %j', (file, leftOut) => {
    expect(openRecord(file)).toEqual({ text: file, leftOut });
  });

  it('with a game a line is opened at its first, however many there are', () => {
    const games = Array.from({ length: 30_000 }, (_, i) => `(;GM[1]GN[${i}];B[cc];W[dd])\r\n`);
    expect(openRecord(`${games.join('')}\n`)).toEqual({
      text: '(;GM[1]GN[0];B[cc];W[dd])',
      leftOut: 'This is the first of 30,000 games.',
    });
  });
});

describe('gzip', () => {
  const packed = new Uint8Array(gzipSync('(;GM[1])'.repeat(1000)));

  it('is known by its first bytes and unpacked', async () => {
    expect([packed, new Uint8Array(8), new Uint8Array()].map(isGzip)).toEqual([true, false, false]);
    expect(new TextDecoder().decode((await gunzip(packed, 8000)) ?? undefined)).toBe('(;GM[1])'.repeat(1000));
  });

  it('is unpacked no further than it may be, and not where it is damaged', async () => {
    expect(await gunzip(packed, 7999)).toBeNull();
    await expect(gunzip(packed.slice(0, 30), 8000)).rejects.toThrow(TypeError);
  });
});
