/** A game of self-play, finished or in play, at one of its positions. */
import { Board } from '../../../../engine/go/board.ts';
import { isBoardSide } from '../../../../engine/go/size.ts';
import type { GameSummary, TrainingGame } from '../../../../server/protocol/training.ts';
import { labelPoints, type BoardView } from '../board-view.ts';
import { describeMove } from '../words.ts';
import { countOf } from './format.ts';

/** What a finished game and one in play have in common. */
export type ReplayGame = {
  readonly width: number;
  readonly height: number;
  readonly setup: { readonly black: readonly number[]; readonly white: readonly number[] };
  readonly blackFirst: boolean;
  readonly moves: readonly number[];
};

/** Who makes the move after `ply` moves. */
export function colorAt({ blackFirst }: ReplayGame, ply: number): 1 | 2 {
  return (ply % 2 === 0) === blackFirst ? 1 : 2;
}

/** The board after the first `ply` moves; null where the game cannot have been played so. */
export function boardAfter(game: ReplayGame, ply: number): Board | null {
  const { width, height, setup, moves } = game;
  if (!isBoardSide(width) || !isBoardSide(height)) return null;
  const board = new Board(width, height);
  const area = width * height;
  const isFree = (p: number): boolean => Number.isInteger(p) && p >= 0 && p < area && board.stones[p] === 0;
  for (const [points, color] of [
    [setup.black, 1],
    [setup.white, 2],
  ] as const)
    for (const p of points) {
      if (!isFree(p)) return null;
      board.place(p, color);
    }
  for (const [i, move] of moves.slice(0, ply).entries()) {
    if (move !== area && !isFree(move)) return null;
    board.play(move, colorAt(game, i));
  }
  return board;
}

/** What the search found before each of its moves. */
export type Searched = TrainingGame['searched'][number];

/** @param searched what is known of this position, whose policy is shown, or null. */
export function replayView(game: ReplayGame, ply: number, searched: Searched | null): BoardView | null {
  const board = boardAfter(game, ply);
  if (board === null) return null;
  const last = ply > 0 ? game.moves[ply - 1] : board.area;
  const policy = searched === null ? null : new Float32Array(board.area);
  for (const [move, probability] of searched?.policy ?? [])
    if (policy !== null && move < board.area) policy[move] = probability;
  const view: Omit<BoardView, 'labels'> = {
    width: game.width,
    height: game.height,
    stones: board.stones,
    action: 'none',
    toPlay: colorAt(game, ply),
    clickable: new Uint8Array(board.area),
    lastMove: last === board.area ? null : last,
    pending: null,
    ko: board.koPoint < 0 ? null : board.koPoint,
    dead: new Set(),
    territory: null,
    policy,
    ownershipBlack: null,
    moveNumbers: null,
  };
  return { ...view, labels: labelPoints(board, view) };
}

/** Black's win rate before each move and at the end, in [0, 1]; null where nothing was searched. */
export function winratesOf(game: TrainingGame): (number | null)[] {
  const rates = Array.from<number | null>({ length: game.moves.length + 1 }).fill(null);
  for (const { ply, winrateBlack } of game.searched) rates[ply] = winrateBlack;
  rates[game.moves.length] = (game.outcomeBlack + 1) / 2;
  return rates;
}

/** "Move 34: White D4", "The empty board" or the like. */
export function describePly(game: ReplayGame, ply: number): string {
  const [width, height] = [game.width, game.height];
  if (ply === 0) return `Before the first of ${countOf(game.moves.length, 'move')}`;
  return `Move ${ply} of ${game.moves.length}: ${describeMove(colorAt(game, ply - 1), game.moves[ply - 1], width, height)}`;
}

/** SGF result: "B+3.5", "W+R", "0". */
export function resultOf({
  end,
  outcomeBlack,
  scoreBlack,
}: Pick<GameSummary, 'end' | 'outcomeBlack' | 'scoreBlack'>): string {
  if (outcomeBlack === 0) return '0';
  const winner = outcomeBlack > 0 ? 'B' : 'W';
  return end === 'resignation' || scoreBlack === null ? `${winner}+R` : `${winner}+${Math.abs(scoreBlack)}`;
}
