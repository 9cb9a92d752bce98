/** What a search found in the numbers that KataGo reports, the same for its JSON and its GTP analysis. */
import { BLACK, WHITE, type Color } from '#engine/go/color.ts';
import type { Position } from '#engine/go/position.ts';
import { symmetryTable } from '#engine/go/symmetry.ts';
import type { Move } from '#engine/go/view.ts';
import type { MoveAnalysis } from '#engine/search/analysis.ts';
import { isAllowed, type SearchOptions } from '#engine/search/restrictions.ts';
import { symmetriesOf } from '#engine/search/root-symmetry.ts';
import type { Analysis } from './search-task.ts';

/** Whose win rates, scores and utilities are told. KataGo's reportAnalysisWinratesAs. */
export const PERSPECTIVES = ['black', 'white', 'side-to-move'] as const;
export type Perspective = (typeof PERSPECTIVES)[number];

/** 1 where numbers of `of` are told as they are, -1 where they are the other side's. */
function signSeen(perspective: Perspective, of: Color, toPlay: Color): 1 | -1 {
  const seenBy = perspective === 'side-to-move' ? toPlay : perspective === 'black' ? BLACK : WHITE;
  return seenBy === of ? 1 : -1;
}

const rateSeen = (rate: number, sign: 1 | -1): number => (sign === 1 ? rate : 1 - rate);

/** Scores in points, NaN where the net has none. KataGo tells its lead as the mean, for tools that read only that. */
type Scores = {
  readonly scoreMean: number;
  readonly scoreLead: number;
  readonly scoreSelfplay: number;
  readonly scoreStdev: number;
};

function scoresSeen(score: number, scoreStdev: number, sign: 1 | -1): Scores {
  const seen = sign * score;
  return { scoreMean: seen, scoreLead: seen, scoreSelfplay: seen, scoreStdev };
}

/** A move as it is told; one that was not searched because a symmetry makes it equal to another says to which. */
export type ToldMove = MoveAnalysis & { readonly isSymmetryOf?: Move };

/** Whether a search with these options may try the move of `color`; without a prior it is illegal. */
export const mayTry = ({ policy }: Analysis, options: SearchOptions, move: Move, color: Color): boolean =>
  policy[move] > 0 && isAllowed(options, move, color, 0);

/**
 * The moves of a search with `rootSymmetryPruning`, best first, each followed by those that a symmetry of the position
 * makes equal to it. @param options those of the search.
 */
export function toldMoves(analysis: Analysis, position: Position, options: SearchOptions): ToldMove[] {
  const { moves, policy } = analysis;
  const { width, height } = position.board;
  const images = symmetriesOf(position).map((symmetry) => symmetryTable(symmetry, width, height));
  const known = new Set(moves.map(({ move }) => move));
  const told: ToldMove[] = [];
  for (const searched of moves) {
    told.push(searched);
    for (const image of images) {
      const move = image[searched.move];
      if (known.has(move) || !mayTry(analysis, options, move, position.toPlay)) continue;
      known.add(move);
      told.push({
        ...searched,
        ...turned(searched, image),
        prior: policy[move],
        isSymmetryOf: searched.move,
      });
    }
  }
  return told.map((info, order) => ({ ...info, order }));
}

function turned(
  { move, pv, ownershipBlack }: MoveAnalysis,
  image: Int16Array,
): Pick<MoveAnalysis, 'move' | 'pv' | 'ownershipBlack'> {
  const owners = ownershipBlack?.slice() ?? null;
  ownershipBlack?.forEach((owner, p) => owners?.fill(owner, image[p], image[p] + 1));
  return { move: image[move], pv: pv.map((ply) => image[ply]), ownershipBlack: owners };
}

export type MoveNumbers = Scores & {
  readonly visits: number;
  readonly edgeVisits: number;
  readonly weight: number;
  readonly winrate: number;
  readonly lcb: number;
  readonly utility: number;
  readonly utilityLcb: number;
  readonly prior: number;
  readonly order: number;
};

/** The numbers of one move of a position in which `toPlay` moves. */
export function moveNumbers(move: MoveAnalysis, perspective: Perspective, toPlay: Color): MoveNumbers {
  const sign = signSeen(perspective, toPlay, toPlay);
  return {
    visits: move.visits,
    edgeVisits: move.edgeVisits,
    weight: move.weight,
    winrate: rateSeen(move.winrateToPlay, sign),
    ...scoresSeen(move.scoreToPlay, move.scoreStdev, sign),
    lcb: rateSeen(move.lcbToPlay, sign),
    utility: sign * move.utilityToPlay,
    utilityLcb: sign * move.utilityLcbToPlay,
    prior: move.prior,
    order: move.order,
  };
}

export type RootNumbers = Omit<Scores, 'scoreMean'> & {
  /** What the evaluator says without a search. */
  readonly rawWinrate: number;
  readonly rawLead: number;
  readonly rawScoreSelfplay: number;
  readonly rawScoreSelfplayStdev: number;
  readonly visits: number;
  readonly weight: number;
  readonly winrate: number;
  readonly utility: number;
};

/** The numbers of the position itself. */
export function rootNumbers(analysis: Analysis, perspective: Perspective, toPlay: Color): RootNumbers {
  const sign = signSeen(perspective, BLACK, toPlay);
  const { scoreLead, scoreSelfplay, scoreStdev } = scoresSeen(
    analysis.scoreBlack ?? NaN,
    analysis.scoreStdev,
    sign,
  );
  return {
    visits: analysis.rootVisits,
    weight: analysis.rootVisits,
    winrate: rateSeen(analysis.winrateBlack, sign),
    scoreLead,
    scoreSelfplay,
    scoreStdev,
    utility: sign * analysis.utilityBlack,
    rawWinrate: rateSeen(analysis.rawWinrateBlack, sign),
    rawLead: sign * analysis.rawScoreBlack,
    rawScoreSelfplay: sign * analysis.rawScoreBlack,
    rawScoreSelfplayStdev: analysis.rawScoreStdev,
  };
}

/** Ownership in [-1, 1], 1 where the side seen owns. */
export function ownershipSeen(
  ownershipBlack: ArrayLike<number>,
  perspective: Perspective,
  toPlay: Color,
): number[] {
  const sign = signSeen(perspective, BLACK, toPlay);
  return Array.from(ownershipBlack, (owner) => (owner === 0 ? 0 : sign * owner));
}
