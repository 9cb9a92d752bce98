/** What becomes of a move that was thought about: it is played, only told, or dropped once a further line comes. */
import type { Color } from '#engine/go/color.ts';
import type { Move } from '#engine/go/view.ts';
import { parseColor } from '#engine/record/gtp.ts';
import { SYNTAX_ERROR, done } from './gtp-answer.ts';
import type { AnswerStream, Command } from './gtp-command.ts';
import type { GtpSession } from './gtp-session.ts';

export type Outcome = {
  /** What ends the search before its time. */
  readonly stop: (stream: AnswerStream) => AbortSignal;
  /** Does it, and says what the answer names. */
  readonly take: (session: GtpSession, color: Color, move: Move | 'resign', stream: AnswerStream) => string;
};

export const PLAYED: Outcome = {
  stop: ({ stop }) => stop,
  take: (session, color, move) => session.playThought(color, move),
};

export const TOLD: Outcome = {
  stop: ({ stop }) => stop,
  take: (session, _, move) => (move === 'resign' ? move : session.vertices([move])),
};

/** KataGo's word for a search that its controller did not wait for. */
export const CANCELLABLE: Outcome = {
  stop: ({ stop, nextLine }) => AbortSignal.any([stop, nextLine]),
  take: (session, color, move, stream) =>
    stream.nextLine.aborted ? 'cancelled' : TOLD.take(session, color, move, stream),
};

/** A command that thinks about a move for the colour it names. */
export function thinking(session: GtpSession, outcome: Outcome): Command {
  return async ([colorText], stream) => {
    const color = parseColor(colorText);
    if (color === null) return SYNTAX_ERROR;
    const { move } = await session.think(color, { stop: outcome.stop(stream) });
    return done(outcome.take(session, color, move, stream));
  };
}
