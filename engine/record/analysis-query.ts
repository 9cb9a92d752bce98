/** An analysis query as values: a game, the turns to look at, and what is asked about them. */
import { BLACK, WHITE, type Color } from '#engine/go/color.ts';
import type { Rules } from '#engine/go/rules.ts';
import type { Move, MoveRestriction } from '#engine/go/view.ts';
import { checkFields, unknownFields, type QueryFields } from './analysis-fields.ts';
import type { WarningResponse } from './analysis-response.ts';
import { gamesAt, type AnalysisGame } from './analysis-game.ts';
import { parseMove } from './coordinates.ts';
import type { GameMoves } from './game-record.ts';
import { parseColor } from './gtp.ts';
import { parseRulesWithKomi } from './rules-text.ts';
import { setupHandicap } from './tolerant-game.ts';

export type AnalysisTurn = {
  /** Moves of the game played before it. */
  readonly turn: number;
  /** The highest goes first. */
  readonly priority: number;
  readonly game: AnalysisGame;
};

export type AnalysisQuery = {
  readonly id: string;
  /** In the order of the game, each turn once. */
  readonly turns: readonly AnalysisTurn[];
  readonly avoidMoves: readonly MoveRestriction[];
  readonly allowMoves: readonly MoveRestriction[];
  /** KataGo's parameters by their names, as they came. */
  readonly overrideSettings: Readonly<Record<string, unknown>>;
} & Pick<
  QueryFields,
  | 'maxVisits'
  | 'analysisPVLen'
  | 'rootFpuReductionMax'
  | 'rootPolicyTemperature'
  | 'includeOwnership'
  | 'includeMovesOwnership'
  | 'includePolicy'
  | 'includePVVisits'
  | 'reportDuringSearchEvery'
>;

type Refusal = { readonly ok: false; readonly field: string; readonly message: string };
type Read<Value> = { readonly ok: true; readonly value: Value } | Refusal;

export type ParsedQuery =
  | { readonly ok: true; readonly query: AnalysisQuery; readonly warnings: readonly WarningResponse[] }
  | Refusal;

/** Fields that ask for what is not computed here: the query is answered without. */
const NOT_COMPUTED = [
  'includeOwnershipStdev',
  'includeMovesOwnershipStdev',
  'includeNoResultValue',
  'firstReportDuringSearchAfter',
] as const;

/** "D4", "pass", or KataGo's "(3,15)": column and row from the top left, from 0. */
function parseVertex(text: string, width: number, height: number): Move | null {
  const pair = /^\((\d{1,3}),(\d{1,3})\)$/.exec(text.replace(/\s/g, ''));
  if (pair === null) return parseMove(text, width, height);
  const [x, y] = [Number(pair[1]), Number(pair[2])];
  return x < width && y < height ? y * width + x : null;
}

function refuse(field: keyof QueryFields, message: string): Refusal {
  return { ok: false, field, message };
}

function readRules({ rules: given, komi, whiteHandicapBonus }: QueryFields): Read<Rules> {
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  const rules = parseRulesWithKomi(text);
  if (rules === null) return refuse('rules', `Unknown rules: ${text}`);
  const bonus = { '0': 'none', N: 'n', 'N-1': 'n-1' } as const;
  return {
    ok: true,
    value: {
      ...rules,
      ...(komi === undefined ? {} : { komi }),
      ...(whiteHandicapBonus === undefined ? {} : { handicapBonus: bonus[whiteHandicapBonus] }),
    },
  };
}

function readPlies(
  { boardXSize: width, boardYSize: height, ...fields }: QueryFields,
  field: 'moves' | 'initialStones',
): Read<{ color: Color; move: Move }[]> {
  const plies: { color: Color; move: Move }[] = [];
  for (const [who, where] of fields[field] ?? []) {
    const color = parseColor(who);
    if (color === null) return refuse(field, `Not a player: ${who}`);
    const move = parseVertex(where, width, height);
    if (move === null || (field === 'initialStones' && move === width * height))
      return refuse(field, `Not a vertex of this board: ${where}`);
    plies.push({ color, move });
  }
  return { ok: true, value: plies };
}

