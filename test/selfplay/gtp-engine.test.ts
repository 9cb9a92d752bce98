/** The GTP engine, spoken to line by line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Position } from '#engine/go/position.ts';
import { playOut } from '#engine/search/playout-evaluator.ts';
import { makeRng } from '#engine/go/random.ts';
import { makeRules } from '#engine/go/rules.ts';
import { parseResponse } from '#engine/record/gtp.ts';
import { GtpEngine, type MoveSource } from '#selfplay/gtp-engine.ts';
import { serveGtp } from '#selfplay/gtp-serve.ts';

/** Playouts, as for a player without a net. */
const ownershipBlack = (position: Position): Promise<Float32Array> =>
  Promise.resolve(playOut(position, 400, 1).ownershipBlack);

/** Plays the first legal point that is not pass. */
const firstPoint: MoveSource = { genMove: (position) => Promise.resolve({ move: position.legalMoves()[0] }) };

function makeEngine(
  player: MoveSource = firstPoint,
  now: () => number = () => 0,
  errors: unknown[] = [],
): GtpEngine {
  const rules = makeRules('chinese', { komi: 7 });
  return new GtpEngine({
    player,
    name: 'Tengen',
    version: '1',
    size: 9,
    rules,
    rng: makeRng(1),
    now,
    ownershipBlack,
    onError: (error) => errors.push(error),
  });
}

/** The answers to the lines, without their final empty lines. */
async function talk(engine: GtpEngine, ...lines: string[]): Promise<string[]> {
  const answers: string[] = [];
  for (const line of lines) answers.push((await engine.handle(line))?.text.trimEnd() ?? '(nothing)');
  return answers;
}

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
  const engine = makeEngine();
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
  ['rectangular_boardsize 9', '? syntax error'],
  ['komi', '? syntax error'],
  ['komi Infinity', '? syntax error'],
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

test('colours may move out of turn, and the game may go on after two passes', async () => {
  const seen: number[] = [];
  const player: MoveSource = {
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
  expect(await talk(makeEngine(player), ...lines)).toEqual(['= A9', '= B9', '=', '=', '=', '=', '= C9']);
  expect(seen).toEqual([2, 2, 1]);
});

test('a rectangular board has its own columns and rows', async () => {
  const engine = makeEngine();
  expect(await talk(engine, 'rectangular_boardsize 5 3', 'play b E3', 'play w E4')).toEqual([
    '=',
    '=',
    '? syntax error',
  ]);
});

test("KataGo's commands read and set rules, and komi stays", async () => {
  const engine = makeEngine();
  await talk(engine, 'komi 5.5', 'kata-set-rules tromp-taylor');
  const rules: unknown = JSON.parse((await talk(engine, 'kata-get-rules'))[0].slice(2));
  expect(rules).toMatchObject({ ko: 'POSITIONAL', scoring: 'AREA', suicide: true, whiteHandicapBonus: '0' });
  expect((await talk(engine, 'showboard'))[0]).toContain('Komi 5.5, Tromp-Taylor rules');
});

test('the clock becomes a budget for each move, and time used is counted where nobody sends time_left', async () => {
  const budgets: (number | undefined)[] = [];
  let time = 0;
  const player: MoveSource = {
    genMove: (position, options) => {
      budgets.push(options.budgetMs);
      time += 5000;
      return firstPoint.genMove(position, options);
    },
  };
  const engine = makeEngine(player, () => time);
  await talk(
    engine,
    'genmove b',
    'time_settings 0 10 2',
    'genmove b',
    'genmove b',
    'time_left b 27.2 0',
    'genmove b',
  );
  expect(budgets[0]).toBeUndefined();
  expect(budgets[1]).toBe(4900); // (10 s - 0.2 s) / 2 stones
  expect(budgets[2]).toBe(4800); // (5 s - 0.2 s) / 1 stone
  expect(budgets[3]).toBe(1038); // 27 s over a third of 78 empty points
  await talk(engine, 'time_settings 0 10 0', 'genmove w');
  expect(budgets[4]).toBeUndefined();
});

test('a player that resigns or fails leaves the board as it is', async () => {
  const resigning = makeEngine({ genMove: () => Promise.resolve({ move: 'resign' }) });
  expect(await talk(resigning, 'genmove b', 'undo')).toEqual(['= resign', '? cannot undo']);
  const errors: unknown[] = [];
  const failing = makeEngine({ genMove: () => Promise.reject(new Error('no net')) }, () => 0, errors);
  expect(await talk(failing, '5 genmove b', 'play b D4')).toEqual(['?5 no net', '=']);
  expect(errors).toEqual([new Error('no net')]);
});

describe('loadsgf', () => {
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

test('the conversation ends at quit or at the end of the input, with everything before it answered', async () => {
  for (const [input, answers] of [
    ['1 name\n2 quit\n3 name\n', '=1 Tengen\n\n=2\n\n'],
    ['1 name\n\n2 name', '=1 Tengen\n\n=2 Tengen\n\n'],
  ]) {
    const output = new PassThrough();
    await serveGtp(makeEngine(), PassThrough.from([input]), output);
    output.end();
    expect(await readAll(output)).toBe(answers);
  }
});

test('whatever lines come, each command gets one well-formed answer with its number', async () => {
  const engine = makeEngine();
  const word = fc.oneof(
    fc.constantFrom(
      'b',
      'W',
      'D4',
      'pass',
      'A1',
      'C3',
      '9',
      '5',
      '0',
      '-1',
      '2.5',
      'dead',
      'alive',
      '26',
      '1e9',
      'NZ',
    ),
    fc.string({ maxLength: 4 }),
  );
  const names = (await talk(engine, 'list_commands'))[0].slice(2).split('\n');
  // final_score and final_status_list run playouts: slow, and covered above.
  const quick = names.filter((name) => !name.startsWith('final_'));
  const name = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...quick) }, fc.string({ maxLength: 8 }));
  const line = fc
    .tuple(fc.option(fc.nat(), { nil: '' }), name, fc.array(word, { maxLength: 4 }))
    .map(([id, command, args]) => [id, command, ...args].join(' '));
  await fc.assert(
    fc.asyncProperty(line, async (text) => {
      const reply = await engine.handle(text);
      if (reply === null) return;
      expect(parseResponse(reply.text)).not.toBeNull();
      expect(reply.text).toMatch(/^[=?]\d*( [\s\S]*)?\n\n$/);
      expect(reply.text).not.toContain('internal');
    }),
    { numRuns: 3000 },
  );
});
