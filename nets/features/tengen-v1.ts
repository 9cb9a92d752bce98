/** The feature set `tengen-v1`, which the shipped net was trained with. */
import { opponent } from '#engine/go/color.ts';
import { LadderMaps } from '#engine/go/ladder-maps.ts';
import { LADDERED, ladderAttackOn } from '#engine/go/ladder.ts';
import type { PositionView } from '#engine/go/view.ts';
import type { FeatureBuffer, FeatureSet } from './feature-set.ts';
import { KOMI_SCALE, ownKomi } from './komi.ts';
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

const KO = 6;
const HISTORY = 7;
const LADDER = 12;
const LADDER_ATTACK = 13;
const HISTORY_LENGTH = 5;

/** Of each board size; the set shows the present board alone, so that only transpositions find theirs again. */
const LADDER_SLOTS = 1024;

const ladderMaps = new LadderMaps(LADDER_SLOTS);

export const TENGEN_V1: FeatureSet = {
  name: 'tengen-v1',
  planes: PLANE_NAMES.length,
  globals: GLOBAL_NAMES.length,
  encode,
};

function encode(position: PositionView, symmetry: number, out: FeatureBuffer): void {
  const { board, rules, toPlay } = position;
  const { width, height, area, stones } = board;
  const { planes, globals, pointStride, planeStride, planesOffset, globalsOffset } = out;
  const points = bufferPoints({ width, height, symmetry }, out.columns);
  const superko = rules.ko !== 'simple';
  const ladders = ladderMaps.of(board);
  const attack = ladderAttackOn(opponent(toPlay));
  const mark = (point: number, plane: number): void => {
    planes[planesOffset + points[point] * pointStride + plane * planeStride] = 1;
  };
  for (let p = 0; p < area; p++) {
    mark(p, 0);
    if (stones[p] === 0) {
      // Only the rule of ko marks a point here; suicide is visible from the liberties.
      if (superko ? isBanned(position, p) : p === board.koPoint) mark(p, KO);
      if ((ladders[p] & attack) !== 0) mark(p, LADDER_ATTACK);
      continue;
    }
    mark(p, stones[p] === toPlay ? 1 : 2);
    const liberties = board.liberties(p);
    if (liberties <= 3) mark(p, 2 + liberties);
    if ((ladders[p] & LADDERED) !== 0) mark(p, LADDER);
  }
  let passes = 0;
  for (let ply = 0; ply < HISTORY_LENGTH; ply++) {
    const move = position.recentMove(ply);
    if (move < 0) break;
    if (move < area) mark(move, HISTORY + ply);
    else if (ply < 2) passes |= 1 << ply;
  }
  globals[globalsOffset] = passes & 1;
  globals[globalsOffset + 1] = passes >> 1;
  globals[globalsOffset + 2] = ownKomi(position) / KOMI_SCALE;
  globals[globalsOffset + 3] = superko ? 1 : 0;
  globals[globalsOffset + 4] = rules.suicide ? 1 : 0;
  globals[globalsOffset + 5] = rules.scoring === 'territory' ? 1 : 0;
}

/** Whether superko, and not suicide or the end of the game, makes the empty point illegal. */
function isBanned(position: PositionView, point: number): boolean {
  const { isOver, rules, board, toPlay } = position;
  return !isOver && (rules.suicide || !board.isSuicide(point, toPlay)) && position.repeats(point);
}
