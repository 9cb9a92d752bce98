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
