/** The feature set `tengen-v1`: what a net sees of a position. */
import { signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { LadderReader } from '#engine/go/ladder.ts';
import { whiteBonus } from '#engine/go/scoring.ts';
import type { PositionView } from '#engine/go/view.ts';
import { bufferPoints } from './layout.ts';

/** Planes in order, all 0 or 1; own = the side to move. */
const PLANE_NAMES = [
  'on board',
  'own stone',
  'opponent stone',
  'chain with 1 liberty',
  'chain with 2 liberties',
  'chain with 3 liberties',
  'banned by ko or superko',
  'last move',
  '2nd last move',
  '3rd last move',
  '4th last move',
  '5th last move',
  'captured in a ladder',
  'starts a ladder against the opponent',
] as const;

/** Globals in order. */
const GLOBAL_NAMES = [
  'last move was a pass',
  '2nd last move was a pass',
  'own komi / 20 points',
  'superko',
  'suicide allowed',
  'territory scoring',
] as const;

export const TENGEN_V1 = {
  name: 'tengen-v1',
  planes: PLANE_NAMES.length,
  globals: GLOBAL_NAMES.length,
} as const;

const KO = 6;
const HISTORY = 7;
const LADDER = 12;
const LADDER_ATTACK = 13;
const HISTORY_LENGTH = 5;
/** Points of komi that are 1 in the globals, as in KataGo's features. */
const KOMI_SCALE = 20;
/** Moves tried for one ladder. Our choice: any ladder across 19x19 fits; KataGo's 25,000 would be paid at each leaf. */
const LADDER_NODES = 1000;

/**
 * Writes one position's features; the buffers must be zero before.
 * @param symmetry 0 to 7, applied to the board.
 * @param planes float32 or uint8 [bufferHeight, bufferWidth, 14]; the board stands in its top-left corner.
 * @param globals float32 [6]
 * @param bufferWidth columns of the buffer, at least the width of the board after the symmetry.
 */
export function encodeTengenV1(
  position: PositionView,
  symmetry: number,
  planes: Float32Array | Uint8Array,
  globals: Float32Array,
  bufferWidth: number,
): void {
  const { board, rules, toPlay } = position;
  const { width, height, area, stones } = board;
  const points = bufferPoints({ width, height, symmetry }, bufferWidth);
  const offset = (point: number): number => points[point] * TENGEN_V1.planes;
  const superko = rules.ko !== 'simple';
  let reader: LadderReader | null = null;
  for (let p = 0; p < area; p++) {
    const at = offset(p);
    planes[at] = 1;
    if (stones[p] === 0) {
      // Only the rule of ko marks a point here; suicide is visible from the liberties.
      const banned = superko ? mayRepeat(position, p) && !position.isLegal(p) : p === board.koPoint;
      if (banned) planes[at + KO] = 1;
      continue;
    }
    planes[at + (stones[p] === toPlay ? 1 : 2)] = 1;
    const liberties = board.liberties(p);
    if (liberties <= 3) planes[at + 2 + liberties] = 1;
    if (liberties <= 2 && board.chainId(p) === p)
      markLadder(position, p, (reader ??= new LadderReader(board, LADDER_NODES)), planes, offset);
  }
  let passes = 0;
  for (let ply = 0; ply < HISTORY_LENGTH; ply++) {
    const move = position.recentMove(ply);
    if (move < 0) break;
    if (move < area) planes[offset(move) + HISTORY + ply] = 1;
    else if (ply < 2) passes |= 1 << ply;
  }
  globals[0] = passes & 1;
  globals[1] = passes >> 1;
  globals[2] = ownKomi(position, toPlay) / KOMI_SCALE;
  globals[3] = superko ? 1 : 0;
  globals[4] = rules.suicide ? 1 : 0;
  globals[5] = rules.scoring === 'territory' ? 1 : 0;
}

/** Whether an illegal move on the empty point would be illegal for repetition, not for suicide or the end of the game. */
function mayRepeat(position: PositionView, point: number): boolean {
  return !position.isOver && (position.rules.suicide || !position.board.isSuicide(point, position.toPlay));
}

function markLadder(
  position: PositionView,
  chain: number,
  reader: LadderReader,
  planes: Float32Array | Uint8Array,
  offset: (point: number) => number,
): void {
  const { board, toPlay } = position;
  if (board.stones[chain] !== toPlay && board.liberties(chain) === 2) {
    const attacks = reader.attackMoves(chain);
    for (const move of attacks) planes[offset(move) + LADDER_ATTACK] = 1;
    if (attacks.length === 0) return;
  } else if (!reader.isCaptured(chain)) return;
  for (const p of board.chainStones(chain)) planes[offset(p) + LADDER] = 1;
}

/** A komi this many points larger than the board decides every game as any larger one does. KataGo's KOMI_CLIP_RADIUS. */
const KOMI_MARGIN = 20;

/** Points the rules give the side to move, clipped to what can still decide a game. */
function ownKomi(position: PositionView, toPlay: Color): number {
  const bonus = whiteBonus(position.rules, position.handicap);
  const limit = position.board.area + KOMI_MARGIN;
  return Math.max(-limit, Math.min(limit, -signFor(toPlay) * bonus));
}
