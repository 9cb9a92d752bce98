/** Changes of positions that are already encoded as `katago-v7`, the same as if the changed position were encoded. */
import { GLOBAL, PLANE, HISTORY_LENGTH, komiParity } from './katago-v7.ts';
import { KOMI_SCALE } from './komi.ts';

/** One position: bit c of a point is plane c. */
export type EncodedPosition = {
  /** uint32 [H * W] */
  readonly planes: Uint32Array;
  /** float32 [G] */
  readonly globals: Float32Array;
};

/** Points of komi that the side to move has. */
export function encodedKomi({ globals }: EncodedPosition): number {
  // Komi comes in halves, and its share of `KOMI_SCALE` was rounded to float32.
  return Math.round(2 * KOMI_SCALE * globals[GLOBAL.ownKomi]) / 2;
}

/** @param komi of the side to move, no larger than can decide a game. */
export function editKomi({ planes, globals }: EncodedPosition, komi: number): void {
  globals[GLOBAL.ownKomi] = komi / KOMI_SCALE;
  if (globals[GLOBAL.territory] === 0) globals[GLOBAL.komiParity] = komiParity(komi, planes.length);
}

/** Whose stone is on a point, if there is one. @param bits of the point's planes. */
export function stoneAt(bits: number): 'own' | 'opponent' | null {
  if ((bits & (1 << PLANE.own)) !== 0) return 'own';
  return (bits & (1 << PLANE.opponent)) === 0 ? null : 'opponent';
}

const HISTORY_BITS = ((1 << HISTORY_LENGTH) - 1) << PLANE.history;
const [LADDERED, LADDERED_BEFORE] = [1 << PLANE.laddered, 6 << PLANE.laddered];

/**
 * Forgets the moves that led here, as if the board had been set up. What they forbid stays: points of ko and superko, and
 * that a pass would end the game.
 */
export function forgetHistory({ planes, globals }: EncodedPosition): void {
  globals.fill(0, GLOBAL.passes, GLOBAL.passes + HISTORY_LENGTH);
  for (let p = 0; p < planes.length; p++) {
    // Where history ends, the present board stands in for the older ones.
    const before = (planes[p] & LADDERED) !== 0 ? LADDERED_BEFORE : 0;
    planes[p] = (planes[p] & ~(HISTORY_BITS | LADDERED_BEFORE)) | before;
  }
}
