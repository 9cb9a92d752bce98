/** Lines of the analysis protocol: what they say, and how wrong ones are refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLACK, WHITE } from '#engine/go/color.ts';
import { parseAnalysisLine, type AnalysisRequest } from '#engine/record/analysis-request.ts';
import type { AnalysisQuery } from '#engine/record/analysis-query.ts';
import { parseMove } from '#engine/record/coordinates.ts';

const BASE = { id: 'q', moves: [], rules: 'chinese', komi: 7, boardXSize: 9, boardYSize: 9 };

const ask = (fields: object): AnalysisRequest => parseAnalysisLine(JSON.stringify({ ...BASE, ...fields }));

function queryOf(fields: object): AnalysisQuery {
  const request = ask(fields);
  if (request.kind !== 'query') throw new Error(JSON.stringify(request));
  return request.query;
}

/** The field that is refused, and why. */
function refusal(fields: object): [field: string | undefined, message: string] {
  const request = ask(fields);
  if (request.kind !== 'error') throw new Error(JSON.stringify(request));
  expect(request.error.id).toBe('q');
  return [request.error.field, request.error.error];
}

const at = (name: string): number => parseMove(name, 9, 9) ?? -1;

describe('lines', () => {
  test('whatever a line holds, it is read as something', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (line) => {
        expect(['nothing', 'error', 'action', 'query']).toContain(parseAnalysisLine(line).kind);
      }),
      { numRuns: 2000 },
    );
  });

  test('whatever a field of a query holds, the refusal names that field or the query is good', () => {
    const names = Object.keys({
      boardXSize: 0,
      initialStones: 0,
      moves: 0,
      initialPlayer: 0,
      analyzeTurns: 0,
      priorities: 0,
      rules: 0,
      komi: 0,
      whiteHandicapBonus: 0,
      overrideSettings: 0,
      maxVisits: 0,
      analysisPVLen: 0,
      includePolicy: 0,
      reportDuringSearchEvery: 0,
      priority: 0,
      avoidMoves: 0,
      allowMoves: 0,
      '__proto__ ': 0,
    });
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.jsonValue(), (name, value) => {
        const request = ask({ [name]: value });
        if (request.kind === 'error') expect(request.error).toMatchObject({ id: 'q', field: name });
        else expect(request.kind).toBe('query');
      }),
      { numRuns: 2000 },
    );
  });

  test('an empty line says nothing, one that is no object with an id is refused without one', () => {
    expect(parseAnalysisLine('  \r').kind).toBe('nothing');
    for (const line of ['{', '[]', 'null', '3', '{}', '{"id":3}', '{"action":"query_version"}'])
      expect(parseAnalysisLine(line)).toEqual({ kind: 'error', error: { error: expect.any(String) } });
  });
});

