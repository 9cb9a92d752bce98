/** GTP commands that tell what the player's search thinks, line after line, in the words of Leela Zero and KataGo. */
import { formatColor } from '#engine/record/gtp.ts';
import { leavesMove } from '#engine/search/restrictions.ts';
import { done, refuse, type Answer } from './gtp-answer.ts';
import { parseWishes, type AnalysisStyle, type AnalysisWishes } from './gtp-analysis-options.ts';
import { analysisLine } from './gtp-analysis-text.ts';
import type { AnswerStream, Command, Commands } from './gtp-command.ts';
import { CANCELLABLE, PLAYED, TOLD, thinking, type Outcome } from './gtp-outcome.ts';
import type { GtpSession } from './gtp-session.ts';
import type { Player } from './player.ts';
import type { Analysis } from './search-task.ts';

/** @param analyse of a player that searches. */
export function analyzeCommands(session: GtpSession, analyse: NonNullable<Player['analyse']>): Commands {
  /** A command with the wishes of its arguments, and how it tells what is thought. */
  const telling =
    (
      style: AnalysisStyle,
      run: (
        wishes: AnalysisWishes,
        tell: (analysis: Analysis) => void,
        stream: AnswerStream,
      ) => Promise<Answer>,
    ): Command =>
    (args, stream) => {
      const { toPlay } = session.game.position;
      const parsed = parseWishes(args, style, toPlay, (text) => session.vertex(text));
      if (!parsed.ok) return refuse(parsed.message);
      const { wishes } = parsed;
      const position = session.game.positionFor(wishes.color);
      // Stones may stand where moves are named: they may be captured before the depth, and programs name whole regions.
      if (!leavesMove(wishes.restrictions, position))
        return refuse(`allow and avoid leave no legal move to ${formatColor(wishes.color)}`);
      if (wishes.ownership || wishes.movesOwnership) session.parameters.keepOwnership(wishes.movesOwnership);
      const isPruned = session.options.search?.parameters.rootSymmetryPruning ?? false;
      const tell = (analysis: Analysis): void => {
        const line = analysisLine(analysis, position, wishes, style, isPruned);
        if (line !== '') stream.line(line);
      };
      return run(wishes, tell, stream);
    };

  /** Goes on until the next line comes; nobody plays. */
  const analyze = (style: AnalysisStyle): Command =>
    telling(style, async ({ color, restrictions, intervalMs }, tell, stream) => {
      const end = AbortSignal.any([stream.nextLine, stream.stop]);
      if (end.aborted) session.expectNext();
      else end.addEventListener('abort', () => session.expectNext(), { once: true });
      stream.begin();
      const last = await analyse(session.game.positionFor(color), {
        ...session.analysisWishes(),
        stop: end,
        restrictions,
        reportEveryMs: intervalMs,
        onReport: tell,
      });
      session.warnWhereFull(last);
      // The search may be full before the controller asks for its end.
      if (!end.aborted && intervalMs < Infinity) tell(last);
      if (!end.aborted)
        await new Promise((resolve) => end.addEventListener('abort', resolve, { once: true }));
      return done();
    });

  /** Like genmove and its kin. */
  const thinkAloud = (style: AnalysisStyle, outcome: Outcome): Command =>
    telling(style, async ({ color, restrictions, intervalMs }, tell, stream) => {
      const { move, stats } = await session.think(color, {
        stop: outcome.stop(stream),
        restrictions,
        reportEveryMs: intervalMs,
        onReport: tell,
      });
      stream.begin();
      if (stats !== undefined) tell(stats);
      return done(`play ${outcome.take(session, color, move, stream)}`);
    });

  return {
    'lz-analyze': analyze('lz'),
    'kata-analyze': analyze('kata'),
    analyze: analyze('kata'),
    'lz-genmove_analyze': thinkAloud('lz', PLAYED),
    'kata-genmove_analyze': thinkAloud('kata', PLAYED),
    genmove_analyze: thinkAloud('kata', PLAYED),
    'kata-search_analyze': thinkAloud('kata', TOLD),
    'kata-search_analyze_cancellable': thinkAloud('kata', CANCELLABLE),
    // Of other players some cannot be stopped without being lost.
    'kata-search_cancellable': thinking(session, CANCELLABLE),
    // Only says that "# interrupt" is understood, which is no command.
    'gogui-interrupt': () => done(),
  };
}
