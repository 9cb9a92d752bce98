/** SGF FF[4] parser: text or bytes to game trees, in one pass without recursion, so that no input makes it hang or overflow. */
import { decodeSgf } from './sgf-encoding.ts';
import { addNode, type SgfNode } from './sgf-node.ts';

/** 2 MiB and 50,000 nodes hold every game ever recorded and bound the work of reading a file. */
export const MAX_SGF_BYTES = 2 * 1024 * 1024;
const MAX_SGF_NODES = 50_000;

export type SgfLimits = {
  /** Largest input, in bytes (characters where the input is a string). Default `MAX_SGF_BYTES`. */
  readonly maxBytes?: number;
  /** Most nodes, over all games. Default `MAX_SGF_NODES`. */
  readonly maxNodes?: number;
};

export type SgfParseResult =
  | { readonly ok: true; readonly games: SgfNode[] }
  /** Line and column count from 1; columns count UTF-16 units. */
  | { readonly ok: false; readonly line: number; readonly column: number; readonly message: string };

/**
 * Reads a collection. Text before the first "(;" is skipped, as FF[4] advises; lower-case letters in property names
 * are dropped (FF[3] and earlier spelled them out); a property that comes twice in a node has its values joined.
 * http://www.red-bean.com/sgf/sgf4.html
 */
export function parseSgf(input: string | Uint8Array, limits: SgfLimits = {}): SgfParseResult {
  const { maxBytes = MAX_SGF_BYTES, maxNodes = MAX_SGF_NODES } = limits;
  if (input.length > maxBytes)
    return { ok: false, line: 1, column: 1, message: `The file is larger than ${maxBytes} bytes.` };
  const text = typeof input === 'string' ? input : decodeSgf(input);
  const games: SgfNode[] = [];
  /** The node each open "(" continues from; null for the outermost. */
  const open: (SgfNode | null)[] = [];
  let node: SgfNode | null = null;
  /** What stood last, which decides what may follow. */
  let last: 'start' | 'open' | 'node' | 'close' = 'start';
  let nodeCount = 0;

  const failAt = (offset: number, message: string): SgfParseResult => ({
    ok: false,
    ...locate(text, offset),
    message,
  });

  const start = text.search(/\(\s*;/);
  if (start < 0) return failAt(0, 'This is not SGF: no game tree, which begins with "(;", was found.');
  let i = start;
  while (i < text.length) {
    const character = text[i];
    if (character === ';') {
      if (last === 'close') return failAt(i, 'A node may not follow a variation: expected "(" or ")".');
      if (last === 'start') return failAt(i, 'A node stands outside a game tree: expected "(".');
      if (++nodeCount > maxNodes) return failAt(i, `The file has more than ${maxNodes} nodes.`);
      const parent = node;
      node = addNode(parent);
      if (parent === null) games.push(node);
      last = 'node';
      i++;
    } else if (character === '(') {
      if (last === 'open') return failAt(i, 'A variation must begin with a node: expected ";".');
      open.push(node);
      last = 'open';
      i++;
    } else if (character === ')') {
      if (last === 'open') return failAt(i, 'A variation is empty: expected ";".');
      if (open.length === 0) return failAt(i, 'A ")" closes nothing.');
      node = open.pop() as SgfNode | null;
      last = open.length === 0 ? 'start' : 'close';
      i++;
    } else if (isSpace(character)) {
      i++;
    } else if (last === 'node' && isLetter(character)) {
      const end = skip(text, i, (c) => isLetter(c) || (c >= '0' && c <= '9'));
      const name = text.slice(i, end).replace(/[a-z]/g, '');
      if (!/^[A-Z]/.test(name))
        return failAt(
          i,
          `The property name "${text.slice(i, Math.min(end, i + 20))}" has no capital letter to begin with.`,
        );
      const properties = (node as SgfNode).properties;
      const values = properties.get(name) ?? [];
      let next = skip(text, end, isSpace);
      if (text[next] !== '[') return failAt(next, `The property ${name} has no value: expected "[".`);
      while (text[next] === '[') {
        const close = valueEnd(text, next + 1);
        if (close < 0) return failAt(next, `A value of the property ${name} is never closed: expected "]".`);
        values.push(text.slice(next + 1, close));
        next = skip(text, close + 1, isSpace);
      }
      properties.set(name, values);
      i = next;
    } else if (last === 'start' && (character === '\u0000' || character === '\u001a')) {
      i++; // padding that old programs leave at the end of a file
    } else {
      const expected =
        last === 'node' ? 'a property, ";", "(" or ")"' : last === 'close' ? '"(" or ")"' : '"(" or ";"';
      return failAt(
        i,
        `Unexpected ${JSON.stringify(character)}: expected ${last === 'start' ? '"("' : expected}.`,
      );
    }
  }
  if (open.length > 0) return failAt(text.length, `The file ends before its game tree does: expected ")".`);
  return { ok: true, games };
}

/** Offset of the unescaped "]" that ends a value, or -1. */
function valueEnd(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5d) return i;
    if (code === 0x5c) i++;
  }
  return -1;
}

function skip(text: string, from: number, accepts: (character: string) => boolean): number {
  let i = from;
  while (i < text.length && accepts(text[i])) i++;
  return i;
}

function isSpace(character: string): boolean {
  return character <= ' ' ? character !== '\u0000' && character !== '\u001a' : character === '\ufeff';
}

function isLetter(character: string): boolean {
  return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z');
}

function locate(text: string, offset: number): { line: number; column: number } {
  const lines = text.slice(0, offset).split(/\r\n|\n\r|\r|\n/);
  return { line: lines.length, column: lines[lines.length - 1].length + 1 };
}
