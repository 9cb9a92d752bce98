/** Setting games up: as asked for, from an SGF, or from a ply of a finished game; and games as SGF again. */
import { BLACK, WHITE, opponent } from '#engine/go/color.ts';
import { handicapPoints, maxHandicap } from '#engine/go/handicap.ts';
import { RULE_PRESETS, presetOf } from '#engine/go/rules.ts';
import { playerName, readGameInfo, writeGameInfo, type GameInfo } from '#engine/record/game-info.ts';
import { gameFromSgf, sgfFromGame } from '#engine/record/sgf-game.ts';
import { makeSgf, parseSgf } from '#engine/record/sgf.ts';
import { ENGINE_NAME, MAX_PLIES, MAX_SIZE, MIN_SIZE, isHalfPoints } from '#server/protocol/messages.ts';
import type { NewGameMessage } from '#server/protocol/messages.ts';
import { openGame, searchGame } from './game.ts';
import type { Game, Refusal, Step } from './game.ts';
import type { StoredGame } from './stored-game.ts';

type Credentials = Pick<StoredGame, 'id' | 'secret'>;

/** What a game is when it begins, beside its terms. */
const FRESH = {
  moves: [],
  recordInfo: null,
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

/** Whether the record names players of whom none is this engine. */
function isOfOthers(info: GameInfo): boolean {
  const names = [playerName(info, BLACK), playerName(info, WHITE)].filter((name) => name !== null);
  return names.length > 0 && !names.some((name) => name.startsWith(ENGINE_NAME));
}

/**
 * The SGF's main line at its end: to review where it has a result, ended in two passes or is a game of others, else to go on
 * with.
 */
export function startFromSgf(sgf: string | Uint8Array, level: string, credentials: Credentials): Step {
  const refuse = (message: string): Refusal => ({ ok: false, code: 'bad-sgf', message });
  const parsed = parseSgf(sgf);
  if (!parsed.ok) return refuse(`SGF line ${parsed.line}, column ${parsed.column}: ${parsed.message}`);
  if (parsed.games.length === 0) return refuse('The SGF holds no game.');
  const read = gameFromSgf(parsed.games[0]);
  if (!read.ok) return refuse(`SGF: ${read.message}`);
  const { width, height, komi, handicap, setup, toPlay, moves } = read.value;
  if (Math.min(width, height) < MIN_SIZE || Math.max(width, height) > MAX_SIZE)
    return refuse(`SGF: this server plays on boards from ${MIN_SIZE} to ${MAX_SIZE} lines a side.`);
  if (moves.length >= MAX_PLIES) return refuse(`SGF: the game is longer than ${MAX_PLIES} moves.`);
  if (!isHalfPoints(komi))
    return refuse(`SGF: KM[${komi}]: komi here is in whole or half points, such as 7.5.`);
  const rules = presetOf(read.value.rules);
  if (rules === null) return refuse(`SGF: rules RU are none of ${Object.keys(RULE_PRESETS).join(', ')}.`);
  // "?" is how SGF says that the result is not known.
  const result = read.value.result === '?' ? '' : read.value.result;
  const pass = width * height;
  const bothPassed = moves.length > 1 && moves.slice(-2).every(({ move }) => move === pass);
  const recordInfo = readGameInfo(parsed.games[0]);
  const opened = openGame({
    ...FRESH,
    ...credentials,
    width,
    height,
    rules,
    komi,
    handicap,
    setup: { black: [...setup.black], white: [...setup.white] },
    toPlay,
    moves: [...moves],
    recordInfo,
    phase: result !== '' || bothPassed || isOfOthers(recordInfo) ? 'finished' : 'playing',
    result: result === '' ? null : result,
    humanColor: toPlay,
    level,
  });
  return opened.ok ? withPersonToPlay(opened) : refuse(`SGF: ${opened.message}`);
}

/** A new game at the position after `ply` moves of a finished one; whatever its record says was of that game. */
export function playOnFrom(state: StoredGame, ply: number, credentials: Credentials): Step {
  if (state.phase !== 'finished')
    return { ok: false, code: 'wrong-phase', message: 'This game is not over yet: it goes on as it is.' };
  if (ply > state.moves.length)
    return { ok: false, code: 'stale', message: `The game has no move ${ply} to play on from.` };
  const moves = state.moves.slice(0, ply);
  const opened = openGame({ ...state, ...FRESH, ...credentials, moves });
  return opened.ok ? withPersonToPlay(opened) : opened;
}

function withPersonToPlay({ game }: { game: Game }): Step {
  return { ok: true, game: { ...game, state: { ...game.state, humanColor: game.position.toPlay } } };
}

/** The game as SGF text that replays to the same position. */
export function gameToSgf(state: StoredGame, levelLabel: string): string {
  const names = {
    [state.humanColor]: 'Human',
    [opponent(state.humanColor)]: `${ENGINE_NAME}, ${levelLabel}`,
  };
  const root = sgfFromGame({
    ...searchGame(state),
    playerBlack: names[BLACK],
    playerWhite: names[WHITE],
    result: state.result ?? '',
  });
  writeGameInfo(root, state.recordInfo ?? {});
  return makeSgf([root]);
}