function readGame(fields: QueryFields): Read<GameMoves> {
  const { boardXSize: width, boardYSize: height } = fields;
  const initial = readPlies(fields, 'initialStones');
  if (!initial.ok) return initial;
  const played = readPlies(fields, 'moves');
  if (!played.ok) return played;
  const rules = readRules(fields);
  if (!rules.ok) return rules;
  const moves = played.value;
  // A stone on a stone replaces it.
  const stones = new Map(initial.value.map((ply) => [ply.move, ply.color]));
  const ofColor = (wanted: Color): number[] => [...stones.keys()].filter((p) => stones.get(p) === wanted);
  const setup = { black: ofColor(BLACK), white: ofColor(WHITE) };
  const handicap = setupHandicap(setup);
  const toPlay = parseColor(fields.initialPlayer) ?? moves.at(0)?.color ?? (handicap > 0 ? WHITE : BLACK);
  return { ok: true, value: { width, height, rules: rules.value, handicap, setup, toPlay, moves } };
}

/** Turn numbers in the order of the game, each with its priority. */
function readTurns({
  analyzeTurns,
  priorities,
  priority = 0,
  moves,
}: QueryFields): Read<Map<number, number>> {
  const turns = analyzeTurns ?? [moves.length];
  const wrong = turns.find((turn) => turn < 0 || turn > moves.length);
  if (wrong !== undefined) return refuse('analyzeTurns', `No such turn: ${wrong}`);
  if (priorities !== undefined && analyzeTurns === undefined)
    return refuse('priorities', 'Only together with analyzeTurns');
  if (priorities !== undefined && priorities.length !== turns.length)
    return refuse('priorities', 'Give as many as analyzeTurns has');
  const entries = turns.map((turn, i): [number, number] => [turn, priorities?.[i] ?? priority]);
  return { ok: true, value: new Map(entries.toSorted(([a], [b]) => a - b)) };
}

function readRestrictions(
  { boardXSize: width, boardYSize: height, ...fields }: QueryFields,
  field: 'avoidMoves' | 'allowMoves',
): Read<MoveRestriction[]> {
  const restrictions: MoveRestriction[] = [];
  for (const { player, moves: vertices, untilDepth } of fields[field] ?? []) {
    const moves = vertices.map((text) => parseVertex(text, width, height));
    const wrong = moves.indexOf(null);
    if (wrong >= 0) return refuse(field, `Not a vertex of this board: ${vertices[wrong]}`);
    restrictions.push({ color: parseColor(player) ?? BLACK, untilDepth, moves: moves as Move[] });
  }
  return { ok: true, value: restrictions };
}

/** What fields that are right alone say together that cannot be, or null. */
function combinationProblem({ avoidMoves, allowMoves, priority, priorities }: QueryFields): Refusal | null {
  if (priority !== undefined && priorities !== undefined)
    return refuse('priority', 'Give priority or priorities, not both');
  if (avoidMoves !== undefined && allowMoves !== undefined)
    return refuse('allowMoves', 'Give allowMoves or avoidMoves, not both');
  const players = (allowMoves ?? []).map(({ player }) => parseColor(player));
  return new Set(players).size < players.length
    ? refuse('allowMoves', 'Give one entry a player at most')
    : null;
}

/** Reads the fields of a query whose `id` is known; the game is replayed to see that its moves are possible. */
export function parseQuery(id: string, input: Readonly<Record<string, unknown>>): ParsedQuery {
  const checked = checkFields(input);
  if (!checked.ok) return checked;
  const { fields } = checked;
  const problem = combinationProblem(fields);
  if (problem !== null) return problem;
  const priorities = readTurns(fields);
  if (!priorities.ok) return priorities;
  const game = readGame(fields);
  if (!game.ok) return game;
  const played = gamesAt(game.value, [...priorities.value.keys()]);
  if (!played.ok) return played;
  const avoidMoves = readRestrictions(fields, 'avoidMoves');
  if (!avoidMoves.ok) return avoidMoves;
  const allowMoves = readRestrictions(fields, 'allowMoves');
  if (!allowMoves.ok) return allowMoves;
  const warnings = [
    ...unknownFields(input).map((field) => ({ id, field, warning: 'Unexpected or unused field' })),
    ...NOT_COMPUTED.filter((field) => fields[field] !== undefined && fields[field] !== false).map(
      (field) => ({ id, field, warning: 'Not supported by this engine, ignored' }),
    ),
  ];
  const query = {
    ...fields,
    id,
    turns: [...priorities.value].map(([turn, priority], i) => ({ turn, priority, game: played.games[i] })),
    avoidMoves: avoidMoves.value,
    allowMoves: allowMoves.value,
    overrideSettings: fields.overrideSettings ?? {},
  };
  return { ok: true, query, warnings };
}
