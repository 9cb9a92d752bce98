/** The GTP engine, spoken to line by line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WHITE } from '#engine/go/color.ts';
import type { Position } from '#engine/go/position.ts';
import { whiteBonus } from '#engine/go/scoring.ts';
import { parseMove } from '#engine/record/coordinates.ts';
import { playOut } from '#engine/search/playout-evaluator.ts';
import { makeRng } from '#engine/go/random.ts';
import type { GtpEngineOptions } from '#selfplay/gtp-session.ts';
import { gameOf, positionOf } from '#selfplay/search-game.ts';
import { firstPoint, makeEngine, searcher, talk } from './gtp-helpers.ts';

test('a transcript of the administrative commands', async () => {
  const engine = makeEngine();
  const lines = [
    '1 protocol_version',
    'name',
    '# hello',
    '2 known_command genmove',
    'known_command x',
    '9 x',
    'version',
  ];
  expect(await talk(engine, ...lines)).toEqual([
    '=1 2',
    '= Tengen',
    '(nothing)',
    '=2 true',
    '= false',
    '?9 unknown command',
    '= 1',
  ]);
  const names = (await talk(engine, 'list_commands'))[0].slice(2).split('\n');
  for (const name of names) expect(await talk(engine, `known_command ${name}`)).toEqual(['= true']);
});

test('a game is played, shown, taken back and scored', async () => {
  const lines = ['boardsize 3', 'clear_board', 'komi 0', 'play b B2', 'play w B2', 'play w A1', 'genmove b'];
  const ownershipBlack = (position: Position): Promise<Float32Array> =>
    Promise.resolve(playOut(position, 400, 1).ownershipBlack);
  const engine = makeEngine({ ownershipBlack });
  expect(await talk(engine, ...lines)).toEqual(['=', '=', '=', '=', '? illegal move', '=', '= A3']);
  expect(await talk(engine, 'undo', 'showboard')).toEqual([
    '=',
    [
      '= ',
      '    A B C',
      '  3 . . . 3',
      '  2 . X . 2',
      '  1(O). . 1',
      '    A B C',
      'Black to play. Black has captured 0, White 0. Komi 0, Chinese rules.',
    ].join('\n'),
  ]);
  expect(
    await talk(engine, 'final_status_list dead', 'final_status_list alive', 'final_status_list seki'),
  ).toEqual(['= A1', '= B2', '=']);
  expect(await talk(engine, 'final_score', 'undo', 'undo', 'undo')).toEqual([
    '= B+9',
    '=',
    '=',
    '? cannot undo',
  ]);
});

test.each([
  ['boardsize', '? syntax error'],
  ['boardsize x', '? syntax error'],
  ['boardsize 26', '? unacceptable size'],
  ['boardsize 1', '? unacceptable size'],
  ['boardsize 9 9 9', '? syntax error'],
  ['boardsize 9:9 9', '? syntax error'],
  ['boardsize 9:', '? syntax error'],
  ['rectangular_boardsize 9 26', '? unacceptable size'],
  ['komi', '? syntax error'],
  ['komi Infinity', '? syntax error'],
  ['komi 1e999', '? syntax error'],
  ['komi 1e', '? syntax error'],
  ['play', '? syntax error'],
  ['play b', '? syntax error'],
  ['play b Z9', '? syntax error'],
  ['play red D4', '? syntax error'],
  ['genmove', '? syntax error'],
  ['undo', '? cannot undo'],
  ['fixed_handicap 1', '? invalid number of stones'],
  ['fixed_handicap 10', '? invalid number of stones'],
  ['set_free_handicap D4', '? bad vertex list'],
  ['set_free_handicap D4 D4', '? bad vertex list'],
  ['set_free_handicap D4 pass', '? bad vertex list'],
  ['time_settings 1 2', '? syntax error'],
  ['time_left b', '? syntax error'],
  ['final_status_list', '? syntax error'],
  ['loadsgf', '? syntax error'],
  ['loadsgf /no/such/file.sgf', '? cannot load file: /no/such/file.sgf cannot be read (ENOENT)'],
  ['kata-set-rules house', "? unknown rules 'house'"],
])('%j is refused with %j', async (line, answer) => {
  expect(await talk(makeEngine(), line)).toEqual([answer]);
});

test('handicap stones are placed on an empty board only, and White moves next', async () => {
  const engine = makeEngine();
  expect(await talk(engine, 'fixed_handicap 2', 'fixed_handicap 2')).toEqual([
    '= C3 G7',
    '? board not empty',
  ]);
  const lines = ['clear_board', 'place_free_handicap 30', 'clear_board', 'set_free_handicap A1 B1 C1'];
  expect(await talk(engine, ...lines)).toEqual(['=', '= C3 G7 C7 G3 C5 G5 E3 E7 E5', '=', '=']);
  expect((await talk(engine, 'showboard'))[0]).toContain('1 X X X . . . . . . 1');
  expect((await talk(engine, 'showboard'))[0]).toContain('White to play');
  expect(await talk(engine, 'play w A2', 'play b B2')).toEqual(['=', '=']);
});

test('stones with which Black begins are a handicap, as set ones are, in searches, scores and the record', async () => {
  const seen: Position[] = [];
  const player: GtpEngineOptions['player'] = {
    genMove: (position, options) => {
      seen.push(position);
      return firstPoint.genMove(position, options);
    },
  };
  const engine = makeEngine({ player });
  const set = ['clear_board', 'set_free_handicap C3 G7', 'final_score', 'printsgf'];
  const [, , score, sgf] = await talk(engine, ...set);
  expect(sgf).toContain('HA[2]AB[cg][gc]PL[W]');
  const played = ['clear_board', 'play b C3', 'final_score', 'play b G7', 'final_score', 'printsgf'];
  const [, , one, , two, record] = await talk(engine, ...played);
  expect([one, two, record]).toEqual(['= B+74', score, sgf]);
  await talk(engine, 'reg_genmove w', 'play w A1', 'play b A2', 'play b B1');
  expect(seen.map(({ handicap, toPlay }) => [handicap, toPlay])).toEqual([[2, 2]]);
  // After White's move nothing more is a handicap, and taking stones back takes it back.
  expect((await talk(engine, 'printsgf'))[0]).toContain('HA[2]AB[cg][gc]PL[W];W[ai];B[ah];B[bi]');
  expect(await talk(engine, 'undo', 'undo', 'undo', 'undo', 'final_score')).toEqual([
    ...Array(4).fill('='),
    one,
  ]);
});

test('stones that set up a position, many of Black and then many of White, are no handicap; taken back they are', async () => {
  const column = (color: string, letter: string): string[] =>
    [1, 2, 3, 4, 5].map((row) => `play ${color} ${letter}${row}`);
  const engine = makeEngine();
  await talk(engine, 'boardsize 5', 'komi 0', ...column('b', 'B'), ...column('w', 'D'));
  const [score, sgf] = await talk(engine, 'final_score', 'printsgf');
  expect(score).toBe('= 0');
  expect(sgf).not.toContain('HA[');
  // Ten points against White's one stone and five for the handicap.
  await talk(engine, 'undo', 'undo', 'undo', 'undo');
  expect(await talk(engine, 'final_score', 'play w D2', 'undo', 'final_score')).toEqual([
    '= B+4',
    '=',
    '=',
    '= B+4',
  ]);
  expect((await talk(engine, 'printsgf'))[0]).toContain('HA[5]');
});

test('set_position replaces the game by stones, or leaves it where they are impossible', async () => {
  const engine = makeEngine();
  const lines = ['boardsize 3', 'play b C3', 'set_position w A1 b B2 W C1', 'undo', 'play b A3', 'showboard'];
  const answers = await talk(engine, ...lines);
  expect(answers.slice(0, -1)).toEqual(['=', '=', '=', '? cannot undo', '=']);
  const board = answers.at(-1);
  for (const row of ['3(X). . 3', '2 . X . 2', '1 O . O 1']) expect(board).toContain(row);
  const impossible = '? illegal position: a stone on another, or without liberties';
  expect(
    await talk(
      engine,
      'set_position b A1 w A1',
      'set_position b A1 b A1',
      'set_position w A1 b A2 b B1',
      'set_position b',
      'set_position b pass',
      'set_position A1',
      'showboard',
    ),
  ).toEqual([...Array(3).fill(impossible), ...Array(3).fill('? syntax error'), board]);
  await talk(engine, 'set_position b A1 b B1');
  expect((await talk(engine, 'printsgf'))[0]).toContain('HA[2]AB[ac][bc]PL[B]');
  expect(await talk(engine, 'set_position', 'printsgf')).toEqual([
    '=',
    expect.not.stringContaining('AB') as string,
  ]);
});

/** Black takes C3 by D3; White's C3 would take it back at once. */
const KO = ['b C4', 'w D4', 'b B3', 'w E3', 'b C2', 'w D2', 'b A1', 'w C3', 'b D3'].map(
  (move) => `play ${move}`,
);

