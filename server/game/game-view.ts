/** A game as the page sees it. */
import { parseResult } from '#engine/record/result.ts';
import type { GameMessage } from '#server/protocol/messages.ts';
import type { Game } from './game.ts';
import { scoreOf } from './game.ts';

/**
 * The count of a game that is being counted, or was decided by it. A record may give a result by dead stones it does not
 * name: then this count is not the game's.
 */
function countOf(game: Game): ReturnType<typeof scoreOf> | null {
  const { phase, result } = game.state;
  if (phase === 'playing') return null;
  const score = scoreOf(game);
  return phase === 'scoring' || parseResult(result ?? '')?.marginBlack === score.scoreBlack ? score : null;
}

/** @param secret null for watchers. */
export function gameMessage(game: Game, secret: string | null, thinking: boolean): GameMessage {
  const { state, position } = game;
  const { board } = position;
  const score = countOf(game);
  const legal = Array.from({ length: board.area }, (_, p) =>
    state.phase === 'playing' && position.isLegal(p) ? 1 : 0,
  );
  return {
    type: 'game',
    id: state.id,
    secret,
    width: state.width,
    height: state.height,
    rules: state.rules,
    komi: state.komi,
    handicap: state.handicap,
    setup: state.setup,
    moves: state.moves,
    recordInfo: state.recordInfo,
    stones: [...board.stones],
    toPlay: position.toPlay,
    humanColor: state.humanColor,
    level: state.level,
    phase: state.phase,
    dead: state.dead,
    ownership: score === null ? null : [...score.ownership],
    scoreBlack: score?.scoreBlack ?? null,
    captures: { black: board.captures[1], white: board.captures[2] },
    result: state.result,
    lastMove: state.moves.at(-1)?.move ?? null,
    ko: board.koPoint >= 0 ? board.koPoint : null,
    winrateHistory: Array.from({ length: state.moves.length + 1 }, (_, ply) => state.winrates[ply] ?? null),
    legal,
    thinking,
    ackNonce: state.accepted.at(-1)?.nonce ?? null,
  };
}
