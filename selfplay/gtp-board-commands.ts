/** GTP commands that set up the board, change it and show it. */
import { BLACK, WHITE } from '#engine/go/color.ts';
import { MAX_KOMI_POINTS } from '#engine/go/rules.ts';
import { isBoardSide } from '#engine/go/size.ts';
import { formatDiagram } from '#engine/record/diagram.ts';
import { formatColor, parseColor } from '#engine/record/gtp.ts';
import { formatRules } from '#engine/record/rules-text.ts';
import { setupHandicap } from '#engine/record/tolerant-game.ts';
import { makeSgf } from '#engine/record/sgf-write.ts';
import { sgfFromGame } from '#engine/record/sgf-game.ts';
import { SYNTAX_ERROR, done, parseReal, parseWhole, refuse, type Answer } from './gtp-answer.ts';
import type { Commands } from './gtp-command.ts';
import { GtpGame } from './gtp-game.ts';
import { loadGame, saveText } from './gtp-files.ts';
import { placeByConvention, placeFreely } from './gtp-handicap.ts';
import type { GtpSession } from './gtp-session.ts';

export function boardCommands(session: GtpSession): Commands {
  return {
    boardsize: (args) => boardSize(session, args),
    rectangular_boardsize: (args) => boardSize(session, args),
    clear_board: () => clearBoard(session),
    set_position: (args) => (args.length === 0 ? clearBoard(session) : setPosition(session, args)),
    komi: ([text]) => {
      const komi = parseReal(text);
      if (komi === null) return SYNTAX_ERROR;
      // Records of games have no more, so that `loadsgf` reads what `printsgf` wrote.
      if (Math.abs(komi) > MAX_KOMI_POINTS) return refuse('unacceptable komi');
      return session.changeRules({ ...session.rules, komi });
    },
    get_komi: () => done(String(session.rules.komi)),
    play: ([colorText, vertexText]) => {
      const color = parseColor(colorText);
      const move = session.vertex(vertexText);
      if (color === null || move === null) return SYNTAX_ERROR;
      return session.game.play(color, move) ? done() : refuse('illegal move');
    },
    undo: () => (session.game.undo() ? done() : refuse('cannot undo')),
    showboard: () => showBoard(session),
    fixed_handicap: ([count]) => placeHandicap(session, count, false),
    place_free_handicap: ([count]) => placeHandicap(session, count, true),
    set_free_handicap: (vertices) => {
      const placed = placeFreely(
        session.game,
        vertices.map((text) => session.vertex(text)),
      );
      if (!placed.ok) return refuse(placed.why);
      session.game = placed.game;
      return done();
    },
    loadsgf: (args) => loadSgf(session, args),
    printsgf: (args) => printSgf(session, args.join(' ')),
  };
}

/** `N`, `X Y` or `X:Y`. */
function boardSize(session: GtpSession, args: readonly string[]): Answer {
  const sides = (args.length === 1 ? args[0].split(':') : args).map(parseWhole);
  const [width = null, height = width] = sides;
  if (sides.length > 2 || width === null || height === null) return SYNTAX_ERROR;
  if (!isBoardSide(width) || !isBoardSide(height)) return refuse('unacceptable size');
  session.game = session.emptyGame(width, height, session.rules);
  return done();
}

function clearBoard(session: GtpSession): Answer {
  const { width, height } = session.game.setup;
  session.game = session.emptyGame(width, height, session.rules);
  session.clocks.restart();
  return done();
}

/** COLOR VERTEX pairs; Black moves next, and as with KataGo stones of Black alone are a handicap. */
function setPosition(session: GtpSession, args: readonly string[]): Answer {
  const { width, height } = session.game.setup;
  const setup = { black: [] as number[], white: [] as number[] };
  for (let i = 0; i < args.length; i += 2) {
    const [color, point] = [parseColor(args[i]), session.vertex(args[i + 1])];
    if (color === null || point === null || point === width * height) return SYNTAX_ERROR;
    setup[formatColor(color)].push(point);
  }
  const handicap = setupHandicap(setup);
  try {
    session.game = new GtpGame({ width, height, rules: session.rules, handicap, setup, toPlay: BLACK });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuse('illegal position: a stone on another, or without liberties');
  }
  return done();
}

function showBoard({ game, rules }: GtpSession): Answer {
  const { board, lastMove, toPlay } = game.position;
  const { captures } = game;
  return done(
    `\n${formatDiagram(board, lastMove)}\n${toPlay === BLACK ? 'Black' : 'White'} to play. Black has captured ${captures[BLACK]}, White ${captures[WHITE]}. Komi ${rules.komi}, ${formatRules(rules)} rules.`,
  );
}

function placeHandicap(session: GtpSession, countText: string | undefined, fewerIsFine: boolean): Answer {
  const asked = parseWhole(countText);
  if (asked === null) return SYNTAX_ERROR;
  const placed = placeByConvention(session.game, asked, fewerIsFine);
  if (!placed.ok) return refuse(placed.why);
  session.game = placed.game;
  return done(session.vertices(placed.stones));
}

/** The name of the file may have spaces, so that only a last whole number is a move. */
async function loadSgf(session: GtpSession, args: readonly string[]): Promise<Answer> {
  if (args.length === 0) return SYNTAX_ERROR;
  const before = args.length > 1 ? parseWhole(args.at(-1)) : null;
  const file = (before === null ? args : args.slice(0, -1)).join(' ');
  const loaded = await loadGame(file, before ?? Infinity, session.rules);
  if (!loaded.ok) return refuse(loaded.message);
  session.game = loaded.game;
  return done();
}

/** Without a file, or to "-", the answer is the record. */
function printSgf({ game }: GtpSession, file: string): Answer {
  const sgf = makeSgf([sgfFromGame(game.record)]);
  if (file === '' || file === '-') return done(sgf);
  const failure = saveText(file, sgf);
  return failure === null ? done() : refuse(failure);
}
