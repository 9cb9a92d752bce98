/** What an analysis engine answers about one turn: a search's findings as KataGo's JSON. */
import { BLACK } from '#engine/go/color.ts';
import type { Position } from '#engine/go/position.ts';
import { positionHashes } from '#engine/record/analysis-hash.ts';
import type { AnalysisQuery } from '#engine/record/analysis-query.ts';
import type { AnalysisResponse, MoveInfo } from '#engine/record/analysis-response.ts';
import { formatMove } from '#engine/record/coordinates.ts';
import {
  moveNumbers,
  ownershipSeen,
  rootNumbers,
  toldMoves,
  type Perspective,
  type ToldMove,
} from './kata-analysis.ts';
import type { Analysis } from './search-task.ts';

export type ReportOptions = {
  readonly perspective: Perspective;
  /** Whether moves that a symmetry makes equal were searched once only. */
  readonly symmetryPruning: boolean;
} & Pick<
  AnalysisQuery,
  | 'includeOwnership'
  | 'includeMovesOwnership'
  | 'includePolicy'
  | 'includePVVisits'
  | 'avoidMoves'
  | 'allowMoves'
>;

/** JSON has no NaN: a net without scores is silent about them. */
function withoutNaN<T extends object>(numbers: T): T {
  return Object.fromEntries(Object.entries(numbers).filter(([, value]) => !Number.isNaN(value))) as T;
}

function moveInfo(move: ToldMove, position: Position, options: ReportOptions): MoveInfo {
  const { width, height } = position.board;
  const { perspective, includePVVisits, includeMovesOwnership } = options;
  const { isSymmetryOf, ownershipBlack } = move;
  return {
    move: formatMove(move.move, width, height),
    ...withoutNaN(moveNumbers(move, perspective, position.toPlay)),
    pv: move.pv.map((ply) => formatMove(ply, width, height)),
    ...(includePVVisits === true ? { pvVisits: move.pvVisits } : {}),
    ...(isSymmetryOf === undefined ? {} : { isSymmetryOf: formatMove(isSymmetryOf, width, height) }),
    ...(includeMovesOwnership === true && ownershipBlack !== null
      ? { ownership: ownershipSeen(ownershipBlack, perspective, position.toPlay) }
      : {}),
  };
}

/** @param position the one that was searched. */
export function reportAnalysis(
  id: string,
  turnNumber: number,
  isDuringSearch: boolean,
  analysis: Analysis,
  position: Position,
  options: ReportOptions,
): AnalysisResponse {
  const { perspective, includeOwnership, includePolicy } = options;
  const { board, toPlay } = position;
  const { ownershipBlack } = analysis;
  const moves = options.symmetryPruning ? toldMoves(analysis, position, options) : analysis.moves;
  return {
    id,
    turnNumber,
    isDuringSearch,
    moveInfos: moves.map((move) => moveInfo(move, position, options)),
    rootInfo: {
      currentPlayer: toPlay === BLACK ? 'B' : 'W',
      ...positionHashes(board, toPlay),
      ...withoutNaN(rootNumbers(analysis, perspective, toPlay)),
    },
    ...(includeOwnership === true && ownershipBlack !== null
      ? { ownership: ownershipSeen(ownershipBlack, perspective, toPlay) }
      : {}),
    ...(includePolicy === true
      ? { policy: Array.from(analysis.policy, (prior, move) => (position.isLegal(move) ? prior : -1)) }
      : {}),
  };
}
