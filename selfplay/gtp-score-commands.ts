/** GTP commands about the end of the game: the score, and who lives. */
import { EMPTY } from '#engine/go/color.ts';
import { scorePosition } from '#engine/go/scoring.ts';
import { formatScore } from '#engine/record/result.ts';
import { deadStones } from '#engine/search/dead-stones.ts';
import { SYNTAX_ERROR, done, type Answer } from './gtp-answer.ts';
import type { Commands } from './gtp-command.ts';
import type { GtpSession } from './gtp-session.ts';
import { isStatus, statuses } from './gtp-status.ts';

export function scoreCommands(session: GtpSession): Commands {
  const ownership = (): Promise<Float32Array> => session.options.ownershipBlack(session.game.position);
  return {
    final_score: async () => {
      const { position } = session.game;
      const { scoreBlack } = scorePosition(position, deadStones(position, await ownership()));
      return done(formatScore(scoreBlack));
    },
    final_status: async ([vertexText]) => {
      const { position } = session.game;
      const point = session.vertex(vertexText);
      if (point === null || point === position.passMove) return SYNTAX_ERROR;
      return done(statuses(position, await ownership())[point]);
    },
    final_status_list: async ([status]) =>
      isStatus(status) ? list(session, status, await ownership()) : SYNTAX_ERROR,
  };
}

/** Chains on lines of their own, as the protocol wants; empty points on one. */
function list(session: GtpSession, status: string, ownershipBlack: Float32Array): Answer {
  const { position } = session.game;
  const { board } = position;
  const points = [...statuses(position, ownershipBlack).entries()]
    .filter(([, found]) => found === status)
    .map(([p]) => p);
  const chains = points.filter((p) => board.stones[p] !== EMPTY && board.chainId(p) === p);
  if (chains.length === 0) return done(session.vertices(points));
  return done(chains.map((p) => session.vertices(board.chainStones(p).toSorted((a, b) => a - b))).join('\n'));
}