test('after a move against superko the engine does not answer against it', async () => {
  const engine = makeEngine({
    player: {
      genMove: (position) => {
        const d4 = parseMove('D4', 9, 9) ?? -1;
        return Promise.resolve({ move: position.isLegal(d4) ? d4 : position.passMove });
      },
    },
  });
  const moves = ['b D5', 'w E5', 'b C4', 'w F4', 'b D3', 'w E3', 'b E4', 'w D4', 'b pass', 'w pass', 'b E4'];
  const answers = await talk(
    engine,
    'kata-set-rules tromp-taylor',
    ...moves.map((move) => `play ${move}`),
    'genmove w',
  );
  expect(answers).toEqual([...Array<string>(12).fill('='), '= pass']);
});

test('a move that ko or the ban on suicide forbids is played, and undone; one that no rules allow is not', async () => {
  const engine = makeEngine();
  const ko = await talk(engine, ...KO, 'play w C3', 'play b A5', 'play w D3', 'showboard');
  expect(ko.slice(0, -1)).toEqual(Array(12).fill('='));
  expect(ko.at(-1)).toContain('Black has captured 1, White 1. Komi 7, Chinese rules.');
  expect((await talk(engine, 'printsgf'))[0]).toMatch(/;W\[cg\];B\[dg\]\s*;W\[cg\];B\[ae\];W\[dg\]\)$/);
  expect(await talk(engine, 'undo', 'undo', 'undo', 'play w B5', 'play b C3', 'undo', 'get_komi')).toEqual([
    '=',
    '=',
    '=',
    '=',
    '=',
    '=',
    '= 7',
  ]);
  const corner = [
    'boardsize 5',
    'play w A3',
    'play w B2',
    'play w B1',
    'play b A1',
    'play b A2',
    'showboard',
  ];
  expect((await talk(engine, ...corner)).at(-1)).toContain('1 . O . . . 1');
  const single = ['boardsize 5', 'play w A2', 'play w B1', 'play b A1', 'play w B1'];
  expect(await talk(engine, ...single)).toEqual(['=', '=', '=', '? illegal move', '? illegal move']);
});

