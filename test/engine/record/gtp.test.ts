/** GTP commands and answers as text. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatCommand,
  formatFailure,
  formatSuccess,
  parseColor,
  parseCommand,
  parseResponse,
} from '#engine/record/gtp.ts';

const word = fc.stringMatching(/^[a-zA-Z_.-][a-zA-Z0-9_.-]{0,8}$/);
const id = fc.oneof(fc.constant(''), fc.nat().map(String));

test('commands read back as themselves', () => {
  fc.assert(
    fc.property(id, word, fc.array(word, { maxLength: 4 }), (number, name, args) => {
      const command = { id: number, name, args };
      expect(parseCommand(formatCommand(command))).toEqual(command);
    }),
  );
});

test('comments, control characters and extra spaces vanish; tabs are spaces', () => {
  expect(parseCommand('  7  play\tb \u0007 D4 # a comment\r')).toEqual({
    id: '7',
    name: 'play',
    args: ['b', 'D4'],
  });
  expect(parseCommand('')).toBeNull();
  expect(parseCommand('   # only a comment')).toBeNull();
  expect(parseCommand('12')).toEqual({ id: '12', name: '', args: [] });
});

test('answers read back with their number and text, and end in exactly one empty line', () => {
  fc.assert(
    fc.property(id, fc.string({ unit: 'grapheme-ascii' }), fc.boolean(), (number, text, ok) => {
      const written = ok ? formatSuccess(number, text) : formatFailure(number, text);
      expect(written.endsWith('\n\n')).toBe(true);
      expect(written.trimEnd().includes('\n\n')).toBe(false);
      expect(parseResponse(written)).toEqual({ ok, id: number, text: text.trim() });
    }),
  );
  expect(parseResponse(formatSuccess('', 'a\n\n\nb\n'))).toEqual({ ok: true, id: '', text: 'a\nb' });
});

test('an answer may begin on the line after "=", as GNU Go writes boards', () => {
  expect(parseResponse('= \n   A B\n 2 . .')).toEqual({ ok: true, id: '', text: 'A B\n 2 . .' });
  expect(parseResponse('?3 unknown command')).toEqual({ ok: false, id: '3', text: 'unknown command' });
  expect(parseResponse('hello')).toBeNull();
});

test('colours are b, black, w and white in any case', () => {
  expect(['b', 'Black', 'W', 'white', 'x', undefined].map(parseColor)).toEqual([1, 1, 2, 2, null, null]);
});
