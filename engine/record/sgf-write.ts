/** SGF FF[4] writer: game trees to text, without recursion. */
import type { SgfNode } from './sgf-node.ts';

const NODES_A_LINE = 10;

/**
 * Writes a collection that `parseSgf` reads back as the same trees. The text is meant to be stored as UTF-8, so a CA
 * that says otherwise is replaced, and one is added where a game needs it.
 * Throws `internal: ...` where a value would end early: free text goes through `encodeText`.
 */
export function makeSgf(games: readonly SgfNode[]): string {
  return games.map((game) => `${writeGame(game)}\n`).join('');
}

function writeGame(root: SgfNode): string {
  const body: string[] = [];
  const todo: (SgfNode | ')')[] = [root];
  let nodesOnLine = 0;
  while (todo.length > 0) {
    const item = todo.pop() as SgfNode | ')';
    if (item === ')') {
      body.push(')');
      continue;
    }
    if (item === root || (item.parent !== null && item.parent.children.length > 1)) {
      body.push(item === root ? '(' : '\n(');
      todo.push(')');
      nodesOnLine = 0;
    } else if (++nodesOnLine % NODES_A_LINE === 0) body.push('\n');
    body.push(writeNode(item));
    for (const child of item.children.toReversed()) todo.push(child);
  }
  return withCharset(root, body).join('');
}

function writeNode(node: SgfNode): string {
  let text = ';';
  for (const [name, values] of node.properties) {
    if (!/^[A-Z][A-Z0-9]*$/.test(name) || values.length === 0)
      throw new Error(
        `internal: property ${JSON.stringify(name)} with ${values.length} values cannot be written`,
      );
    text += name;
    for (const value of values) {
      if (!isEscaped(value))
        throw new Error(`internal: the value ${JSON.stringify(value)} of ${name} is not escaped`);
      text += `[${value}]`;
    }
  }
  return text;
}

/** Whether the parser would read the value to its end, and no further. */
function isEscaped(value: string): boolean {
  let i = 0;
  for (; i < value.length && value[i] !== ']'; i++) if (value[i] === '\\') i++;
  return i === value.length;
}

/** `body[1]` is the root node; its CA is made to say UTF-8 if it says anything else or the game is not plain ASCII. */
function withCharset(root: SgfNode, body: string[]): string[] {
  const charset = root.properties.get('CA');
  const isUtf8 = charset !== undefined && /^\s*utf-?8\s*$/i.test(charset[0]);
  if (isUtf8 || (charset === undefined && body.every((part) => /^[\0-\x7f]*$/.test(part)))) return body;
  const properties = new Map(root.properties).set('CA', ['UTF-8']);
  return body.with(1, writeNode({ ...root, properties }));
}
