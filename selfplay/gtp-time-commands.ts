/** GTP commands that set the clocks and tell of them. */
import type { TimeControl } from '#engine/search/time-control.ts';
import { parseColor } from '#engine/record/gtp.ts';
import { SYNTAX_ERROR, done, parseReal, parseWhole, refuse, type Answer } from './gtp-answer.ts';
import { TIME_SETTINGS, parseNamedTimeSettings, parseTimeSettings } from './gtp-time-settings.ts';
import type { Commands } from './gtp-command.ts';
import type { GtpSession } from './gtp-session.ts';

/** KGS knows no increments. */
const KGS_SETTINGS = ['none', 'absolute', 'byoyomi', 'canadian'];

export function timeCommands(session: GtpSession): Commands {
  const set = (control: TimeControl | null): Answer => {
    if (control === null) return SYNTAX_ERROR;
    session.clocks.set(control);
    return done();
  };
  const setNamed = (names: readonly string[], args: readonly string[]): Answer => {
    if (args.length === 0) return SYNTAX_ERROR;
    const name = args[0].toLowerCase();
    // KataGo's documents write both.
    const kind = name === 'byo-yomi' ? 'byoyomi' : name;
    if (!names.includes(kind)) return refuse(`unknown time settings '${args[0]}'`);
    return set(parseNamedTimeSettings([kind, ...args.slice(1)]));
  };
  return {
    time_settings: (args) => set(parseTimeSettings(args)),
    'kgs-time_settings': (args) => setNamed(KGS_SETTINGS, args),
    'kata-time_settings': (args) => setNamed(TIME_SETTINGS, args),
    'kata-list_time_settings': () => done(TIME_SETTINGS.join(' ')),
    time_left: ([colorText, leftText, stonesText]) => {
      const color = parseColor(colorText);
      const leftSeconds = parseReal(leftText);
      const stones = parseWhole(stonesText);
      if (color === null || leftSeconds === null || stones === null) return SYNTAX_ERROR;
      session.clocks.correct(color, leftSeconds, stones);
      return done();
    },
  };
}
