/** Refuses msgpack that is nested too deep, cut off, followed by other bytes, or that uses extension types, before any decoder runs. */

/** Messages nest three deep; sixteen leaves room and bounds a decoder's recursion. */
const MAX_DEPTH = 16;

type Header =
  | { kind: 'scalar'; bytes: number }
  | { kind: 'container'; bytes: number; items: number }
  | { kind: 'refused'; why: string };

/** Big-endian unsigned integer of `size` bytes at `at`; NaN past the end. */
function readUint(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + (at + i < bytes.length ? bytes[at + i] : Number.NaN);
  return value;
}

/** What the value starting at `at` is; formats of https://github.com/msgpack/msgpack/blob/master/spec.md */
function readHeader(bytes: Uint8Array, at: number): Header {
  const tag = bytes[at];
  if (tag <= 0x7f || tag >= 0xe0) return { kind: 'scalar', bytes: 1 };
  if (tag <= 0x8f) return { kind: 'container', bytes: 1, items: 2 * (tag & 0x0f) };
  if (tag <= 0x9f) return { kind: 'container', bytes: 1, items: tag & 0x0f };
  if (tag <= 0xbf) return { kind: 'scalar', bytes: 1 + (tag & 0x1f) };
  if (tag === 0xc0 || tag === 0xc2 || tag === 0xc3) return { kind: 'scalar', bytes: 1 };
  if (tag >= 0xc4 && tag <= 0xc6) return sized(bytes, at, 1 << (tag - 0xc4));
  if (tag === 0xca || tag === 0xce || tag === 0xd2) return { kind: 'scalar', bytes: 5 };
  if (tag === 0xcb || tag === 0xcf || tag === 0xd3) return { kind: 'scalar', bytes: 9 };
  if (tag === 0xcc || tag === 0xd0) return { kind: 'scalar', bytes: 2 };
  if (tag === 0xcd || tag === 0xd1) return { kind: 'scalar', bytes: 3 };
  if (tag >= 0xd9 && tag <= 0xdb) return sized(bytes, at, 1 << (tag - 0xd9));
  if (tag === 0xdc || tag === 0xdd) {
    const size = tag === 0xdc ? 2 : 4;
    return { kind: 'container', bytes: 1 + size, items: readUint(bytes, at + 1, size) };
  }
  if (tag === 0xde || tag === 0xdf) {
    const size = tag === 0xde ? 2 : 4;
    return { kind: 'container', bytes: 1 + size, items: 2 * readUint(bytes, at + 1, size) };
  }
  return {
    kind: 'refused',
    why: 'The frame uses a msgpack extension type, which this protocol does not have.',
  };
}

function sized(bytes: Uint8Array, at: number, size: number): Header {
  return { kind: 'scalar', bytes: 1 + size + readUint(bytes, at + 1, size) };
}

/** @returns null when `bytes` is exactly one plain msgpack value, else the sentence that says why not. */
export function checkFrame(bytes: Uint8Array): string | null {
  const remaining: number[] = [];
  let at = 0;
  do {
    if (at >= bytes.length) return 'The frame is cut off.';
    const header = readHeader(bytes, at);
    if (header.kind === 'refused') return header.why;
    at += header.bytes;
    // Written so that NaN, from a length cut off, is refused too; each item takes at least one byte.
    const needed = header.kind === 'container' ? header.items : 0;
    if (!(at + needed <= bytes.length)) return 'The frame is cut off.';
    if (remaining.length > 0) remaining[remaining.length - 1]--;
    if (header.kind === 'container') {
      if (remaining.length >= MAX_DEPTH) return `The frame is nested deeper than ${MAX_DEPTH}.`;
      remaining.push(header.items);
    }
    while (remaining.length > 0 && remaining[remaining.length - 1] === 0) remaining.pop();
  } while (remaining.length > 0);
  return at === bytes.length ? null : 'The frame has bytes after its value.';
}
