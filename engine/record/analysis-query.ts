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
import { parseRules } from './rules-text.ts';

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

export type ParsedQuery =
  | { readonly ok: true; readonly query: AnalysisQuery; readonly warnings: readonly WarningResponse[] }
  | { readonly ok: false; readonly field: string; readonly message: string };

/** Fields that ask for what is not computed here: the query is answered without. */
const NOT_COMPUTED = [
  'includeOwnershipStdev',
  'includeMovesOwnershipStdev',
  'includeNoResultValue',
  'firstReportDuringSearchAfter',
] as const;

/** A refusal on its way out of the helpers below. */
class Refusal extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** "D4", "pass", or KataGo's "(3,15)": column and row from the top left, from 0. */
function parseVertex(text: string, width: number, height: number): Move | null {
  const pair = /^\((\d{1,3}),(\d{1,3})\)$/.exec(text.replace(/\s/g, ''));
  if (pair === null) return parseMove(text, width, height);
  const [x, y] = [Number(pair[1]), Number(pair[2])];
  return x < width && y < height ? y * width + x : null;
}

function readRules({ rules: text, komi, whiteHandicapBonus }: QueryFields): Rules {
  const rules = parseRules(typeof text === 'string' ? text : JSON.stringify(text));
  if (rules === null)
    throw new Refusal('rules', `Unknown rules: ${typeof text === 'string' ? text : JSON.stringify(text)}`);
  const bonus = { '0': 'none', N: 'n', 'N-1': 'n-1' } as const;
  return {
    ...rules,
    ...(komi === undefined ? {} : { komi }),
    ...(whiteHandicapBonus === undefined ? {} : { handicapBonus: bonus[whiteHandicapBonus] }),
  };
}

function readGame(fields: QueryFields): GameMoves {
  const { boardXSize: width, boardYSize: height } = fields;
  const vertex = (field: string, text: string): Move => {
    const move = parseVertex(text, width, height);
    if (move === null || (field === 'initialStones' && move === width * height))
      throw new Refusal(field, `Not a vertex of this board: ${text}`);
    return move;
  };
  const color = (field: string, text: string): Color => {
    const parsed = parseColor(text);
    if (parsed === null) throw new Refusal(field, `Not a player: ${text}`);
    return parsed;
  };
  const read = (field: string, plies: QueryFields['moves']): { color: Color; move: Move }[] =>
    plies.map(([who, where]) => ({ color: color(field, who), move: vertex(field, where) }));
  // A stone on a stone replaces it.
  const stones = new Map(
    read('initialStones', fields.initialStones ?? []).map((ply) => [ply.move, ply.color]),
  );
  const ofColor = (wanted: Color): number[] => [...stones.keys()].filter((p) => stones.get(p) === wanted);
  const setup = { black: ofColor(BLACK), white: ofColor(WHITE) };
  const moves = read('moves', fields.moves);
  const handicap = setup.white.length === 0 && setup.black.length > 1 ? setup.black.length : 0;
  const toPlay = parseColor(fields.initialPlayer) ?? moves.at(0)?.color ?? (handicap > 0 ? WHITE : BLACK);
  return { width, height, rules: readRules(fields), handicap, setup, toPlay, moves };
}

/** Turn numbers in the order of the game, each with its priority. */
function readTurns({ analyzeTurns, priorities, priority = 0, moves }: QueryFields): Map<number, number> {
  const turns = analyzeTurns ?? [moves.length];
  const wrong = turns.find((turn) => turn < 0 || turn > moves.length);
  if (wrong !== undefined) throw new Refusal('analyzeTurns', `No such turn: ${wrong}`);
  if (priorities !== undefined && analyzeTurns === undefined)
    throw new Refusal('priorities', 'Only together with analyzeTurns');
  if (priorities !== undefined && priorities.length !== turns.length)
    throw new Refusal('priorities', 'Give as many as analyzeTurns has');
  const entries = turns.map((turn, i): [number, number] => [turn, priorities?.[i] ?? priority]);
  return new Map(entries.toSorted(([a], [b]) => a - b));
}

function readRestrictions(fields: QueryFields, field: 'avoidMoves' | 'allowMoves'): MoveRestriction[] {
  const { boardXSize: width, boardYSize: height } = fields;
  return (fields[field] ?? []).map(({ player, moves, untilDepth }) => ({
    color: parseColor(player) ?? BLACK,
    untilDepth,
    moves: moves.map((text) => {
      const move = parseVertex(text, width, height);
      if (move === null) throw new Refusal(field, `Not a vertex of this board: ${text}`);
      return move;
    }),
  }));
}

function checkCombinations({ avoidMoves, allowMoves, priority, priorities }: QueryFields): void {
  if (priority !== undefined && priorities !== undefined)
    throw new Refusal('priority', 'Give priority or priorities, not both');
  if (avoidMoves !== undefined && allowMoves !== undefined)
    throw new Refusal('allowMoves', 'Give allowMoves or avoidMoves, not both');
  const players = (allowMoves ?? []).map(({ player }) => parseColor(player));
  if (new Set(players).size < players.length)
    throw new Refusal('allowMoves', 'Give one entry a player at most');
}

/** Reads the fields of a query whose `id` is known; the game is replayed to see that its moves are possible. */
export function parseQuery(id: string, input: Readonly<Record<string, unknown>>): ParsedQuery {
  const checked = checkFields(input);
  if (!checked.ok) return checked;
  const { fields } = checked;
  try {
    checkCombinations(fields);
    const priorities = readTurns(fields);
    const games = gamesAt(readGame(fields), [...priorities.keys()]);
    if (!games.ok) return games;
    const warnings = [
      ...unknownFields(input).map((field) => ({ id, field, warning: 'Unexpected or unused field' })),
      ...NOT_COMPUTED.filter((field) => fields[field] !== undefined && fields[field] !== false).map(
        (field) => ({ id, field, warning: 'Not supported by this engine, ignored' }),
      ),
    ];
    const query = {
      ...fields,
      id,
      turns: [...priorities].map(([turn, priority], i) => ({ turn, priority, game: games.games[i] })),
      avoidMoves: readRestrictions(fields, 'avoidMoves'),
      allowMoves: readRestrictions(fields, 'allowMoves'),
      overrideSettings: fields.overrideSettings ?? {},
    };
    return { ok: true, query, warnings };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, field: error.field, message: error.message };
  }
}
