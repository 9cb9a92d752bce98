/** GTP commands that ask the player for a move. */
import { opponent, type Color } from '#engine/go/color.ts';
import { isEye } from '#engine/go/eyes.ts';
import { neighborsOf } from '#engine/go/neighbors.ts';
import type { Position } from '#engine/go/position.ts';
import { parseColor } from '#engine/record/gtp.ts';
import { deadStones } from '#engine/search/dead-stones.ts';
import type { SearchOptions } from '#engine/search/restrictions.ts';
import { SYNTAX_ERROR, done, type Answer } from './gtp-answer.ts';
import type { Command, Commands } from './gtp-command.ts';
import type { GtpSession } from './gtp-session.ts';

export function playCommands(session: GtpSession): Commands {
  const ofColor =
    (run: (color: Color, stop: AbortSignal) => Promise<Answer>): Command =>
    ([colorText], { stop }) => {
      const color = parseColor(colorText);
      return color === null ? SYNTAX_ERROR : run(color, stop);
    };
  const thinkingTime: Command = () => done((session.thinkingMs / 1000).toFixed(3));
  return {
    genmove: ofColor(async (color, stop) => {
      const { move } = await session.think(color, { stop });
      return done(session.playThought(color, move));
    }),
    reg_genmove: ofColor(async (color, stop) => {
      const { move } = await session.think(color, { stop });
      return done(move === 'resign' ? move : session.vertices([move]));
    }),
    'kgs-genmove_cleanup': ofColor(async (color, stop) => {
      const position = session.game.positionFor(color);
      const dead = deadStones(position, await session.options.ownershipBlack(position));
      const { move } = await session.think(color, { stop, restrictions: capturing(position, dead) });
      return done(session.playThought(color, move));
    }),
    stop: () => done(),
    // Only says that "# interrupt" is understood, which is no command.
    'gogui-interrupt': () => done(),
    clear_cache: () => {
      session.forgetTree();
      return done();
    },
    cputime: thinkingTime,
    'gomill-cpu_time': thinkingTime,
  };
}

/** Nothing but moves beside dead stones of the opponent, own eyes aside, where there are any. */
function capturing(position: Position, dead: readonly number[]): SearchOptions {
  const { board, toPlay } = position;
  const beside = dead
    .filter((p) => board.stones[p] === opponent(toPlay))
    .flatMap((p) => [...neighborsOf(board.neighbors, p)])
    .filter((p) => position.isLegal(p) && !isEye(board, p, toPlay));
  return beside.length === 0
    ? {}
    : { allowMoves: [{ color: toPlay, moves: [...new Set(beside)], untilDepth: 1 }] };
}
