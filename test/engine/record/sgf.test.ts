/** The SGF parser and writer, on what people and enemies write. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addNode,
  decodeSimpleText,
  decodeText,
  encodeText,
  mainLine,
  makeSgf,
  parseSgf,
  splitComposed,
  type SgfNode,
} from '#engine/record/sgf.ts';

/**
 * Written for this test after the tour of properties at red-bean.com/sgf/examples/ (ff4_ex.sgf): the same features in
 * the same order, in other words.
 */
const example = readFileSync(new URL('ff4-example.sgf', import.meta.url));

/** A tree without its parent links, for comparison. */
type Plain = { properties: [string, string[]][]; children: Plain[] };
function plain(node: SgfNode): Plain {
  return { properties: [...node.properties], children: node.children.map(plain) };
}

function parseOk(input: string | Uint8Array): SgfNode[] {
  const parsed = parseSgf(input);
  if (!parsed.ok) throw new Error(`line ${parsed.line}, column ${parsed.column}: ${parsed.message}`);
  return parsed.games;
}

const name = fc.stringMatching(/^[A-Z]{1,4}$/).filter((text) => text !== 'CA');
const values = fc.array(fc.string({ unit: 'grapheme' }).map(encodeText), { minLength: 1, maxLength: 3 });
const properties = fc.array(fc.tuple(name, values), { maxLength: 4 });
/** Trees of up to 30 nodes; each node after the first hangs on one before it. */
const tree = fc
  .tuple(properties, fc.array(fc.tuple(fc.nat(), properties), { maxLength: 29 }))
  .map(([first, others]) => {
    const nodes = [addNode(null, first)];
    for (const [parent, rest] of others) nodes.push(addNode(nodes[parent % nodes.length], rest));
    return nodes[0];
  });

test('every collection reads back as the same trees, whatever its properties', () => {
  const collections = fc.array(tree, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(collections, (games) => {
      for (const game of games) game.properties.set('CA', ['UTF-8']);
      expect(parseOk(makeSgf(games)).map(plain)).toEqual(games.map(plain));
      expect(parseOk(new TextEncoder().encode(makeSgf(games))).map(plain)).toEqual(games.map(plain));
    }),
  );
});

test('any text survives encoding, and only line breaks and white space are made uniform', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const kept = text.replace(/\r\n|\n\r|\r/g, '\n').replace(/[\t\v\f]/g, ' ');
      expect(decodeText(encodeText(text))).toBe(kept);
      expect(splitComposed(`${encodeText(text)}:b`)).toEqual([encodeText(text), 'b']);
    }),
  );
});

test('a soft line break vanishes however it is coded, a hard one becomes "\\n"', () => {
  for (const lineBreak of ['\n', '\r', '\r\n', '\n\r']) {
    expect(decodeText(`>o\\${lineBreak}k<`)).toBe('>ok<');
    expect(decodeText(`a${lineBreak}b`)).toBe('a\nb');
    expect(decodeSimpleText(` a${lineBreak}b `)).toBe('a b');
  }
});

test('the example of all FF[4] properties reads with its trees, values and escapes', () => {
  const games = parseOk(example);
  expect(games.length).toBe(2);
  expect(games[0].children.map((child) => decodeSimpleText(child.properties.get('N')?.[0] ?? ''))).toEqual([
    'Moves and annotations',
    'Set-up',
    'Markup',
    'Style and text',
    'Time and move numbers',
  ]);
  const [moves, , markup, style, time] = games[0].children;
  expect([...mainLine(moves)].length).toBe(13);
  const [, shapes, labels] = [...mainLine(markup)];
  expect(shapes.properties.get('TW')).toEqual(['pq:ss', 'so', 'lr:ns']);
  const texts = labels.properties
    .get('LB')
    ?.map((label) => decodeSimpleText(splitComposed(label)?.[1] ?? ''));
  expect(texts?.slice(-3)).toEqual(['a:b', 'a]b', '\\']);
  const comment = decodeText(style.properties.get('C')?.[0] ?? '');
  expect(comment.match(/>ok</g)?.length).toBe(4);
  expect(comment).toContain('escaped by a backslash, is removed. Systems');
  expect(comment).toContain('A backslash: \\, a bracket: ], a colon: :, a needless escape: k. A tab.');
  expect(comment).toContain('囲碁, 바둑, Gō');
  const last = [...mainLine(time)].at(-1);
  expect(last?.properties.get('XYZZY')).toEqual(['unknown', 'properties', 'are kept\\]']);
  expect(last?.properties.get('EMPTY')).toEqual(['']);
  expect(games[1].children[0].children.length).toBe(3);
});

