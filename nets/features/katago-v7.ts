/**
 * The feature set `katago-v7`: KataGo's inputs of version 7, as its nets from 2020 on see a position, for the normal
 * phase of a game. Own = the side to move.
 */
import { EMPTY, opponent } from '#engine/go/color.ts';
import { independentArea, standingArea } from '#engine/go/area.ts';
import { LadderMaps } from '#engine/go/ladder-maps.ts';
import { LADDERED, ladderAttackOn } from '#engine/go/ladder.ts';
import { MAX_BOARD_SIDE } from '#engine/go/size.ts';
import type { Board } from '#engine/go/board.ts';
import type { PositionView } from '#engine/go/view.ts';
import type { FeatureBuffer, FeatureSet } from './feature-set.ts';
import { KOMI_SCALE, ownKomi } from './komi.ts';
import { bufferPoints } from './layout.ts';

/** First planes of each kind. 7, 8, 20 and 21 belong to phases of territory scoring that are not played here. */
export const PLANE = {
  onBoard: 0,
  own: 1,
  opponent: 2,
  /** 3, 4 and 5: stones of chains with one, two and three liberties. */
  liberties: 3,
  /** Where ko or superko forbids the side to move a stone that the other rules allow. */
  banned: 6,
  /** 9 to 13: the last move, the one before, and so on, as long as the players took turns. */
  history: 9,
  /** 14, 15 and 16: stones that fall to a ladder now, one and two moves ago. */
  laddered: 14,
  /** Where a ladder starts that catches opponent stones of two liberties. */
  ladderAttack: 17,
  /** Under area scoring, what each side has if the game is counted as it stands. */
  ownArea: 18,
  opponentArea: 19,
} as const;

/** First globals of each kind; the rest is 0 without handicap by unequal search, button and extra phases. */
export const GLOBAL = {
  /** 0 to 4: whether the last move was a pass, the one before, and so on. */
  passes: 0,
  ownKomi: 5,
  superko: 6,
  superkoKind: 7,
  suicide: 8,
  territory: 9,
  tax: 10,
  groupTax: 11,
  passEnds: 14,
  komiParity: 18,
} as const;

const PLANES = 22;
const GLOBALS = 19;
/** Moves that are shown. */
export const HISTORY_LENGTH = 5;

/** Boards of each size whose ladders are kept: those of a search of as many nodes; 1.5 MB on 19x19. */
const LADDER_SLOTS = 4096;

const areaOwner = new Uint8Array(MAX_BOARD_SIDE ** 2);

/**
 * The set with these ladder maps.
 * @param assumesSuicide whether what is pass-alive is judged as if suicide were legal whatever the rules, which makes
 * fewer chains safe: KataGo's preferPassAliveUnderSuicideRules, a flag of nets of version 17.
 */
export function katagoV7(ladderMaps: LadderMaps, assumesSuicide = false): FeatureSet {
  const encode: FeatureSet['encode'] = (position, symmetry, out) => {
    const { board } = position;
    const points = bufferPoints({ width: board.width, height: board.height, symmetry }, out.columns);
    markBoard(position, points, out);
    markArea(position, assumesSuicide || position.rules.suicide, points, out);
    out.globals.fill(0, out.globalsOffset, out.globalsOffset + GLOBALS);
    const turns = markHistory(position, points, out);
    // Where history ends, the next newer board stands in for the older ones.
    let shown = board;
    for (let pliesAgo = 0; pliesAgo <= 2; pliesAgo++) {
      if (pliesAgo > 0 && pliesAgo <= turns) shown = position.boardBefore(pliesAgo) ?? shown;
      markLadders(ladderMaps.of(shown), PLANE.laddered + pliesAgo, points, out);
      if (pliesAgo === 0) markAttacks(ladderMaps.of(board), position, points, out);
    }
    writeRules(position, out);
  };
  const name = assumesSuicide ? 'katago-v7-suicide' : 'katago-v7';
  return { name, planes: PLANES, globals: GLOBALS, encode };
}

const sharedMaps = new LadderMaps(LADDER_SLOTS);
export const KATAGO_V7: FeatureSet = katagoV7(sharedMaps);
export const KATAGO_V7_SUICIDE: FeatureSet = katagoV7(sharedMaps, true);

/** @param points as `bufferPoints` gives them. */
type Points = Int16Array;

function markBoard(position: PositionView, points: Points, out: FeatureBuffer): void {
  const { board, toPlay, rules } = position;
  const { planes, pointStride, planeStride, planesOffset } = out;
  const { area, stones, koPoint } = board;
  const superko = rules.ko !== 'simple';
  for (let p = 0; p < area; p++) {
    const at = planesOffset + points[p] * pointStride;
    planes[at + PLANE.onBoard * planeStride] = 1;
    if (stones[p] === EMPTY) {
      if (p === koPoint || (superko && isBanned(position, p))) planes[at + PLANE.banned * planeStride] = 1;
      continue;
    }
    planes[at + (stones[p] === toPlay ? PLANE.own : PLANE.opponent) * planeStride] = 1;
    const liberties = board.liberties(p);
    if (liberties <= 3) planes[at + (PLANE.liberties + liberties - 1) * planeStride] = 1;
  }
}

