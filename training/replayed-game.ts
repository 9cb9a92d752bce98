/** A record as training and measuring read it: each move with the position it was played in. */
import { Position } from '#engine/go/position.ts';
import { replay } from '#engine/record/game-record.ts';
import type { GameRecord } from '#engine/record/game-record.ts';
import { parseResult } from '#engine/record/result.ts';
import { gameTargets } from './targets.ts';
import type { GameTargets } from './targets.ts';

export type ReplayedGame = {
  /** [plies]: the position before each move of the record. */
  readonly positions: readonly Position[];
  readonly targets: GameTargets;
};

/** Replays a record; null where it has no moves, breaks the rules or has a player move twice in a row. */
export function replayGame(game: GameRecord): ReplayedGame | null {
  const played = replay(game);
  if (!played.ok || game.moves.length === 0) return null;
  const positions: Position[] = [];
  // A game that went on after two passes has a position more than moves: the resumed one, which no move led to.
  for (let p: Position | null = played.position; p !== null; p = p.previous)
    if (p.lastMove >= 0 && p.previous !== null) positions.push(p.previous);
  positions.reverse();
  if (positions.some((position, ply) => position.toPlay !== game.moves[ply].color)) return null;
  return { positions, targets: gameTargets(played.position, parseResult(game.result)) };
}