test('the official FF[4] example, as the package sgfgrove carries it, round-trips', () => {
  // Arno Hollosi, red-bean.com/sgf/examples/ff4_ex.sgf.
  const official = readFileSync(createRequire(import.meta.url).resolve('sgfgrove/examples/ff4_ex.sgf'));
  const games = parseOk(official);
  expect(games.map((game) => game.children.length)).toEqual([5, 1]);
  for (const game of games) game.properties.set('CA', ['UTF-8']);
  const written = makeSgf(games);
  expect(parseOk(written).map(plain)).toEqual(games.map(plain));
  expect(makeSgf(parseOk(written))).toBe(written);
});

test('the example round-trips, and writing it twice gives the same bytes', () => {
  const games = parseOk(example);
  for (const game of games) game.properties.set('CA', ['UTF-8']);
  const written = makeSgf(games);
  expect(parseOk(written).map(plain)).toEqual(games.map(plain));
  expect(makeSgf(parseOk(written))).toBe(written);
});

test.each([
  ['', 1, 1, 'not SGF'],
  ['hello', 1, 1, 'not SGF'],
  ['(;B[aa]', 1, 8, 'ends before'],
  ['(;B[aa]\n;W[bb', 2, 3, 'value of the property W is never closed'],
  ['(;B)', 1, 4, 'The property B has no value'],
  ['(;b[aa])', 1, 3, 'no capital letter'],
  ['(;B[aa](;W[bb]);B[cc])', 1, 16, 'may not follow a variation'],
  ['(;B[aa]())', 1, 9, 'empty'],
  ['(;B[aa]))', 1, 9, 'closes nothing'],
  ['(;B[aa]\r\n\r\n  *)', 3, 3, 'Unexpected "*"'],
  ['(;B[aa]) trailing', 1, 10, 'Unexpected "t"'],
  ['(;B[aa]);', 1, 9, 'outside a game tree'],
])('the malformed text %j is refused with its line and column', (text, line, column, message) => {
  expect(parseSgf(text)).toEqual({ ok: false, line, column, message: expect.stringContaining(message) });
});

test('files beyond the limits are refused, files at them are read', () => {
  const text = '(;B[aa];W[bb])';
  expect(parseSgf(text, { maxBytes: text.length, maxNodes: 2 }).ok).toBe(true);
  expect(parseSgf(text, { maxBytes: text.length - 1 }).ok).toBe(false);
  expect(parseSgf(text, { maxNodes: 1 })).toEqual({
    ok: false,
    line: 1,
    column: 8,
    message: expect.any(String),
  });
});

test('depth is limited by nothing but the number of nodes', () => {
  const depth = 50_000;
  const deep = `${'(;B[aa]'.repeat(depth)}${')'.repeat(depth)}`;
  const games = parseOk(deep);
  expect([...mainLine(games[0])].length).toBe(depth);
  expect(parseOk(makeSgf(games)).length).toBe(1);
});

test.each([
  ['Shift_JIS', [0x88, 0xcd, 0x8c, 0xe9], '囲碁'],
  ['GB2312', [0xce, 0xa7, 0xc6, 0xe5], '围棋'],
  ['ISO-8859-1', [0x47, 0xf6], 'Gö'],
  ['utf-8', [0xe5, 0x9b, 0xb2], '囲'],
  ['no such set', [0x47, 0xf6], 'Gö'],
])('bytes are decoded by CA[%s]', (charset, bytes, text) => {
  const ascii = (part: string): number[] => [...new TextEncoder().encode(part)];
  const file = Uint8Array.from([...ascii(`(;SZ[9]\n CA[${charset}]PB[`), ...bytes, ...ascii('])')]);
  expect(parseOk(file)[0].properties.get('PB')).toEqual([text]);
});