describe('queries', () => {
  test('rules may say the komi, the komi of the query before them', () => {
    const rules = { ko: 'SIMPLE', komi: 0.5 };
    const komi = (fields: object): number => queryOf(fields).turns[0].game.rules.komi;
    expect(komi({ rules, komi: undefined })).toBe(0.5);
    expect(komi({ rules })).toBe(7);
    expect(refusal({ rules: { ...rules, kommi: 3 } })[0]).toBe('rules');
  });

  test('a query says which turns of which game', () => {
    const query = queryOf({
      initialStones: [
        ['B', 'C3'],
        ['w', '(6,2)'],
      ],
      moves: [
        ['W', 'E5'],
        ['black', 'pass'],
      ],
      analyzeTurns: [2, 0, 2],
      komi: 6.5,
    });
    expect(query.turns.map(({ turn, priority }) => [turn, priority])).toEqual([
      [0, 0],
      [2, 0],
    ]);
    expect(query.turns[1].game).toMatchObject({
      width: 9,
      height: 9,
      rules: { komi: 6.5, scoring: 'area', handicapBonus: 'n' },
      handicap: 0,
      setup: { black: [at('C3')], white: [at('G7')] },
      toPlay: WHITE,
      moves: [
        { color: WHITE, move: at('E5') },
        { color: BLACK, move: 81 },
      ],
    });
  });

  test('the last turn is looked at where none is named', () => {
    expect(queryOf({ moves: [['B', 'A1']] }).turns.map(({ turn }) => turn)).toEqual([1]);
  });

  test('who begins: the player named, else who moves first, else Black, or White after a handicap', () => {
    const toPlay = (fields: object): number => queryOf({ analyzeTurns: [0], ...fields }).turns[0].game.toPlay;
    const stones = [
      ['B', 'C3'],
      ['B', 'G7'],
    ];
    expect(toPlay({})).toBe(BLACK);
    expect(toPlay({ moves: [['W', 'A1']] })).toBe(WHITE);
    expect(toPlay({ initialPlayer: 'w' })).toBe(WHITE);
    expect(toPlay({ initialStones: stones })).toBe(WHITE);
    expect(toPlay({ initialStones: stones, initialPlayer: 'b' })).toBe(BLACK);
  });

  test('stones of one colour are a handicap, set up or played before White', () => {
    const points = ['C3', 'G7', 'G3'];
    const stones = points.map((name) => ['B', name]);
    const placed = queryOf({ initialStones: stones }).turns[0].game;
    const played = queryOf({ moves: [...stones, ['W', 'E5']], analyzeTurns: [1, 2, 3, 4] }).turns;
    expect(placed.handicap).toBe(3);
    expect(played.map(({ game }) => [game.handicap, game.moves.length])).toEqual([
      [0, 1],
      [2, 0],
      [3, 0],
      [3, 1],
    ]);
    expect(played[2].game).toEqual(placed);
  });

  test('rules are names or objects, komi the rules’ own where none is given', () => {
    const rules = (fields: object) => queryOf({ ...fields }).turns[0].game.rules;
    expect(rules({ rules: 'japanese', komi: undefined })).toMatchObject({ scoring: 'territory', komi: 6.5 });
    const object = { ko: 'SITUATIONAL', scoring: 'AREA', tax: 'SEKI', suicide: true, hasButton: false };
    expect(rules({ rules: object })).toMatchObject({
      ko: 'situational',
      tax: 'seki',
      suicide: true,
      komi: 7,
    });
    expect(rules({ whiteHandicapBonus: 'N-1' }).handicapBonus).toBe('n-1');
    expect(rules({ whiteHandicapBonus: 0 }).handicapBonus).toBe('none');
  });

  test('priorities are of one query or of each turn', () => {
    const moves = [['B', 'A1']];
    const of = (fields: object) => queryOf({ moves, ...fields }).turns.map(({ priority }) => priority);
    expect(of({ priority: -3, analyzeTurns: [0, 1] })).toEqual([-3, -3]);
    expect(of({ priorities: [5, 2 ** 60], analyzeTurns: [1, 0] })).toEqual([2 ** 60, 5]);
  });

  test('restrictions name a side, moves and a depth', () => {
    const entry = { player: 'W', moves: ['C3', 'pass'], untilDepth: 2 };
    const read = { color: WHITE, moves: [at('C3'), 81], untilDepth: 2 };
    expect(queryOf({ avoidMoves: [entry, entry] }).avoidMoves).toEqual([read, read]);
    expect(queryOf({ allowMoves: [entry] }).allowMoves).toEqual([read]);
  });

  test('rectangles and boards of 25 lines are read', () => {
    const wide = queryOf({ boardXSize: 25, boardYSize: 2, moves: [['B', 'Z2']] });
    expect(wide.turns[0].game.moves[0].move).toBe(24);
  });

  test('unknown fields, and those that ask for what is not computed, are warned of', () => {
    const request = ask({ maxVisit: 3, includeNoResultValue: true, includeOwnershipStdev: false });
    expect(request.kind === 'query' && request.warnings).toEqual([
      { id: 'q', field: 'maxVisit', warning: 'Unexpected or unused field' },
      { id: 'q', field: 'includeNoResultValue', warning: 'Not supported by this engine, ignored' },
    ]);
  });
});

