/** What the simulations of one search share. */
import type { PositionCursor } from '#engine/go/cursor.ts';
import type { SearchGraph } from './graph.ts';
import type { SearchParameters } from './parameters.ts';
import type { SearchOptions } from './restrictions.ts';
import type { Transpositions } from './transpositions.ts';

export type Setting = {
  readonly graph: SearchGraph;
  readonly parameters: SearchParameters;
  /** What restricts the moves. */
  readonly options: SearchOptions;
  /** Where positions are found that were reached otherwise; null keeps a tree. */
  readonly transpositions: Transpositions | null;
  /** Black's score where the game is over. */
  readonly endScore: (cursor: PositionCursor) => number;
  /** What scores are compared with, for Black. */
  readonly centreBlack: number;
  /** The edge to follow from an expanded node; -1 to wait for evaluations under way. */
  readonly select: (node: number) => number;
};
