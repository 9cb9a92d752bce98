/** GTP commands that ask the player for a move. */
import type { Color } from '#engine/go/color.ts';
import type { Move } from '#engine/go/view.ts';
import { parseColor } from '#engine/record/gtp.ts';
import { SYNTAX_ERROR, done } from './gtp-answer.ts';
import type { Command, Commands } from './gtp-command.ts';
import type { GtpSession } from './gtp-session.ts';

export function playCommands(session: GtpSession): Commands {
  const genMove =
    (isPlayed: boolean): Command =>
    async ([colorText], { stop }) => {
      const color = parseColor(colorText);
      if (color === null) return SYNTAX_ERROR;
      const { move } = await session.think(color, { stop });
      return done(isPlayed ? playMove(session, color, move) : moveText(session, move));
    };
  return {
    genmove: genMove(true),
    reg_genmove: genMove(false),
    cputime: () => done((session.thinkingMs / 1000).toFixed(3)),
    'gomill-cpu_time': () => done((session.thinkingMs / 1000).toFixed(3)),
  };
}

function moveText(session: GtpSession, move: Move | 'resign'): string {
  return move === 'resign' ? move : session.vertices([move]);
}

/** Plays the player's move. @returns what was played, as GTP writes it. */
function playMove(session: GtpSession, color: Color, move: Move | 'resign'): string {
  if (move === 'resign' || session.game.play(color, move)) return moveText(session, move);
  // Where the turn was taken out of order, superko may see the move differently; a pass is always legal.
  const pass = session.game.position.passMove;
  session.game.play(color, pass);
  return moveText(session, pass);
}
