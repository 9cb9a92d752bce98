/** Lines out of chunks of bytes. */
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineInput, LineSplitter, type Line } from '#selfplay/line-input.ts';

const MAX_CHARS = 8;
const text = fc
  .array(fc.oneof(fc.constantFrom('\n', '\r', 'ab', 'ü', '碁', '🎲', 'abcdefgh'), fc.string()))
  .map((parts) => parts.join(''));

test('however the bytes come, the lines are those of the whole text, cut at the limit', () => {
  fc.assert(
    fc.property(text, fc.array(fc.nat(40), { maxLength: 6 }), (whole, cuts) => {
      const bytes = Buffer.from(whole);
      const splitter = new LineSplitter(MAX_CHARS);
      const ends = [...cuts.toSorted((a, b) => a - b), bytes.length];
      const lines = ends.flatMap((end, i) => splitter.push(bytes.subarray(ends[i - 1] ?? 0, end)));
      lines.push(...splitter.end());
      const expected = bytes.toString().split('\n');
      if (expected.at(-1) === '') expected.pop();
      expect(lines).toEqual(
        expected.map((line) => ({ text: line.slice(0, MAX_CHARS), isCut: line.length > MAX_CHARS })),
      );
    }),
  );
});

test('an endless line is told of as soon as it is too long, and once', () => {
  const splitter = new LineSplitter(MAX_CHARS);
  const chunk = Buffer.from('endless');
  expect(Array.from({ length: 100 }, () => splitter.push(chunk)).flat()).toEqual([
    { text: 'endlesse', isCut: true },
  ]);
  expect(splitter.push(Buffer.from('\nnext\n'))).toEqual([{ text: 'next', isCut: false }]);
  expect(splitter.end()).toEqual([]);
});

test('an input that is closed is paused, and its end is told once', () => {
  const input = new PassThrough();
  const lines: Line[] = [];
  let ends = 0;
  const reader = new LineInput(input, MAX_CHARS, {
    onLine: (line) => {
      lines.push(line);
      reader.close();
    },
    onEnd: () => ends++,
  });
  input.emit('data', 'one\ntwo\n');
  input.emit('data', 'three\n');
  reader.close();
  reader.resume();
  expect([lines.map((line) => line.text), ends, input.isPaused()]).toEqual([['one'], 1, true]);
});