test.each([
  ['ko', KO, 'C3', 'G8'],
  ['the ban on suicide', ['b A2', 'b B1', 'w B2', 'w A3', 'w C1'].map((move) => `play ${move}`), 'A1', 'G7'],
])('after a move against %s the number of moves and the handicap go on', async (_, lines, point, stone) => {
  const seen: Position[] = [];
  const player: GtpEngineOptions['player'] = {
    genMove: (position, options) => {
      // As a thread gets it.
      seen.push(positionOf(gameOf(position)));
      return firstPoint.genMove(position, options);
    },
  };
  const engine = makeEngine({ player });
  const color = point === 'A1' ? 'b' : 'w';
  await talk(engine, 'set_free_handicap H2 H8', ...lines, `play ${color} ${point}`, `play b ${stone}`);
  await talk(engine, 'genmove w');
  expect(seen).toMatchObject([{ handicap: 2, moveNumber: lines.length + 2, toPlay: WHITE }]);
  expect(whiteBonus(seen[0].rules, seen[0].handicap)).toBe(9);
});

test('prisoners taken before a move against the rules stay in the score', async () => {
  const engine = makeEngine();
  await talk(engine, 'boardsize 5', 'kata-set-rules japanese', ...KO, 'play b A5', 'play w E5', 'play w C3');
  const legal = (await talk(engine, 'final_score'))[0];
  await talk(engine, 'clear_board', ...KO, 'play w C3', 'play b A5', 'play w E5');
  expect(await talk(engine, 'final_score')).toEqual([legal]);
});

