/** JSON that people write. */
import fc from 'fast-check';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readConfigFile } from '#training/text-files.ts';

const path = join(mkdtempSync(join(tmpdir(), 'tengen-')), 'config.json');

function read(text: string): unknown {
  writeFileSync(path, text);
  return readConfigFile<object>(path, z.looseObject({}));
}

test.each([
  ['', 1],
  ['seed = 7', 1],
  ['{\n  "seed": 7,\n}', 3],
  ['{\n  "a": [1, 2,\n  ],\n  "b": 3\n}', 3],
  ['{\n  "a": 1\n  "b": 2\n}', 3],
  ['{\n  "a": tru\n}', 2],
  ['{\n  "a": 01\n}', 2],
  ['{\n  "a": "half\n}', 2],
  ['{\n  "a": "\\q"\n}', 2],
  ['{\n  a: 1\n}', 2],
  ["{\n\n'a': 1 }", 3],
  ['{}\n\n{}', 3],
  ['\uFEFF{\n  "a": \n', 3],
])('%j is broken at line %d', (text, line) => {
  expect(read(text)).toBe(`${path}: not valid JSON at line ${line}`);
});

test('a byte order mark before it is no mistake', () => {
  expect(read('\uFEFF{"seed": 7}\n')).toEqual({ seed: 7 });
});

test('a sign that fits nowhere is found at its line, whatever stands before it', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.nat(), (value, place) => {
      const lines = JSON.stringify(value, null, 1).split('\n');
      const at = place % lines.length;
      const broken = lines.with(at, `?${lines[at]}`).join('\n');
      expect(read(broken)).toBe(`${path}: not valid JSON at line ${at + 1}`);
    }),
  );
});

test('a text that is nested deeper than the stack is refused all the same', () => {
  expect(read('['.repeat(200_000))).toMatch(/: not valid JSON$/);
});
