/** Where a text stops being JSON (RFC 8259), which JSON.parse tells of some mistakes only. */

const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/uy;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** @param text that JSON.parse refuses. @returns the line, from 1, of the first value or sign that cannot stand where it does. */
export function brokenLine(text: string): number {
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const isThere = pattern.test(text);
    if (isThere) at = pattern.lastIndex;
    return isThere;
  };
  const sign = (pattern: RegExp): boolean => take(SPACE) && take(pattern);
  const list = (end: RegExp, item: () => boolean): boolean => {
    if (sign(end)) return true;
    do if (!item()) return false;
    while (sign(/,/y));
    return sign(end);
  };
  const value = (): boolean => {
    if (sign(/\[/y)) return list(/\]/y, value);
    if (sign(/\{/y)) return list(/\}/y, () => sign(STRING) && sign(/:/y) && value());
    return take(STRING) || take(SCALAR);
  };
  value();
  take(SPACE);
  return text.slice(0, at).split('\n').length;
}
