/** Counting a finished board: area or territory, taxes, komi and handicap bonus. */
import type { Board } from './board.ts';
import { BLACK, EMPTY, WHITE, opponent, signFor } from './color.ts';
import type { Color } from './color.ts';
import { connectedAreas, neighborsOf } from './neighbors.ts';
import type { Rules } from './rules.ts';
import type { PositionView } from './view.ts';

export type Score = {
  readonly black: number;
  /** Komi and handicap bonus included. */
  readonly white: number;
  /** black - white, in points. */
  readonly scoreBlack: number;
  /** int8 [area]: 1 Black's, -1 White's, 0 nobody's. */
  readonly ownership: Int8Array;
  /** uint8 [area]: 1 on the stones and eyes of groups whose eyes count nothing, since they are in seki. */
  readonly inSeki: Uint8Array;
};

type Region = { points: number[]; owner: 0 | Color };

/** What White gets on top of the board: komi, and the bonus for n >= 2 handicap stones. */
export function whiteBonus(rules: Rules, handicap: number): number {
  const stones = handicap < 2 || rules.handicapBonus === 'none' ? 0 : handicap;
  return rules.komi + (rules.handicapBonus === 'n-1' && stones > 0 ? stones - 1 : stones);
}

/** Empty regions and whose they are: of the one colour around them, or nobody's (dame, or an empty board). */
function emptyRegions(board: Board, stones: Uint8Array): Region[] {
  const labels = stones.map((stone) => (stone === EMPTY ? 1 : 0));
  return connectedAreas(board.neighbors, labels).map((points) => {
    let border = 0;
    for (const p of points) for (const q of neighborsOf(board.neighbors, p)) border |= stones[q];
    return { points, owner: border === (BLACK | WHITE) ? 0 : (border as 0 | Color) };
  });
}

/** Territory, in points, with which a group that touches dame still lives by itself: the least room for two eyes. Our choice. */
const LIVING_ROOM = 4;

/**
 * int32 [area]: a label per living group: stones of one colour joined by each other or by their own territory;
 * and the labels of groups with eyes that are in seki: those that touch dame and have no room for two eyes. So an
 * unfilled neutral point between two living groups costs neither its territory.
 */
function groups(
  board: Board,
  stones: Uint8Array,
  regions: Region[],
): { label: Int32Array; seki: Set<number> } {
  const color = Uint8Array.from(stones);
  const dame = new Uint8Array(board.area);
  for (const { points, owner } of regions)
    for (const p of points) {
      color[p] = owner;
      if (owner === 0) dame[p] = 1;
    }
  const label = new Int32Array(board.area).fill(-1);
  const touchesDame = new Set<number>();
  for (const points of connectedAreas(board.neighbors, color))
    for (const p of points) {
      label[p] = points[0];
      if (neighborsOf(board.neighbors, p).some((q) => dame[q] === 1)) touchesDame.add(points[0]);
    }
  const room = new Map<number, { regions: number; points: number }>();
  for (const { points, owner } of regions) {
    if (owner === 0) continue;
    const before = room.get(label[points[0]]) ?? { regions: 0, points: 0 };
    room.set(label[points[0]], { regions: before.regions + 1, points: before.points + points.length });
  }
  const seki = new Set<number>();
  for (const [group, { regions: eyes, points }] of room)
    if (touchesDame.has(group) && eyes < 2 && points < LIVING_ROOM) seki.add(group);
  return { label, seki };
}

/**
 * The score of a position as it stands, once the stones of `dead` are taken off.
 * Under territory rules a dead stone is worth a prisoner as well as its point.
 * @param dead points of dead stones, as agreed by the players or proposed by a net.
 */
export function scorePosition(position: PositionView, dead: Iterable<number> = []): Score {
  const { board, rules, handicap } = position;
  const stones = Uint8Array.from(board.stones);
  const points = [0, 0, 0];
  const territory = rules.scoring === 'territory';
  if (territory) {
    points[BLACK] = board.captures[BLACK];
    points[WHITE] = board.captures[WHITE];
  }
  for (const p of new Set(dead)) {
    if (stones[p] === EMPTY) continue;
    if (territory) points[opponent(stones[p] as Color)]++;
    stones[p] = EMPTY;
  }
  const regions = emptyRegions(board, stones);
  const ownership = Int8Array.from(stones, (stone) => (stone === EMPTY ? 0 : signFor(stone as Color)));
  const taxed = rules.tax === 'none' ? null : groups(board, stones, regions);
  for (const region of regions) {
    if (region.owner === 0 || taxed?.seki.has(taxed.label[region.points[0]])) continue;
    points[region.owner] += region.points.length;
    for (const p of region.points) ownership[p] = signFor(region.owner);
  }
  if (!territory) for (const stone of stones) if (stone !== EMPTY) points[stone]++;
  if (taxed && rules.tax === 'all') {
    // Two points for each living group, but never more than the territory it has.
    const room = new Map<number, number>();
    for (const region of regions) {
      const label = taxed.label[region.points[0]];
      if (region.owner !== 0 && !taxed.seki.has(label))
        room.set(label, (room.get(label) ?? 0) + region.points.length);
    }
    for (const region of regions) {
      const label = taxed.label[region.points[0]];
      const size = room.get(label);
      if (region.owner === 0 || size === undefined) continue;
      points[region.owner] -= Math.min(2, size);
      room.delete(label);
    }
  }
  const white = points[WHITE] + whiteBonus(rules, handicap);
  const inSeki = new Uint8Array(board.area);
  // Searches count many ends, of which next to none has one.
  if (taxed !== null && taxed.seki.size > 0)
    for (let p = 0; p < board.area; p++) if (taxed.seki.has(taxed.label[p])) inSeki[p] = 1;
  return { black: points[BLACK], white, scoreBlack: points[BLACK] - white, ownership, inSeki };
}
