/** Positions of given games to start self-play from, in place of the empty board. */
import { readFileSync } from 'node:fs';
import { BLACK, WHITE } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import type { Rng } from '#engine/go/random.ts';
import type { Rules } from '#engine/go/rules.ts';
import { replay, stonesOf } from '#engine/record/game-record.ts';
import type { GameMoves } from '#engine/record/game-record.ts';
import { gameFromSgf } from '#engine/record/sgf-game.ts';
import { parseSgf } from '#engine/record/sgf.ts';

export type StartsResult =
  | { readonly ok: true; readonly games: readonly GameMoves[] }
  | { readonly ok: false; readonly message: string };

/** The games of SGF files; the refusal names the file and the game in it. */
export function readStarts(files: readonly string[]): StartsResult {
  const games: GameMoves[] = [];
  for (const file of files) {
    const fail = (message: string): StartsResult => ({ ok: false, message: `${file}: ${message}` });
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(file);
    } catch (error) {
      return fail(`it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
    }
    const parsed = parseSgf(bytes);
    if (!parsed.ok) return fail(parsed.message);
    if (parsed.games.length === 0) return fail('it holds no game');
    for (const [i, root] of parsed.games.entries()) {
      const game = gameFromSgf(root);
      if (!game.ok) return fail(`game ${i + 1}: ${game.message}`);
      const replayed = replay(game.value);
      if (!replayed.ok) return fail(`game ${i + 1}: ${replayed.message}`);
      games.push(game.value);
    }
  }
  return { ok: true, games };
}

/** A game, and how many of its moves are on the board; each game is as likely, and each of its moves. */
export function drawStart(games: readonly GameMoves[], rng: Rng): { game: GameMoves; plies: number } {
  const game = games[rng.nextInt(games.length)] as GameMoves;
  return { game, plies: rng.nextInt(game.moves.length + 1) };
}

/**
 * The position after `plies` moves without what led to it: a game of self-play knows stones, not a past. Where a point is
 * banned by ko or the game is over, a position some moves before.
 */
export function startFrom({ game, plies }: { game: GameMoves; plies: number }, rules: Rules): Position {
  const replayed = replay({ ...game, moves: game.moves.slice(0, plies) });
  if (!replayed.ok) throw new Error(`internal: ${replayed.message}`);
  const { board, isOver, toPlay } = replayed.position;
  if (isOver || board.koPoint >= 0) return startFrom({ game, plies: plies - 1 }, rules);
  const setup = { black: stonesOf(board, BLACK), white: stonesOf(board, WHITE) };
  return Position.start({ width: board.width, height: board.height, rules, setup, toPlay });
}
