/** Addresses that name several nets. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { netFiles } from '#nets/net-files.ts';

test('a plus sign joins nets, unless it is part of the name of a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tengen-'));
  expect(netFiles(`${folder}/a+${folder}/b`)).toEqual([`${folder}/a`, `${folder}/b`]);
  writeFileSync(join(folder, 'a+b'), '');
  for (const whole of ['a+b', 'a+b#steps=2'])
    expect(netFiles(join(folder, whole))).toEqual([join(folder, whole)]);
  expect(netFiles('a#steps=2+b')).toEqual(['a#steps=2', 'b']);
});
