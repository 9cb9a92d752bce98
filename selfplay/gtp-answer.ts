/** Answers to GTP commands and the numbers in their arguments. */

export type Answer = { readonly ok: boolean; readonly text: string };

export const done = (text = ''): Answer => ({ ok: true, text });
export const refuse = (text: string): Answer => ({ ok: false, text });
export const SYNTAX_ERROR: Answer = refuse('syntax error');

/** Digits with an optional sign, fraction and exponent: Number() alone also takes '', '0x10' and 'Infinity'. */
export function parseReal(text: string | undefined): number | null {
  if (text === undefined || !/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

export function parseWhole(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
