/** From the bytes of an SGF file to text: byte order mark, then the CA property, then a guess. */

// Present in every browser and in Node; declared here because the engine compiles without either's types.
declare const TextDecoder: new (
  label: string,
  options?: { fatal?: boolean },
) => { decode(bytes: Uint8Array): string };

/** CA stands in the root node, which is near the start of any file that has it. */
const CHARSET_SEARCH_BYTES = 65_536;

/**
 * Decodes a file. A byte order mark wins; otherwise the first game's CA; without a CA that is known, UTF-8 if the
 * bytes are valid UTF-8, else Latin-1, which is FF[4]'s default.
 */
export function decodeSgf(bytes: Uint8Array): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return new TextDecoder('utf-8').decode(bytes);
  const charset = charsetOf(new TextDecoder('latin1').decode(bytes.subarray(0, CHARSET_SEARCH_BYTES)));
  if (charset !== null) {
    try {
      return new TextDecoder(charset).decode(bytes);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // RangeError: no such character set
    }
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // TypeError: not UTF-8
    return new TextDecoder('latin1').decode(bytes);
  }
}

/** The value of CA in the first node, or null. */
function charsetOf(head: string): string | null {
  const start = head.search(/\(\s*;/);
  if (start < 0) return null;
  let name = '';
  for (let i = head.indexOf(';', start) + 1; i < head.length; i++) {
    const character = head[i];
    if (character === ';' || character === '(' || character === ')') return null;
    if (character === '[') {
      const from = i + 1;
      for (i = from; i < head.length && head[i] !== ']'; i++) if (head[i] === '\\') i++;
      if (name === 'CA') return head.slice(from, i).trim();
      // A second value of the same property follows without a name, so the name is kept until a letter comes.
    } else if (/[A-Za-z]/.test(character)) {
      if (head[i - 1] === ']' || /\s/.test(head[i - 1]) || head[i - 1] === ';') name = '';
      if (character <= 'Z') name += character;
    }
  }
  return null;
}
