/** What is drawn before a game of self-play begins: where it starts, under which rules, and how it is played. */
import { drawIndex, exponential, gaussian } from '#engine/go/draws.ts';
import { Position } from '#engine/go/position.ts';
import type { Rng } from '#engine/go/random.ts';
import { MAX_KOMI_POINTS, makeRules } from '#engine/go/rules.ts';
import type { GameMoves } from '#engine/record/game-record.ts';
import type { SelfPlayConfig } from './config.ts';
import { drawStart, startFrom } from './start-positions.ts';

export type GameDraws = {
  readonly start: Position;
  /** First moves to draw from the policy alone. */
  readonly openingPlies: number;
  /** Whether nobody may resign. */
  readonly playOn: boolean;
};

type Board = SelfPlayConfig['boards'][number];

/** @param starts games whose positions may be started from; unused where the config's share of them is 0. */
export function drawGame(config: SelfPlayConfig, starts: readonly GameMoves[], rng: Rng): GameDraws {
  const drawn = drawBoard(config.boards, rng);
  const given = rng.nextFloat() < config.startShare ? drawStart(starts, rng) : null;
  const board = given === null ? drawn : boardOf(given.game, config.boards);
  const area = given === null ? drawn.size ** 2 : given.game.width * given.game.height;
  const preset = config.rules[rng.nextInt(config.rules.length)] as SelfPlayConfig['rules'][number];
  const rules = makeRules(preset, { komi: drawKomi(config, board.komi, area, rng) });
  const openingPlies = Math.floor(config.openingShare * area * exponential(rng));
  const playOn = rng.nextFloat() < config.playOnShare;
  // A given position is what its game is for.
  if (given !== null) return { start: startFrom(given, rules), openingPlies: 0, playOn };
  const start = Position.start({ width: drawn.size, height: drawn.size, rules });
  return { start, openingPlies, playOn };
}

function drawBoard(boards: readonly Board[], rng: Rng): Board {
  const weights = boards.map(({ weight }) => weight);
  return boards[drawIndex(weights, rng)] as Board;
}

/** The config's board of the game's size, for its komi; where there is none, the game's own komi. */
function boardOf({ width, height, rules }: GameMoves, boards: readonly Board[]): Pick<Board, 'komi'> {
  return boards.find(({ size }) => size === width && size === height) ?? rules;
}

/** Normally distributed around `mean`, in whole and half points, as KataGo's self-play; no more than the board has points. */
function drawKomi(config: SelfPlayConfig, mean: number, area: number, rng: Rng): number {
  const isWide = rng.nextFloat() < config.komiWideShare;
  const drawn = mean + gaussian(rng) * (isWide ? config.komiWideStdev : config.komiStdev);
  const most = Math.min(area, MAX_KOMI_POINTS);
  return Math.max(-most, Math.min(most, Math.round(2 * drawn) / 2));
}
