/** GTP commands that ask the player for a move. */
import { opponent } from '#engine/go/color.ts';
import { isEye } from '#engine/go/eyes.ts';
import { neighborsOf } from '#engine/go/neighbors.ts';
import type { Position } from '#engine/go/position.ts';
import { parseColor } from '#engine/record/gtp.ts';
import { deadStones } from '#engine/search/dead-stones.ts';
import type { SearchOptions } from '#engine/search/restrictions.ts';
import { SYNTAX_ERROR, done } from './gtp-answer.ts';
import type { Command, Commands } from './gtp-command.ts';
import { PLAYED, TOLD, thinking } from './gtp-outcome.ts';
import type { GtpSession } from './gtp-session.ts';

export function playCommands(session: GtpSession): Commands {
  const thinkingTime: Command = () => done((session.thinkingMs / 1000).toFixed(3));
  return {
    genmove: thinking(session, PLAYED),
    reg_genmove: thinking(session, TOLD),
    'kata-search': thinking(session, TOLD),
    'kgs-genmove_cleanup': async ([colorText], stream) => {
      const color = parseColor(colorText);
      if (color === null) return SYNTAX_ERROR;
      const position = session.game.positionFor(color);
      const dead = deadStones(position, await session.options.ownershipBlack(position));
      const restrictions = capturing(position, dead);
      const { move } = await session.think(color, { stop: stream.stop, restrictions });
      return done(session.playThought(color, move));
    },
    stop: () => done(),
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