test('without CA, bytes are UTF-8 where they can be and Latin-1 otherwise; a byte order mark is followed', () => {
  const utf8 = new TextEncoder().encode('(;PB[囲碁])');
  expect(parseOk(utf8)[0].properties.get('PB')).toEqual(['囲碁']);
  expect(parseOk(Uint8Array.from([0xef, 0xbb, 0xbf, ...utf8]))[0].properties.get('PB')).toEqual(['囲碁']);
  const latin = new Uint8Array(Buffer.from('(;PB[Gö])', 'latin1'));
  expect(parseOk(latin)[0].properties.get('PB')).toEqual(['Gö']);
  const little = new Uint8Array(Buffer.from('\ufeff(;PB[囲碁])', 'utf16le'));
  const big = new Uint8Array(Buffer.from(little).swap16());
  for (const utf16 of [little, big]) expect(parseOk(utf16)[0].properties.get('PB')).toEqual(['囲碁']);
});

test('a written game says UTF-8 where its text needs it, and nothing where it does not', () => {
  expect(makeSgf([addNode(null, [['PB', ['Go']]])])).toBe('(;PB[Go])\n');
  expect(makeSgf([addNode(null, [['PB', ['囲碁']]])])).toBe('(;PB[囲碁]CA[UTF-8])\n');
  expect(makeSgf([addNode(null, [['CA', ['Shift_JIS']]])])).toBe('(;CA[UTF-8])\n');
});

test('old spellings read: lower-case letters in names, repeated properties, a pass as "tt"', () => {
  const [game] = parseOk('(;White[tt]AB[aa]AddBlack[bb])');
  expect([...game.properties]).toEqual([
    ['W', ['tt']],
    ['AB', ['aa', 'bb']],
  ]);
});

test('the writer refuses a value that would end early instead of writing a broken file', () => {
  for (const value of ['a]b', 'a\\'])
    expect(() => makeSgf([addNode(null, [['C', [value]]])])).toThrow('internal: the value');
});

test('20,000 damaged or random inputs are read or refused with a place in the text; none crashes', () => {
  const alphabet = Array.from('()[];:\\\n\r\0BWCAaz09 \u{1f600}');
  const text = example.toString('utf8');
  const damage = fc.array(
    fc.record({
      at: fc.nat(text.length),
      remove: fc.nat(40),
      insert: fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 6 }),
    }),
    { minLength: 1, maxLength: 8 },
  );
  const damaged = fc.tuple(fc.nat(text.length), fc.nat(1500), damage).map(([from, length, edits]) => {
    let result = text.slice(from % 4 === 0 ? 0 : from, from % 4 === 0 ? text.length : from + length);
    for (const { at, remove, insert } of edits) {
      const place = at % (result.length + 1);
      result = result.slice(0, place) + insert + result.slice(place + remove);
    }
    return result;
  });
  const inputs = fc.oneof(
    damaged,
    damaged.map((t) => `(;${t}`),
    fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 60 }),
    fc.uint8Array({ maxLength: 80 }),
    fc
      .uint8Array({ maxLength: 80 })
      .map((tail) => Uint8Array.from([...new TextEncoder().encode('(;CA['), ...tail])),
  );
  let accepted = 0;
  fc.assert(
    fc.property(inputs, (input) => {
      const parsed = parseSgf(input);
      if (parsed.ok) {
        accepted++;
        for (const game of parsed.games) game.properties.set('CA', ['UTF-8']);
        expect(makeSgf(parseOk(makeSgf(parsed.games)))).toBe(makeSgf(parsed.games));
      } else {
        expect(parsed.line).toBeGreaterThanOrEqual(1);
        expect(parsed.column).toBeGreaterThanOrEqual(1);
        expect(parsed.message).toMatch(/^[A-Z].*\.$/s);
      }
    }),
    { numRuns: 20_000 },
  );
  expect(accepted).toBeGreaterThan(100);
});