/** Whether superko forbids a stone that is no suicide, or one that takes off several stones where the rules allow it. */
function isBanned(position: PositionView, point: number): boolean {
  const { board, toPlay, rules } = position;
  if (!position.repeats(point)) return false;
  return !board.isSuicide(point, toPlay) || (rules.suicide && hasNeighbor(board, point, toPlay));
}

function hasNeighbor({ neighbors, stones }: Board, point: number, color: number): boolean {
  for (let n = 4 * point; n < 4 * point + 4; n++) {
    const q = neighbors[n];
    if (q < 0) break;
    if (stones[q] === color) return true;
  }
  return false;
}

function markArea(position: PositionView, suicide: boolean, points: Points, out: FeatureBuffer): void {
  const { board, toPlay, rules } = position;
  if (rules.scoring !== 'area') return;
  const { planes, pointStride, planeStride, planesOffset } = out;
  if (rules.tax === 'none') standingArea(board, suicide, areaOwner);
  else independentArea(board, suicide, areaOwner);
  for (let p = 0; p < board.area; p++) {
    if (areaOwner[p] === EMPTY) continue;
    const plane = areaOwner[p] === toPlay ? PLANE.ownArea : PLANE.opponentArea;
    planes[planesOffset + points[p] * pointStride + plane * planeStride] = 1;
  }
}

/** @returns how many moves of history were shown. */
function markHistory(position: PositionView, points: Points, out: FeatureBuffer): number {
  const { planes, globals, pointStride, planeStride, planesOffset, globalsOffset } = out;
  const { area } = position.board;
  // Of a game that is over KataGo shows one pass.
  const length = position.isOver ? 1 : HISTORY_LENGTH;
  for (let ply = 0; ply < length; ply++) {
    const move = position.recentMove(ply);
    if (move < 0) return ply;
    if (move === area) globals[globalsOffset + GLOBAL.passes + ply] = 1;
    else planes[planesOffset + points[move] * pointStride + (PLANE.history + ply) * planeStride] = 1;
  }
  return length;
}

function markLadders(ladders: Uint8Array, plane: number, points: Points, out: FeatureBuffer): void {
  const { planes, pointStride, planesOffset } = out;
  const at = planesOffset + plane * out.planeStride;
  for (let p = 0; p < ladders.length; p++)
    if ((ladders[p] & LADDERED) !== 0) planes[at + points[p] * pointStride] = 1;
}

function markAttacks(ladders: Uint8Array, position: PositionView, points: Points, out: FeatureBuffer): void {
  const { planes, pointStride, planesOffset } = out;
  const at = planesOffset + PLANE.ladderAttack * out.planeStride;
  const attack = ladderAttackOn(opponent(position.toPlay));
  for (let p = 0; p < ladders.length; p++)
    if ((ladders[p] & attack) !== 0) planes[at + points[p] * pointStride] = 1;
}

function writeRules(position: PositionView, { globals, globalsOffset }: FeatureBuffer): void {
  const { rules, board } = position;
  const komi = ownKomi(position);
  globals[globalsOffset + GLOBAL.ownKomi] = komi / KOMI_SCALE;
  if (rules.ko !== 'simple') {
    globals[globalsOffset + GLOBAL.superko] = 1;
    globals[globalsOffset + GLOBAL.superkoKind] = rules.ko === 'positional' ? 0.5 : -0.5;
  }
  if (rules.suicide) globals[globalsOffset + GLOBAL.suicide] = 1;
  if (rules.scoring === 'territory') globals[globalsOffset + GLOBAL.territory] = 1;
  if (rules.tax !== 'none') globals[globalsOffset + GLOBAL.tax] = 1;
  if (rules.tax === 'all') globals[globalsOffset + GLOBAL.groupTax] = 1;
  if (position.consecutivePasses > 0) globals[globalsOffset + GLOBAL.passEnds] = 1;
  if (rules.scoring === 'area') globals[globalsOffset + GLOBAL.komiParity] = komiParity(komi, board.area);
}

/**
 * A wave of period 2 in komi: rising where a point of komi turns a loss into a draw and then into a win, falling where
 * it changes nothing, since the area under area rules mostly has the parity of the board.
 */
export function komiParity(komi: number, area: number): number {
  const parity = area % 2;
  const above = komi - (Math.floor((komi - parity) / 2) * 2 + parity);
  return above < 0.5 ? above : above < 1.5 ? 1 - above : above - 2;
}