test('rules may change whatever was played', async () => {
  const engine = makeEngine();
  const single = ['boardsize 5', 'kata-set-rules new-zealand', 'play w A2', 'play w B1', 'play b A1'];
  expect(await talk(engine, ...single)).toEqual(Array(5).fill('='));
  await talk(engine, 'play w C3');
  const before = await talk(engine, 'showboard');
  for (const rules of ['chinese', 'tromp-taylor', 'new-zealand'])
    expect(await talk(engine, `kata-set-rules ${rules}`)).toEqual(['=']);
  expect((await talk(engine, 'showboard'))[0].split('\n').slice(0, -1)).toEqual(
    before[0].split('\n').slice(0, -1),
  );
});

test('colours may move out of turn, and the game may go on after two passes', async () => {
  const seen: number[] = [];
  const player: GtpEngineOptions['player'] = {
    genMove: (position) => {
      seen.push(position.toPlay);
      return firstPoint.genMove(position, { rng: makeRng(0) });
    },
  };
  const lines = [
    'genmove w',
    'genmove w',
    'play b pass',
    'play w pass',
    'play b D4',
    'play b E4',
    'genmove b',
  ];
  expect(await talk(makeEngine({ player }), ...lines)).toEqual(['= A9', '= B9', '=', '=', '=', '=', '= C9']);
  expect(seen).toEqual([2, 2, 1]);
});

test.each(['rectangular_boardsize 5 3', 'boardsize 5 3', 'boardsize 5:3'])(
  'after %j columns and rows are different',
  async (line) => {
    expect(await talk(makeEngine(), line, 'play b E3', 'play w E4')).toEqual(['=', '=', '? syntax error']);
  },
);

test('numbers may have exponents', async () => {
  expect(await talk(makeEngine(), 'komi -5.5E-1', 'get_komi', 'komi 1e1', 'get_komi')).toEqual([
    '=',
    '= -0.55',
    '=',
    '= 10',
  ]);
});

test('komi that no record may have is refused', async () => {
  const lines = ['komi 150', 'komi 150.5', 'komi -375', 'komi 1e9', 'get_komi', 'komi -150'];
  const refused = '? unacceptable komi';
  expect(await talk(makeEngine(), ...lines)).toEqual(['=', refused, refused, refused, '= 150', '=']);
});

test("KataGo's commands read and set rules, and komi stays", async () => {
  const engine = makeEngine();
  await talk(engine, 'komi 5.5', 'kata-set-rules tromp-taylor');
  const rules: unknown = JSON.parse((await talk(engine, 'kata-get-rules'))[0].slice(2));
  expect(rules).toMatchObject({ ko: 'POSITIONAL', scoring: 'AREA', suicide: true, whiteHandicapBonus: '0' });
  expect((await talk(engine, 'showboard'))[0]).toContain('Komi 5.5, Tromp-Taylor rules');
  expect(await talk(engine, 'get_komi', 'kata-set-rule suicide false', 'kata-set-rule ko simple')).toEqual([
    '= 5.5',
    '=',
    '=',
  ]);
  expect(JSON.parse((await talk(engine, 'kata-get-rules'))[0].slice(2))).toEqual({
    ...(rules as object),
    ko: 'SIMPLE',
    suicide: false,
  });
  expect(await talk(engine, 'kata-set-rule ko x', 'kata-set-rule x 1', 'kata-set-rule suicide 1')).toEqual([
    "? unknown value 'x' of rule 'ko'",
    "? unknown rule 'x'",
    "? '1' is neither true nor false",
  ]);
  expect(await talk(engine, 'kata-set-rule friendlyPassOk true', 'kata-set-rule friendlyPassOk 1')).toEqual([
    '=',
    "? '1' is neither true nor false",
  ]);
  expect(await talk(engine, 'kata-set-rules {"komi":3}', 'kata-set-rules {"kommi":3}')).toEqual([
    '? unknown rules \'{"komi":3}\'',
    '? unknown rules \'{"kommi":3}\'',
  ]);
  expect(await talk(engine, 'kgs-rules chinese', 'kgs-rules toString')).toEqual([
    '=',
    "? unknown rules 'toString'",
  ]);
  expect((await talk(engine, 'kata-get-rules'))[0]).toContain('"ko":"POSITIONAL"');
});

