/** The SGF tree: nodes whose property values are kept exactly as written, and the escaping of text in them. */

/**
 * A node of a game tree. Values are raw: what stands between the brackets, escapes included, so that unknown
 * properties survive; `decodeText`, `decodeSimpleText` and `splitComposed` read them, `encodeText` makes them.
 */
export type SgfNode = {
  readonly properties: Map<string, string[]>;
  readonly children: SgfNode[];
  parent: SgfNode | null;
};

/** A new node, appended to `parent`'s variations if one is given. */
export function addNode(
  parent: SgfNode | null,
  properties: Iterable<readonly [string, string[]]> = [],
): SgfNode {
  const node: SgfNode = { properties: new Map(properties), children: [], parent };
  parent?.children.push(node);
  return node;
}

/** Nodes from `root` along the first variation. */
export function* mainLine(root: SgfNode): Generator<SgfNode> {
  for (let node: SgfNode | undefined = root; node !== undefined; node = node.children[0]) yield node;
}

const LINE_BREAK = /\r\n|\n\r|\r|\n/g;
// A backslash escapes the character after it; an escaped line break is a soft one and vanishes.
const ESCAPE = /\\(\r\n|\n\r|[\s\S])/gu;

/** FF[4] "Text": escapes undone, line breaks become "\n", other white space becomes spaces. */
export function decodeText(raw: string): string {
  return raw
    .replace(ESCAPE, (_, escaped: string) => (/^[\r\n]/.test(escaped) ? '' : escaped))
    .replace(LINE_BREAK, '\n')
    .replace(/[\t\v\f]/g, ' ');
}

/** FF[4] "SimpleText": as `decodeText`, in one line. */
export function decodeSimpleText(raw: string): string {
  return decodeText(raw).replaceAll('\n', ' ').trim();
}

/** The raw value that `decodeText` reads back as `text`; colons are escaped so that it may stand in a composed value. */
export function encodeText(text: string): string {
  return text.replace(/[\\\]:]/g, '\\$&');
}

/** Splits a composed value at its first unescaped colon; null where there is none. Both parts are still raw. */
export function splitComposed(raw: string): [string, string] | null {
  for (let i = 0; i < raw.length; i++) {
    if (raw[i] === '\\') i++;
    else if (raw[i] === ':') return [raw.slice(0, i), raw.slice(i + 1)];
  }
  return null;
}
