/** Between SGF trees and games: the main line of a tree as a record, and a record as a tree. */
import { BLACK, WHITE, type Color } from '#engine/go/color.ts';
import { MAX_KOMI_POINTS, RULE_PRESETS, type Rules } from '#engine/go/rules.ts';
import { MAX_BOARD_SIDE, MIN_BOARD_SIDE, isBoardSide } from '#engine/go/size.ts';
import type { Move } from '#engine/go/view.ts';
import { formatPoint, parsePoint, parsePointList } from './coordinates.ts';
import type { GameRecord } from './game-record.ts';
import { formatRules, parseRules } from './rules-text.ts';
import { addNode, decodeSimpleText, encodeText, mainLine, type SgfNode } from './sgf-node.ts';

export type GameFromSgfResult =
  { readonly ok: true; readonly value: GameRecord } | { readonly ok: false; readonly message: string };

/**
 * The game along the first variation. Set-up stones may come in any node before the first move, not after it. Without PL
 * the first move's colour begins.
 * @param unsaid stands for missing or unknown rules, and for missing komi; without it they are Chinese, and the usual one
 * of the rules.
 * @returns the record, or one sentence that says which property cannot be used.
 */
export function gameFromSgf(root: SgfNode, unsaid?: Rules): GameFromSgfResult {
  const info = (name: string): string => decodeSimpleText(root.properties.get(name)?.[0] ?? '');
  const fail = (message: string): GameFromSgfResult => ({ ok: false, message });

  if (!/^1?$/.test(info('GM'))) return fail(`GM[${info('GM')}]: this is not a record of Go, which is GM[1].`);
  const size = /^(\d+)(?::(\d+))?$/.exec(info('SZ') || '19');
  const width = Number(size?.[1]);
  const height = Number(size?.[2] ?? size?.[1]);
  if (!isBoardSide(width) || !isBoardSide(height))
    return fail(
      `SZ[${info('SZ')}]: boards have ${MIN_BOARD_SIDE} to ${MAX_BOARD_SIDE} lines in each direction.`,
    );
  const rules = parseRules(info('RU')) ?? unsaid ?? RULE_PRESETS.chinese;
  const komi = info('KM') === '' ? (unsaid ?? rules).komi : parseKomi(info('KM'));
  if (info('KM') !== '' && !(Math.abs(komi) <= MAX_KOMI_POINTS))
    return fail(`KM[${info('KM')}]: komi is a number of at most ${MAX_KOMI_POINTS} points.`);
  const handicap = Number(info('HA') || '0');
  if (!Number.isInteger(handicap) || handicap < 0 || handicap > width * height)
    return fail(`HA[${info('HA')}]: a handicap is a whole number of stones.`);

  const stones = new Map<number, Color>();
  const moves: { color: Color; move: Move }[] = [];
  let firstToPlay: Color | null = null;
  for (const node of mainLine(root)) {
    for (const [name, color] of [
      ['AE', null],
      ['AB', BLACK],
      ['AW', WHITE],
    ] as const) {
      const values = node.properties.get(name);
      if (values === undefined) continue;
      if (moves.length > 0)
        return fail(`${name} after move ${moves.length}: set-up during a game cannot be replayed.`);
      const list = parsePointList(values, width, height);
      if (!list.ok) return fail(`${name}[${list.value}] is not a point of a ${width}x${height} board.`);
      for (const point of list.points) {
        if (color === null) stones.delete(point);
        else stones.set(point, color);
      }
    }
    const turn = decodeSimpleText(node.properties.get('PL')?.[0] ?? '').toUpperCase();
    if (turn !== '' && moves.length === 0) firstToPlay = turn.startsWith('W') || turn === '2' ? WHITE : BLACK;
    const black = node.properties.get('B');
    const white = node.properties.get('W');
    if (black !== undefined && white !== undefined)
      return fail(`A node after move ${moves.length} has a move of each colour.`);
    const value = (black ?? white)?.[0].trim();
    if (value === undefined) continue;
    const move = parsePoint(value, width, height);
    const color = black === undefined ? WHITE : BLACK;
    if (move === null)
      return fail(
        `Move ${moves.length + 1}, ${color === BLACK ? 'B' : 'W'}[${value}], is not on a ${width}x${height} board.`,
      );
    moves.push({ color, move });
  }

  const ofColor = (color: Color): number[] => [...stones].filter(([, c]) => c === color).map(([p]) => p);
  const value: GameRecord = {
    width,
    height,
    rules: { ...rules, komi },
    komi,
    handicap,
    setup: { black: ofColor(BLACK), white: ofColor(WHITE) },
    toPlay: firstToPlay ?? moves[0]?.color ?? (handicap > 1 ? WHITE : BLACK),
    moves,
    result: info('RE'),
    playerBlack: info('PB'),
    playerWhite: info('PW'),
    rankBlack: info('BR'),
    rankWhite: info('WR'),
    date: info('DT'),
    event: info('EV'),
  };
  return { ok: true, value };
}

/**
 * Fox and Tygem write komi in hundredths: of a point where the game is counted by territory (650), of a stone, which is
 * two points, where it is counted by area (375).
 */
function parseKomi(text: string): number {
  const komi = Number(text.replace(',', '.'));
  if (!(komi > MAX_KOMI_POINTS)) return komi;
  return komi < 400 ? komi / 50 : komi / 100;
}

/** Everything `sgfFromGame` needs; the rest of a record may be left out. */
export type NewRecord = Pick<GameRecord, 'width' | 'height' | 'rules' | 'moves'> & Partial<GameRecord>;

/** The tree of a played game, which `gameFromSgf` reads back as the same record. */
export function sgfFromGame(game: NewRecord): SgfNode {
  const { width, height, setup, handicap = 0 } = game;
  const root = addNode(null);
  const set = (name: string, ...values: string[]): void => {
    if (values.length > 0 && values[0] !== '') root.properties.set(name, values);
  };
  const list = (points: readonly number[]): string[] => points.map((p) => formatPoint(p, width, height));
  set('GM', '1');
  set('FF', '4');
  set('CA', 'UTF-8');
  set('AP', 'Tengen');
  set('SZ', width === height ? `${width}` : `${width}:${height}`);
  set('RU', formatRules(game.rules));
  set('KM', `${game.komi ?? game.rules.komi}`);
  if (handicap > 0) set('HA', `${handicap}`);
  set('PB', encodeText(game.playerBlack ?? ''));
  set('PW', encodeText(game.playerWhite ?? ''));
  set('BR', encodeText(game.rankBlack ?? ''));
  set('WR', encodeText(game.rankWhite ?? ''));
  set('DT', encodeText(game.date ?? ''));
  set('EV', encodeText(game.event ?? ''));
  set('RE', encodeText(game.result ?? ''));
  if (setup !== undefined) {
    set('AB', ...list(setup.black));
    set('AW', ...list(setup.white));
  }
  if (game.toPlay !== undefined) set('PL', game.toPlay === BLACK ? 'B' : 'W');
  let node = root;
  for (const { color, move } of game.moves)
    node = addNode(node, [[color === BLACK ? 'B' : 'W', [formatPoint(move, width, height)]]]);
  return root;
}