test('names of rules and of time settings are the same in capitals', async () => {
  const engine = makeEngine();
  expect(
    await talk(
      engine,
      'kata-set-rules tromp-taylor',
      'kgs-rules Japanese',
      'kgs-time_settings BYOYOMI 10 10 1',
      'kata-time_settings Byo-Yomi 10 10 1',
      'kata-time_settings Fischer-Capped 10 1 20 5',
    ),
  ).toEqual(Array(5).fill('='));
  expect((await talk(engine, 'kata-get-rules'))[0]).toContain('"scoring":"TERRITORY"');
});

/** Plays the first point, and keeps the time that it is given for it. */
const keeping =
  (
    budgets: (number | undefined)[],
    onMove: () => void = () => undefined,
  ): GtpEngineOptions['player']['genMove'] =>
  (position, options) => {
    budgets.push(options.budgetMs);
    onMove();
    return firstPoint.genMove(position, options);
  };

test('the clock becomes a budget for each move, and time used is counted where nobody sends time_left', async () => {
  const budgets: (number | undefined)[] = [];
  let time = 0;
  const player: GtpEngineOptions['player'] = {
    genMove: keeping(budgets, () => (time += 5000)),
  };
  const engine = makeEngine({ player, now: () => time });
  await talk(
    engine,
    'genmove b',
    'time_settings 0 10 2',
    'genmove b',
    'genmove b',
    'time_left b 200.5 0',
    'genmove b',
  );
  expect(budgets[0]).toBeUndefined();
  expect(budgets[1]).toBe(4650); // 10 s / 2 stones - 0.2 s - 0.15 s before there was a move
  expect(budgets[2]).toBe(4450); // 5 s / 1 stone - 0.2 s - the 0.35 s that the last move took longer
  expect(budgets[3]).toBe(6961); // 200.5 s over a third of 78 empty points - 0.2 s - 0.55 s
  await talk(engine, 'time_settings 0 10 0', 'genmove w');
  expect(budgets[4]).toBeUndefined();
});

test('as much of the clock is kept back for the way of a move as is said', async () => {
  const budgets: (number | undefined)[] = [];
  const player: GtpEngineOptions['player'] = {
    genMove: keeping(budgets),
  };
  await talk(makeEngine({ player, lagMs: 1000 }), 'time_settings 0 5 1', 'genmove b');
  expect(budgets).toEqual([3850]);
});

test('of a period of one second a third is kept back before anything is known of how long moves overrun', async () => {
  let budget: number | undefined;
  const player: GtpEngineOptions['player'] = {
    genMove: (position, options) => {
      budget = options.budgetMs;
      return firstPoint.genMove(position, options);
    },
  };
  await talk(makeEngine({ player }), 'time_settings 0 1 1', 'genmove b');
  expect(budget).toBeLessThan(667);
});

test.each([
  ['kgs-time_settings byoyomi 270 10 0', 'absolute'],
  ['kgs-time_settings canadian 270 0 0', 'absolute'],
  ['kgs-time_settings canadian 270 0 5', 'absolute'],
  ['kgs-time_settings canadian 270 10 0', 'no limit'],
  ['kgs-time_settings canadian 0 10 0', 'no limit'],
])('%j is %s', async (line, kind) => {
  const budgets: (number | undefined)[] = [];
  const player: GtpEngineOptions['player'] = {
    genMove: keeping(budgets),
  };
  for (const settings of ['kgs-time_settings absolute 270', line])
    await talk(makeEngine({ player }), settings, 'genmove b');
  expect(budgets[1]).toBe(kind === 'absolute' ? budgets[0] : undefined);
});

