/** A game as the page sees it. */
import type { GameMessage } from '#server/protocol/messages.ts';
import type { Game } from './game.ts';
import { scoreOf } from './game.ts';

/** @param secret null for watchers. */
export function gameMessage(game: Game, secret: string | null, thinking: boolean): GameMessage {
  const { state, position } = game;
  const { board } = position;
  const byCount = state.phase === 'scoring' || (state.phase === 'finished' && !state.result?.endsWith('R'));
  const score = byCount ? scoreOf(game) : null;
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
