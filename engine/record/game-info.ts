/** Game information of an SGF record, kept as it was written, so that a game read from one can be saved again with all of it. */
import type { Color } from '#engine/go/color.ts';
import { BLACK } from '#engine/go/color.ts';
import { decodeSimpleText, type SgfNode } from './sgf-node.ts';

/** Properties of the root node with their raw values, for example `{ PB: ['Lee'] }`. */
export type GameInfo = Record<string, string[]>;

/**
 * The game-info and root properties of FF[4] that no other field of a record says again, the most telling first; RE is not
 * among them, because it is the game's own. http://www.red-bean.com/sgf/properties.html
 */
const INFO_PROPERTIES: readonly string[] = 'PB PW BR WR BT WT DT EV RO PC GN ON OT TM US AN SO CP GC C'.split(
  ' ',
);

/** Characters kept of one record's information; what does not fit, GC or C as a rule, is left out. */
const MAX_INFO_CHARACTERS = 8000;

export function readGameInfo(root: SgfNode): GameInfo {
  const info: GameInfo = {};
  let room = MAX_INFO_CHARACTERS;
  for (const name of INFO_PROPERTIES) {
    const values = root.properties.get(name);
    const length = values?.join('').length ?? 0;
    if (values === undefined || length > room) continue;
    info[name] = values;
    room -= length;
  }
  return info;
}

/** Writes the information over whatever `root` says so far. */
export function writeGameInfo(root: SgfNode, info: GameInfo): void {
  for (const [name, values] of Object.entries(info)) root.properties.set(name, values);
}

/** The name of a player, or null where the record is silent. */
export function playerName(info: GameInfo, color: Color): string | null {
  const raw = info[color === BLACK ? 'PB' : 'PW']?.[0] ?? '';
  return decodeSimpleText(raw) || null;
}

/** The information without what it says of one player: somebody else plays that side. */
export function withoutPlayer(info: GameInfo, color: Color): GameInfo {
  const names = color === BLACK ? ['PB', 'BR', 'BT'] : ['PW', 'WR', 'WT'];
  return Object.fromEntries(Object.entries(info).filter(([name]) => !names.includes(name)));
}
