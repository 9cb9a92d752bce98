/** What a search thinks as the lines of `lz-analyze` and `kata-analyze`; everything from the side of the colour asked for. */
import { BLACK, type Color } from '#engine/go/color.ts';
import type { Position } from '#engine/go/position.ts';
import type { Move } from '#engine/go/view.ts';
import { formatMove } from '#engine/record/coordinates.ts';
import type { MoveAnalysis } from '#engine/search/analysis.ts';
import type { AnalysisStyle, AnalysisWishes } from './gtp-analysis-options.ts';
import {
  mayTry,
  moveNumbers,
  ownershipSeen,
  rootNumbers,
  toldMoves,
  type ToldMove,
} from './kata-analysis.ts';
import type { Analysis } from './search-task.ts';

/** Six digits, as KataGo prints, and always with a point: Sabaki takes a number without one for hundredths of a percent. */
function real(value: number): string {
  const text = String(Number(value.toPrecision(6)));
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** A share as Leela Zero writes it: in ten-thousandths. */
function tenThousandths(share: number): number {
  return Math.round(10_000 * share);
}

/** The numbers by their names, in KataGo's order; one that nobody knows is left out with its name. */
function fields(numbers: Readonly<Record<string, number>>, names: readonly string[]): string[] {
  return names.filter((name) => !Number.isNaN(numbers[name])).map((name) => `${name} ${real(numbers[name])}`);
}

const OPINION = ['utility', 'winrate', 'scoreMean', 'scoreStdev', 'scoreLead', 'scoreSelfplay'];

/**
 * One line on `analysis`; '' where no move has been searched.
 * @param position the one searched, in which the colour asked for moves.
 * @param isPruned whether only one of the moves was searched that a symmetry makes equal.
 */
export function analysisLine(
  analysis: Analysis,
  position: Position,
  wishes: AnalysisWishes,
  style: AnalysisStyle,
  isPruned: boolean,
): string {
  const { width, height } = position.board;
  const vertices: Vertices = (moves) => moves.map((move) => formatMove(move, width, height)).join(' ');
  const known = isPruned ? toldMoves(analysis, position, wishes.restrictions) : analysis.moves;
  const moves = movesToTell(analysis, known, wishes);
  if (moves.length === 0) return '';
  const parts = moves.map((move) =>
    style === 'lz' ? lzInfo(move, vertices) : kataInfo(move, wishes, vertices),
  );
  if (wishes.rootInfo) {
    const root = rootNumbers(analysis, 'side-to-move', wishes.color);
    const numbers = { ...root, scoreMean: root.scoreLead };
    parts.push('rootInfo', `visits ${root.visits}`, ...fields(numbers, [...OPINION, 'weight']));
  }
  if (wishes.ownership && analysis.ownershipBlack !== null)
    parts.push(`ownership ${owners(analysis.ownershipBlack, wishes.color)}`);
  return parts.join(' ');
}

type Vertices = (moves: readonly Move[]) => string;

function owners(ownershipBlack: Float32Array, color: Color): string {
  return ownershipSeen(ownershipBlack, 'side-to-move', color).map(real).join(' ');
}

/** The moves known, best first, and the likeliest others where there are fewer than were asked for. */
function movesToTell(
  analysis: Analysis,
  known: readonly ToldMove[],
  { minMoves, maxMoves, color, restrictions }: AnalysisWishes,
): ToldMove[] {
  const moves = known.slice(0, maxMoves);
  const lacking = Math.min(minMoves, maxMoves) - moves.length;
  if (moves.length === 0 || lacking <= 0) return moves;
  const told = new Set(moves.map(({ move }) => move));
  const others = [...analysis.policy.keys()]
    .filter((move) => !told.has(move) && mayTry(analysis, restrictions, move, color))
    .sort((a, b) => analysis.policy[b] - analysis.policy[a])
    .slice(0, lacking);
  return [...moves, ...others.map((move, i) => unvisited(analysis, color, move, moves.length + i))];
}

/** Nothing is known of the move but its prior, so that it is thought to be as good as the position. */
function unvisited(analysis: Analysis, color: Color, move: Move, order: number): MoveAnalysis {
  const sign = color === BLACK ? 1 : -1;
  const winrateToPlay = color === BLACK ? analysis.winrateBlack : 1 - analysis.winrateBlack;
  const utilityToPlay = sign * analysis.utilityBlack;
  return {
    move,
    order,
    visits: 0,
    edgeVisits: 0,
    prior: analysis.policy[move],
    winrateToPlay,
    lcbToPlay: winrateToPlay,
    scoreToPlay: sign * (analysis.scoreBlack ?? NaN),
    scoreStdev: analysis.scoreStdev,
    utilityToPlay,
    utilityLcbToPlay: utilityToPlay,
    weight: 0,
    pv: [move],
    pvVisits: [0],
    ownershipBlack: null,
  };
}

function lzInfo(info: MoveAnalysis, vertices: Vertices): string {
  return [
    `info move ${vertices([info.move])} visits ${info.visits}`,
    `winrate ${tenThousandths(info.winrateToPlay)} prior ${tenThousandths(info.prior)} lcb ${tenThousandths(info.lcbToPlay)}`,
    `order ${info.order} pv ${vertices(info.pv)}`,
  ].join(' ');
}

function kataInfo(
  info: ToldMove,
  { pvVisits, movesOwnership, color }: AnalysisWishes,
  vertices: Vertices,
): string {
  const { isSymmetryOf, ownershipBlack } = info;
  return [
    `info move ${vertices([info.move])} visits ${info.visits} edgeVisits ${info.edgeVisits}`,
    ...fields(moveNumbers(info, 'side-to-move', color), [...OPINION, 'prior', 'lcb', 'utilityLcb', 'weight']),
    ...(isSymmetryOf === undefined ? [] : [`isSymmetryOf ${vertices([isSymmetryOf])}`]),
    `order ${info.order} pv ${vertices(info.pv)}`,
    ...(pvVisits ? [`pvVisits ${info.pvVisits.join(' ')}`] : []),
    ...(movesOwnership && ownershipBlack !== null ? [`movesOwnership ${owners(ownershipBlack, color)}`] : []),
  ].join(' ');
}
