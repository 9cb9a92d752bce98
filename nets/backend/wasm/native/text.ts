/** Pieces of WebAssembly text that the kernels are written with. */

/** `text` of 0, 1, ... count - 1: a loop unrolled. */
export const each = (count: number, text: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => text(i)).join('\n');

export const get = (name: string): string => `(local.get ${name})`;
/** name <- name + by */
export const advance = (name: string, by: string | number): string =>
  `(local.set ${name} (i32.add (local.get ${name}) ${typeof by === 'number' ? `(i32.const ${by})` : by}))`;
export const zeros = '(f32x4.splat (f32.const 0))';
export const params = (...names: readonly string[]): string =>
  names.map((name) => `(param ${name} i32)`).join(' ');
export const locals = (type: string, ...names: readonly string[]): string =>
  names.map((name) => `(local ${name} ${type})`).join(' ');

/** Names of one variable a vector: $a0, $a1... */
export const lanes = (vectors: number, ...names: readonly string[]): string[] =>
  names.flatMap((name) => Array.from({ length: vectors }, (_, v) => `${name}${v}`));

export const load = (vectors: number, name: string, pointer: string): string =>
  each(vectors, (v) => `(local.set ${name}${v} (v128.load offset=${16 * v} ${get(pointer)}))`);

/** Channels that kernels compute at once: a wide block, a line of the cache, and a narrow one. */
export const WIDE = 16;
export const NARROW = 4;

/** Calls `pass` with blocks of channels, wide ones first: their width and the bytes before them. */
export function eachBlock(channels: number, pass: (width: number, offset: number) => void): void {
  for (let c = 0; c < channels;) {
    const width = channels - c >= WIDE ? WIDE : NARROW;
    pass(width, 4 * c);
    c += width;
  }
}

/** Only channels in whole vectors are computed in blocks. */
export const inBlocks = (channels: number): boolean => channels % NARROW === 0;