describe('refusals name the field', () => {
  const entry = { player: 'B', moves: ['C3'], untilDepth: 1 };

  test('a game has at most 4096 moves, all turns of which can be looked at', () => {
    const moves = Array.from({ length: 4096 }, (_, ply) => ['BW'[ply % 2], 'pass']);
    const turns = [...Array(4097).keys()];
    expect(queryOf({ moves, analyzeTurns: turns }).turns).toHaveLength(4097);
    expect(refusal({ moves: [...moves, ['B', 'C3']] })).toEqual([
      'moves',
      'Give a list of at most 4096 [player, vertex] pairs such as ["B", "D4"]',
    ]);
  });

  test.each<[string, object]>([
    ['boardXSize', { boardXSize: 26 }],
    ['boardXSize', { boardXSize: 29, boardYSize: 29 }],
    ['boardYSize', { boardYSize: 1 }],
    ['boardXSize', { boardXSize: '9' }],
    ['moves', { moves: undefined }],
    ['moves', { moves: [['B']] }],
    ['moves', { moves: [['B', 'C3', 'D4']] }],
    ['moves', { moves: [['X', 'C3']] }],
    ['moves', { moves: [['B', 'I3']] }],
    ['moves', { moves: [['B', '(9,0)']] }],
    ['initialStones', { initialStones: [['B', 'pass']] }],
    ['initialPlayer', { initialPlayer: 'green' }],
    ['analyzeTurns', { analyzeTurns: [] }],
    ['analyzeTurns', { analyzeTurns: [1] }],
    ['analyzeTurns', { analyzeTurns: [-1] }],
    ['analyzeTurns', { analyzeTurns: [0.5] }],
    ['priorities', { priorities: [1] }],
    ['priorities', { priorities: [1, 2], analyzeTurns: [0] }],
    ['priority', { priorities: [1], analyzeTurns: [0], priority: 3 }],
    ['priority', { priority: 2 ** 63 }],
    ['rules', { rules: undefined }],
    ['rules', { rules: 'tennis' }],
    ['rules', { rules: { ko: 'NONE' } }],
    ['rules', { rules: 3 }],
    ['komi', { komi: 7.25 }],
    ['komi', { komi: 151 }],
    ['komi', { komi: '7' }],
    ['whiteHandicapBonus', { whiteHandicapBonus: 'M' }],
    ['overrideSettings', { overrideSettings: [] }],
    ['maxVisits', { maxVisits: 0 }],
    ['maxVisits', { maxVisits: 1.5 }],
    ['analysisPVLen', { analysisPVLen: 1001 }],
    ['rootFpuReductionMax', { rootFpuReductionMax: 3 }],
    ['rootPolicyTemperature', { rootPolicyTemperature: 0 }],
    ['includeOwnership', { includeOwnership: 1 }],
    ['reportDuringSearchEvery', { reportDuringSearchEvery: 0 }],
    ['avoidMoves', { avoidMoves: [{ ...entry, untilDepth: 0 }] }],
    ['avoidMoves', { avoidMoves: [{ ...entry, moves: ['I3'] }] }],
    ['allowMoves', { allowMoves: [entry, entry] }],
    ['allowMoves', { allowMoves: [entry], avoidMoves: [entry] }],
  ])('%s: %o', (field, fields) => {
    expect(refusal(fields)[0]).toBe(field);
  });

  test('an illegal move is counted from 0 and named, wherever the turns looked at end', () => {
    const moves = [
      ['B', 'A1'],
      ['W', 'A1'],
    ];
    expect(refusal({ moves, analyzeTurns: [0] })).toEqual(['moves', 'Illegal move 1: A1']);
  });

  test('stones without liberties are no start', () => {
    const stones = [
      ['B', 'A1'],
      ['W', 'A2'],
      ['W', 'B1'],
    ];
    expect(refusal({ initialStones: stones })[0]).toBe('initialStones');
  });
});

test('what is nested deeper than could be written is refused, wherever it stands', () => {
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  for (const field of ['action', 'rules', 'overrideSettings', 'moves', 'x'])
    expect(parseAnalysisLine(`{"id":"a","action":"query_version","${field}":${deep}}`)).toEqual({
      kind: 'error',
      error: { id: 'a', error: expect.stringContaining('64 deep') as string },
    });
});

describe('actions', () => {
  const action = (fields: object): AnalysisRequest =>
    parseAnalysisLine(JSON.stringify({ id: 'a', ...fields }));

  test('are read with what they end', () => {
    for (const name of ['query_version', 'query_models', 'clear_cache'])
      expect(action({ action: name, x: 1 })).toMatchObject({
        kind: 'action',
        action: { kind: name, echo: { id: 'a', action: name, x: 1 } },
      });
    expect(action({ action: 'terminate', terminateId: 'q', turnNumbers: [1, 2] })).toMatchObject({
      action: { kind: 'terminate', id: 'q', turns: [1, 2] },
    });
    expect(action({ action: 'terminate_all' })).toMatchObject({
      action: { kind: 'terminate', id: null, turns: null },
    });
  });

  test.each<[string, object]>([
    ['action', { action: 'dance' }],
    ['action', { action: 7 }],
    ['terminateId', { action: 'terminate' }],
    ['turnNumbers', { action: 'terminate', terminateId: 'q', turnNumbers: 3 }],
    ['turnNumbers', { action: 'terminate_all', turnNumbers: ['1'] }],
  ])('refused by %s: %o', (field, fields) => {
    expect(action(fields)).toMatchObject({ kind: 'error', error: { id: 'a', field } });
  });
});
