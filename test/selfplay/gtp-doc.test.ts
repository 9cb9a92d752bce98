/** The manual and the engine know the same commands. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFullEngine, talk } from './gtp-helpers.ts';

test('every command is in the table of the manual, and nothing else is', async () => {
  const manual = readFileSync(join(import.meta.dirname, '../../docs/gtp.md'), 'utf8');
  const told = manual
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((row) => row.split('|')[1].match(/(?<=`)[^` ]+(?=[^`]*`(,|\s*$))/g) ?? []);
  const known = (await talk(makeFullEngine(), 'list_commands'))[0].slice(2).split('\n');
  expect(told.toSorted()).toEqual(known.toSorted());
});
