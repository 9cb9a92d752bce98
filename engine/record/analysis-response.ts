/** What an analysis engine answers, one JSON object a line, with KataGo's names. */

export type ErrorResponse = { readonly error: string; readonly field?: string; readonly id?: string };
export type WarningResponse = { readonly warning: string; readonly field: string; readonly id: string };

/** One move that the search looked at. Win rates, scores and utilities are all of the same side. */
export type MoveInfo = {
  /** "D4" or "pass". */
  readonly move: string;
  /** 0 is the best. */
  readonly order: number;
  readonly visits: number;
  readonly edgeVisits: number;
  readonly weight: number;
  /** In [0, 1]. */
  readonly winrate: number;
  /** Points; left out where the net has no score. */
  readonly scoreMean?: number;
  readonly scoreLead?: number;
  readonly scoreSelfplay?: number;
  readonly scoreStdev?: number;
  readonly utility: number;
  /** Of the win rate. */
  readonly lcb: number;
  readonly prior: number;
  readonly pv: readonly string[];
  readonly pvVisits?: readonly number[];
  /** The move that was searched in its place, because a symmetry of the position makes the two equal. */
  readonly isSymmetryOf?: string;
  /** [width * height] in [-1, 1], rows from the top. */
  readonly ownership?: readonly number[];
};

export type RootInfo = {
  readonly currentPlayer: 'B' | 'W';
  /** Hexadecimal: equal for equal stones, side to move and ko. */
  readonly thisHash: string;
  /** The same, equal also for positions that mirror or turn into each other. */
  readonly symHash: string;
  readonly visits: number;
  readonly weight: number;
  readonly winrate: number;
  readonly scoreLead?: number;
  readonly scoreSelfplay?: number;
  readonly scoreStdev?: number;
  readonly utility: number;
  /** What the net says without a search. */
  readonly rawWinrate: number;
  readonly rawLead?: number;
  readonly rawScoreSelfplay?: number;
  readonly rawScoreSelfplayStdev?: number;
};

export type AnalysisResponse = {
  readonly id: string;
  readonly turnNumber: number;
  readonly isDuringSearch: boolean;
} & (
  | { readonly noResults: true }
  | {
      readonly moveInfos: readonly MoveInfo[];
      readonly rootInfo: RootInfo;
      /** [width * height] in [-1, 1], rows from the top. */
      readonly ownership?: readonly number[];
      /** [width * height + 1], pass last, -1 where illegal. */
      readonly policy?: readonly number[];
    }
);

/** Digits after the point of numbers below 1, and significant digits of others: what a float32 holds and no more. */
const PRECISION = 8;

function rounded(value: number): number {
  return Math.abs(value) < 1 ? Number(value.toFixed(PRECISION)) : Number(value.toPrecision(PRECISION));
}

/** One line without its end; numbers are rounded. */
export function formatAnalysis(response: AnalysisResponse): string {
  return JSON.stringify(response, (_, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? rounded(value) : value,
  );
}
