/** Frames are read as what was sent, or refused in one sentence; no bytes break the decoder. */
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { describe, expect, it } from 'vitest';
import { decodeClientFrame, decodeServerFrame, encodeFrame } from '#server/protocol/codec.ts';
import { checkFrame } from '#server/protocol/frame.ts';
import type { ClientMessage } from '#server/protocol/messages.ts';

const plain = new Packr({ useRecords: false });

const clientMessages: fc.Arbitrary<ClientMessage> = fc.oneof(
  fc.record({
    type: fc.constant('play' as const),
    move: fc.integer({ min: 0, max: 361 }),
    ply: fc.integer({ min: 0, max: 2000 }),
    nonce: fc.string({ minLength: 1, maxLength: 40 }),
  }),
  fc.record({
    type: fc.constant('new-game' as const),
    width: fc.integer({ min: 5, max: 19 }),
    height: fc.integer({ min: 5, max: 19 }),
    rules: fc.constantFrom('chinese' as const, 'japanese' as const),
    komi: fc.integer({ min: -300, max: 300 }).map((halves) => halves / 2),
    handicap: fc.integer({ min: 0, max: 9 }),
    color: fc.constantFrom(1 as const, 2 as const),
    level: fc.constant('net'),
  }),
);

describe('frames', () => {
  it('decode to the message that was encoded', () => {
    fc.assert(
      fc.property(clientMessages, (message) => {
        const wanted = message.type === 'new-game' ? { ...message, komi: message.komi + 0 } : message;
        expect(decodeClientFrame(encodeFrame(wanted))).toEqual({ ok: true, message: wanted });
      }),
    );
  });

  it.each([7.3, 150.5, -151])('with a komi of %d are refused in one sentence', (komi) => {
    const asked = {
      type: 'new-game',
      width: 9,
      height: 9,
      rules: 'chinese',
      komi,
      handicap: 0,
      color: 1,
      level: 'net',
    };
    expect(decodeClientFrame(encodeFrame(asked as ClientMessage))).toEqual({
      ok: false,
      error: 'komi: komi is in whole or half points such as 7.5, at most 150 for either side.',
    });
  });

  it('of any plain value pass the check, and are refused once a byte is missing or added', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const bytes = new Uint8Array(plain.pack(value));
        expect(checkFrame(bytes)).toBeNull();
        expect(checkFrame(bytes.subarray(0, -1))).not.toBeNull();
        expect(checkFrame(new Uint8Array([...bytes, 0]))).not.toBeNull();
      }),
    );
  });

  it('of random or mutated bytes are refused or read, never thrown over', () => {
    const seen = { ok: 0, refused: 0 };
    const valid = encodeFrame({ type: 'play', move: 3, ply: 0, nonce: 'abc' });
    const mutated = fc
      .array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { maxLength: 3 })
      .map((changes) => {
        const bytes = valid.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated), (bytes) => {
        const decoded = decodeClientFrame(bytes);
        if (!decoded.ok) expect(decoded.error).toMatch(/\.$/);
        seen[decoded.ok ? 'ok' : 'refused']++;
        decodeServerFrame(bytes);
      }),
      { numRuns: 2000 },
    );
    expect(seen.ok).toBeGreaterThan(0);
    expect(seen.refused).toBeGreaterThan(500);
  });

  it.each([
    ['an extension type', [0xd4, 0x72, 0x40], /extension/],
    ['the unused tag', [0xc1], /extension/],
    ['seventeen levels', [...Array<number>(17).fill(0x91), 0xc0], /nested/],
    ['an array that claims four thousand million items', [0xdd, 0xff, 0xff, 0xff, 0xff], /cut off/],
    ['a text that claims more than there is', [0xdb, 0xff, 0xff, 0xff, 0xff, 0x41], /cut off/],
    ['nothing', [], /cut off/],
  ])('with %s are refused before decoding', (_, bytes, why) => {
    expect(checkFrame(new Uint8Array(bytes))).toMatch(why);
  });

  it('with unknown or inherited fields are refused', () => {
    const withProto = plain.pack(
      new Map<string, unknown>([
        ['type', 'undo'],
        ['__proto__', { polluted: true }],
      ]),
    );
    expect(decodeClientFrame(new Uint8Array(withProto)).ok).toBe(false);
    expect(decodeClientFrame(new Uint8Array(plain.pack({ type: 'undo', extra: 1 }))).ok).toBe(false);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