test('the clock runs while pondering ends', async () => {
  const budgets: (number | undefined)[] = [];
  let time = 0;
  const player: typeof searcher = {
    genMove: keeping(budgets),
    analyse: (position, options) =>
      new Promise((resolve) =>
        options.stop?.addEventListener('abort', () => {
          time += 300;
          resolve(searcher.analyse(position, options));
        }),
      ),
  };
  const engine = makeEngine({ player, ponders: true, now: () => time });
  await talk(engine, 'time_settings 0 10 1', 'genmove b', 'genmove w', 'name');
  expect(budgets).toEqual([9650, 9365]); // less the 0.3 s, and with 0.015 s more as no move has overrun
});

test('the clock of a move runs while the analysis that its command ends takes a while to end, and not before', async () => {
  const budgets: (number | undefined)[] = [];
  let time = 0;
  const player: GtpEngineOptions['player'] = {
    genMove: keeping(budgets),
    analyse: (position, options) => {
      time += 1500;
      return searcher.analyse(position, options);
    },
  };
  const engine = makeEngine({ player, now: () => time });
  // The next line is there when the analysis begins.
  await talk(engine, 'time_settings 0 10 1', 'kata-analyze', 'genmove b');
  // An empty line ends it; the command comes later.
  await talk(engine, 'time_left b 10 1', 'kata-analyze', '', 'genmove b');
  expect(budgets).toEqual([8150, 9665]);
});

test.each([
  ['kgs-time_settings none', '='],
  ['kgs-time_settings byoyomi 30 10 3', '='],
  ['kgs-time_settings canadian 30.5 10 3', '='],
  ['kgs-time_settings fischer 30 10', "? unknown time settings 'fischer'"],
  ['kata-time_settings fischer 30 10', '='],
  ['kata-time_settings fischer-capped 30 10 -1 5', '='],
  ['kata-time_settings fischer-capped 30 10 20 5', '? syntax error'],
  ['kata-time_settings byo-yomi 30 10', '? syntax error'],
  ['kata-time_settings byo-yomi 30 10 0', '='],
  ['kata-time_settings absolute', '? syntax error'],
  ['kata-time_settings', '? syntax error'],
  ['kata-list_time_settings', '= none absolute byoyomi canadian fischer fischer-capped'],
])('%j is answered with %j', async (line, answer) => {
  expect(await talk(makeEngine(), line)).toEqual([answer]);
});

test.each(['reg_genmove', 'kata-search'])(
  '%s shows a move and leaves the board, and the time thought is told',
  async (search) => {
    let time = 0;
    const engine = makeEngine({ now: () => (time += 1500) });
    expect(await talk(engine, `${search} w`, 'genmove b', 'undo', 'undo', 'cputime')).toEqual([
      '= A9',
      '= A9',
      '=',
      '? cannot undo',
      '= 3.000',
    ]);
  },
);

test('the record of the game is printed, and read back as the same game', async () => {
  const engine = makeEngine();
  const [, , , sgf] = await talk(engine, 'boardsize 5', 'play b B2', 'play b pass', 'printsgf');
  expect(sgf).toContain('SZ[5]RU[Chinese]KM[7]PL[B];B[bd];B[]');
});

