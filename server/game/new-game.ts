/** Setting games up: as asked for, or from an SGF; and games as SGF again. */
import { handicapPoints, maxHandicap } from '#engine/go/handicap.ts';
import { RULE_PRESETS, presetOf } from '#engine/go/rules.ts';
import { gameFromSgf, sgfFromGame } from '#engine/record/sgf-game.ts';
import { makeSgf, parseSgf } from '#engine/record/sgf.ts';
import { MAX_PLIES, MAX_SIZE, MIN_SIZE } from '#server/protocol/messages.ts';
import type { NewGameMessage } from '#server/protocol/messages.ts';
import { openGame, searchGame } from './game.ts';
import type { Refusal, Step } from './game.ts';
import type { StoredGame } from './stored-game.ts';

type Credentials = Pick<StoredGame, 'id' | 'secret'>;

/** 2 MiB and 50,000 nodes hold every game ever recorded and bound the work of an upload. */
const SGF_LIMITS = { maxBytes: 2 * 1024 * 1024, maxNodes: 50_000 };

const FRESH = {
  moves: [],
  phase: 'playing',
  dead: [],
  deadProposed: false,
  result: null,
  winrates: [],
  accepted: [],
} satisfies Partial<StoredGame>;

export function startGame(message: NewGameMessage, credentials: Credentials): Step {
  const { width, height, rules, komi, handicap, color, level } = message;
  if (handicap > Math.max(1, maxHandicap(width, height))) {
    const most = maxHandicap(width, height);
    return {
      ok: false,
      code: 'bad-game',
      message: `A ${width}x${height} board takes at most ${most} handicap stones, not ${handicap}.`,
    };
  }
  const black = handicapPoints(handicap, width, height);
  return openGame({
    ...FRESH,
    ...credentials,
    width,
    height,
    rules,
    komi,
    handicap: black.length,
    setup: { black, white: [] },
    toPlay: black.length > 0 ? 2 : 1,
    humanColor: color,
    level,
  });
}

/** A game at the end of the SGF's main line, in which the person has the colour to move. */
export function startFromSgf(sgf: string | Uint8Array, level: string, credentials: Credentials): Step {
  const refuse = (message: string): Refusal => ({ ok: false, code: 'bad-sgf', message });
  const parsed = parseSgf(sgf, SGF_LIMITS);
  if (!parsed.ok) return refuse(`SGF line ${parsed.line}, column ${parsed.column}: ${parsed.message}`);
  if (parsed.games.length === 0) return refuse('The SGF holds no game.');
  const read = gameFromSgf(parsed.games[0]);
  if (!read.ok) return refuse(`SGF: ${read.message}`);
  const { width, height, komi, handicap, setup, toPlay, moves } = read.value;
  if (Math.min(width, height) < MIN_SIZE || Math.max(width, height) > MAX_SIZE)
    return refuse(`SGF: this server plays on boards from ${MIN_SIZE} to ${MAX_SIZE} lines a side.`);
  if (moves.length >= MAX_PLIES) return refuse(`SGF: the game is longer than ${MAX_PLIES} moves.`);
  const rules = presetOf(read.value.rules);
  if (rules === null) return refuse(`SGF: rules RU are none of ${Object.keys(RULE_PRESETS).join(', ')}.`);
  const state: StoredGame = {
    ...FRESH,
    ...credentials,
    width,
    height,
    rules,
    komi,
    handicap,
    setup: { black: [...setup.black], white: [...setup.white] },
    toPlay,
    moves: moves.map(({ color, move }) => ({ color, move })),
    humanColor: toPlay,
    level,
  };
  const opened = openGame(state);
  if (!opened.ok) return refuse(`SGF: ${opened.message}`);
  return openGame({ ...state, humanColor: opened.game.position.toPlay });
}

/** The game as SGF text that replays to the same position. */
export function gameToSgf(state: StoredGame, levelLabel: string): string {
  const [playerBlack, playerWhite] =
    state.humanColor === 1 ? ['Human', `Tengen, ${levelLabel}`] : [`Tengen, ${levelLabel}`, 'Human'];
  return makeSgf([
    sgfFromGame({
      ...searchGame(state),
      komi: state.komi,
      playerBlack,
      playerWhite,
      result: state.result ?? '',
    }),
  ]);
}
