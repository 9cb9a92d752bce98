/** Whatever a controller sends: random bytes, commands with wrong arguments, and moves between them. */
import { PassThrough } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COLUMNS } from '#engine/record/coordinates.ts';
import { parseCommand, parseResponse } from '#engine/record/gtp.ts';
import { serveGtp } from '#selfplay/gtp-serve.ts';
import { answerTo, makeFullEngine, talk } from './gtp-helpers.ts';

/** All but the one that would write files of any name. */
const names = (await talk(makeFullEngine(), 'list_commands'))[0]
  .slice(2)
  .split('\n')
  .filter((name) => name !== 'printsgf');

/** Arguments of some command or other, and what might be taken for one. */
const WORDS = [
  'b W white red pass resign dead seki dame NZ all true false',
  'interval minmoves maxmoves avoid allow ownership pvVisits rootInfo D4,E5',
  'fischer byoyomi canadian absolute none ko SIMPLE maxVisits {} {"ko":3}',
  '__proto__ constructor NaN Infinity 1e9 -1 0x10 2.5 ٣',
].flatMap((words) => words.split(' '));

const vertex = fc
  .tuple(fc.nat(COLUMNS.length - 1), fc.integer({ min: 0, max: 26 }))
  .map(([column, row]) => `${COLUMNS[column]}${row}`);
const word = fc.oneof(
  vertex,
  fc.constantFrom(...WORDS),
  fc.integer({ min: -2, max: 26 }).map(String),
  fc.nat().map(String),
  fc.string({ maxLength: 4 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const id = fc.option(fc.nat().map(String), { nil: '' });
const command = fc
  .tuple(
    id,
    fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 8 })),
    fc.array(word, { maxLength: 6 }),
  )
  .map(([number, name, args]) => [number, name, ...args].join(' '));
const play = fc.tuple(fc.constantFrom('b', 'w'), vertex).map(([color, point]) => `play ${color} ${point}`);
const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array).toString('utf8'));
const line = fc.oneof(
  { weight: 6, arbitrary: command },
  { weight: 3, arbitrary: play },
  { weight: 1, arbitrary: bytes },
);

test('ten thousand lines: each command gets one well-formed answer with its number, and none is a bug', async () => {
  const errors: unknown[] = [];
  const engine = makeFullEngine({ onError: (error) => errors.push(error) });
  await fc.assert(
    fc.asyncProperty(line, async (text) => {
      const answer = await answerTo(engine, text);
      const asked = parseCommand(text);
      if (asked === null || answer === null) {
        expect([asked, answer]).toEqual([null, null]);
        return;
      }
      expect(parseResponse(answer)?.id).toBe(asked.id);
      expect(answer).not.toMatch(/\n\n|internal:/);
      expect(errors).toEqual([]);
    }),
    { numRuns: 10_000 },
  );
});

test('a stream of such lines is answered to its end, as many times as there were commands', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 40 }), fc.nat(50), async (lines, cut) => {
      const text = Buffer.from(lines.map((each) => each.replace(/[\r\n\u2028\u2029]/g, '')).join('\n'));
      const input = PassThrough.from([text.subarray(0, cut), text.subarray(cut)]);
      const output = new PassThrough();
      const answered = readAll(output);
      await serveGtp(makeFullEngine(), input, output);
      output.end();
      const asked: string[] = [];
      for (const each of text.toString().split('\n')) {
        const parsed = parseCommand(each);
        if (parsed === null) continue;
        asked.push(parsed.id);
        if (parsed.name === 'quit') break;
      }
      const answers = (await answered).split('\n\n').slice(0, -1);
      expect(answers.map((block) => parseResponse(block)?.id)).toEqual(asked);
    }),
  );
});