test('the record is written to a file where one is named, or the answer says why not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tengen-'));
  try {
    const file = join(folder, 'my game.sgf');
    const [, written, sgf, dash] = await talk(
      makeEngine(),
      'play b D4',
      `printsgf ${file}`,
      'printsgf',
      'printsgf -',
    );
    expect([written, dash, `= ${readFileSync(file, 'utf8')}`.trimEnd()]).toEqual(['=', sgf, sgf]);
    expect(await talk(makeEngine(), `printsgf ${folder}`)).toEqual([
      `? cannot write file: ${folder} (this is not a file)`,
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a player that resigns or fails leaves the board as it is', async () => {
  const resigning = makeEngine({ player: { genMove: () => Promise.resolve({ move: 'resign' }) } });
  expect(await talk(resigning, 'genmove b', 'undo')).toEqual(['= resign', '? cannot undo']);
  const errors: unknown[] = [];
  const failing = makeEngine({
    player: { genMove: () => Promise.reject(new Error('no net')) },
    onError: (error) => errors.push(error),
  });
  expect(await talk(failing, '5 genmove b', 'play b D4')).toEqual(['?5 no net', '=']);
  expect(errors).toEqual([new Error('no net')]);
});

describe('loadsgf', () => {
  test('leaves rules and komi that the file does not say', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'tengen-')), 'a.sgf');
    try {
      const engine = makeEngine();
      await talk(engine, 'kata-set-rules japanese', 'komi 0.5');
      for (const [said, shown] of [
        ['', 'Komi 0.5, Japanese rules'],
        ['RU[house]', 'Komi 0.5, Japanese rules'],
        ['KM[6]', 'Komi 6, Japanese rules'],
        ['RU[AGA]', 'Komi 6, AGA rules'],
      ]) {
        writeFileSync(file, `(;SZ[5]${said};B[aa])`);
        expect(await talk(engine, `loadsgf ${file}`)).toEqual(['=']);
        expect((await talk(engine, 'showboard'))[0]).toContain(shown);
      }
    } finally {
      rmSync(dirname(file), { recursive: true });
    }
  });

  test.each([
    ['HA[2]AB[aa][bb];W[ee]', 2],
    // As KataGo reads it: what counts is what stands there.
    ['AB[aa][bb];W[ee]', 2],
    ['HA[3]AB[aa][bb];W[ee]', 2],
    ['HA[2]AB[aa][bb]AW[cc];B[ee]', 0],
    ['HA[2];B[aa];B[bb];W[ee]', 2],
    ['AB[aa];W[ee]', 0],
  ])('of %j the handicap is %i', async (nodes, handicap) => {
    const file = join(mkdtempSync(join(tmpdir(), 'tengen-')), 'handicap.sgf');
    try {
      writeFileSync(file, `(;SZ[5]${nodes})`);
      const engine = makeEngine();
      await talk(engine, `loadsgf ${file}`);
      const [sgf] = await talk(engine, 'printsgf');
      expect(/HA\[(\d)\]/.exec(sgf)?.[1] ?? '0').toBe(`${handicap}`);
      // Chinese rules: as many points for White.
      const [score, , even] = await talk(
        engine,
        'final_score',
        'kata-set-rule whiteHandicapBonus 0',
        'final_score',
      );
      const points = (text: string): number => Number(text.slice(4)) * (text.startsWith('= W') ? 1 : -1);
      expect(points(score) - points(even)).toBe(handicap);
    } finally {
      rmSync(dirname(file), { recursive: true });
    }
  });

  test('plays the moves that the rules of the file forbid', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'tengen-')), 'ko.sgf');
    try {
      const engine = makeEngine();
      await talk(engine, ...KO, 'play w C3', 'play b A5');
      const [sgf] = await talk(engine, 'printsgf');
      writeFileSync(file, sgf.slice(2));
      expect(await talk(engine, 'clear_board', `loadsgf ${file}`, 'printsgf')).toEqual(['=', '=', sgf]);
    } finally {
      rmSync(dirname(file), { recursive: true });
    }
  });

  test('sets up the board before the given move, and keeps the game where the file is bad', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tengen-'));
    try {
      const [good, bad] = [join(folder, 'my game.sgf'), join(folder, 'b.sgf')];
      writeFileSync(good, '(;SZ[5]KM[3]AB[aa];W[bb];B[cc];W[dd])');
      writeFileSync(bad, '(;SZ[5]\nB[');
      const engine = makeEngine();
      expect(await talk(engine, `loadsgf ${good} 3`)).toEqual(['=']);
      const [board] = await talk(engine, 'showboard');
      expect(board).toContain('5 X . . . . 5');
      expect(board).toContain('3 . .(X). . 3');
      expect(board).toContain('2 . . . . . 2');
      expect(await talk(engine, `loadsgf ${bad}`)).toEqual([expect.stringContaining('line 2, column 2')]);
      writeFileSync(bad, Buffer.alloc(3 * 2 ** 20));
      expect(await talk(engine, `loadsgf ${folder}`, `loadsgf ${bad}`)).toEqual([
        `? cannot load file: ${folder} is not a file`,
        `? cannot load file: ${bad} is larger than 2 MiB`,
      ]);
      expect(await talk(engine, 'showboard')).toEqual([board]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
