/** The commands that tell what the search thinks. */
import { basename } from 'node:path';
import { PassThrough } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import type { RawOpinion } from '#nets/inference/raw-opinion.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { serveGtp } from '#selfplay/gtp-serve.ts';
import { kataModels } from '#selfplay/kata-models.ts';
import { MAX_VISITS, type GenMoveOptions } from '#selfplay/player.ts';
import { MODEL, answerTo, firstPoint, makeEngine, makeFullEngine, searcher, talk } from './gtp-helpers.ts';

/** The engine's player, and what its searches were asked for. */
function watched(): { player: typeof searcher; asked: GenMoveOptions[] } {
  const asked: GenMoveOptions[] = [];
  const player: typeof searcher = {
    genMove: (position, options) => {
      asked.push(options);
      return searcher.genMove(position, options);
    },
    analyse: (position, options) => {
      asked.push(options);
      return searcher.analyse(position, options);
    },
  };
  return { player, asked };
}

test('lz-analyze tells moves in ten-thousandths', async () => {
  const engine = makeFullEngine();
  await talk(engine, 'boardsize 3');
  expect(await answerTo(engine, '7 lz-analyze b 50 maxmoves 2')).toBe(
    [
      '=7',
      'info move A3 visits 9 winrate 6250 prior 1000 lcb 5000 order 0 pv A3 pass ' +
        'info move B3 visits 4 winrate 6094 prior 1000 lcb 4844 order 1 pv B3 pass',
    ].join('\n'),
  );
});

test('kata-analyze tells what KataGo does, from the side of the colour asked for', async () => {
  const engine = makeFullEngine();
  await talk(engine, 'boardsize 2', 'play b A1');
  const line = 'kata-analyze w 10 maxmoves 1 ownership true pvVisits true rootInfo true ownershipStdev true';
  expect(await answerTo(engine, line)).toBe(
    [
      '=',
      [
        'info move A2 visits 9 edgeVisits 9 utility -0.25 winrate 0.375 scoreMean -2.5 scoreStdev 8.0',
        'scoreLead -2.5 scoreSelfplay -2.5 prior 0.25 lcb 0.25 utilityLcb -0.5 weight 1.0 order 0 pv A2 pass',
        'pvVisits 2 1',
        'rootInfo visits 20 utility -0.25 winrate 0.375 scoreMean -2.5 scoreStdev 8.0 scoreLead -2.5',
        'scoreSelfplay -2.5 weight 20.0',
        'ownership 0.0 0.0 -1.0 0.0',
      ].join(' '),
    ].join('\n'),
  );
});

test('with minmoves unvisited moves are told of, likeliest first', async () => {
  const engine = makeFullEngine();
  await talk(engine, 'boardsize 3');
  const answer = (await answerTo(engine, 'kata-analyze interval 10 minmoves 5')) ?? '';
  const moves = [...answer.matchAll(/info move (\S+) visits (\d+).*?order (\d+)/g)].map((found) =>
    found.slice(1).join(' '),
  );
  expect(moves).toEqual(['A3 9 0', 'B3 4 1', 'C3 2 2', 'A2 0 3', 'B2 0 4']);
});

test('of moves that a symmetry makes equal the search told one, and the engine tells all', async () => {
  const search = { visits: 2, parameters: NET_SEARCH };
  const player: typeof searcher = {
    ...searcher,
    analyse: (position, options) => searcher.analyse(position, { ...options, visits: 2 }),
  };
  const engine = makeFullEngine({ search, player });
  await talk(engine, 'boardsize 2', 'play b A1');
  const told = [...((await answerTo(engine, 'kata-analyze 10')) ?? '').matchAll(/move (\S+).*?pv (\S+)/g)];
  expect(told.map((match) => match.slice(1))).toEqual([
    ['A2', 'A2'],
    ['B1', 'B1'],
  ]);
  expect(await answerTo(engine, 'kata-analyze 10')).toContain('isSymmetryOf A2 order 1');
});

test('the ownership after each move is told where the search knows it', async () => {
  const player: typeof searcher = {
    ...searcher,
    analyse: (position, options) =>
      searcher.analyse(position, {
        ...options,
        onReport: (analysis) => {
          expect(options.parameters).toMatchObject({ treeOwnership: true, movesOwnership: true });
          const moves = analysis.moves.map((info) => ({ ...info, ownershipBlack: analysis.ownershipBlack }));
          options.onReport?.({ ...analysis, moves });
        },
      }),
  };
  const engine = makeFullEngine({ player });
  await talk(engine, 'boardsize 2', 'play b A1');
  expect(await answerTo(engine, 'kata-analyze w 10 maxmoves 1 movesOwnership true')).toMatch(
    /pv A2 pass movesOwnership 0\.0 0\.0 -1\.0 0\.0$/,
  );
});

test('once ownership is asked for every search keeps it, so that moves go on from analyses', async () => {
  const { player, asked } = watched();
  const engine = makeFullEngine({ player });
  await talk(engine, 'kata-analyze 10', 'kata-analyze 10 ownership true', 'genmove b', 'lz-analyze 10');
  const kept = asked.map(({ parameters }) => parameters?.treeOwnership ?? false);
  expect(kept).toEqual([false, true, true, true]);
});

test('analysisWideRootNoise is for analyses, on a tree of their own, and never for moves', async () => {
  const { player, asked } = watched();
  const engine = makeFullEngine({ player });
  const set = 'kata-set-param analysisWideRootNoise';
  expect(await talk(engine, `${set} 5.1`, `${set} 0.04`, 'kata-get-param analysisWideRootNoise')).toEqual([
    "? '5.1' is out of the range of 'analysisWideRootNoise'",
    '=',
    '= 0.04',
  ]);
  await talk(
    engine,
    'kata-analyze 10',
    'kata-genmove_analyze b 10',
    'genmove w',
    `${set} 0`,
    'lz-analyze 10',
  );
  expect(asked.map(({ parameters, gameId }) => [parameters?.wideRootNoise, gameId])).toEqual([
    [0.04, '0 wide'],
    [undefined, '0'],
    [undefined, '0'],
    [undefined, '0'],
  ]);
});

test('moves are avoided and allowed by colour and depth', async () => {
  const { player, asked } = watched();
  const engine = makeFullEngine({ player });
  await talk(engine, 'lz-analyze avoid b A9,pass 3 avoid w B9 1', 'kata-genmove_analyze allow b E5 1');
  expect(asked.map(({ restrictions }) => restrictions)).toEqual([
    {
      avoidMoves: [
        { color: 1, moves: [0, 81], untilDepth: 3 },
        { color: 2, moves: [1], untilDepth: 1 },
      ],
      allowMoves: [],
    },
    { avoidMoves: [], allowMoves: [{ color: 1, moves: [40], untilDepth: 1 }] },
  ]);
  await talk(engine, 'lz-analyze avoid b E5, 1', 'lz-analyze avoid b ,E5,,A9 1');
  expect(asked.slice(2).map(({ restrictions }) => restrictions?.avoidMoves?.[0].moves)).toEqual([
    [40],
    [40, 0],
  ]);
});

test('moves that are not allowed are not told to make up the number, nor as images of others', async () => {
  for (const rootSymmetryPruning of [false, true]) {
    const search = { visits: 20, parameters: { ...NET_SEARCH, rootSymmetryPruning } };
    const [answer] = await talk(
      makeFullEngine({ search }),
      'kata-analyze b 1 minmoves 9 allow b A9,B9,C9,D9 1',
    );
    expect(answer.match(/(?<=info move )\S+/g)?.toSorted()).toEqual(['A9', 'B9', 'C9', 'D9']);
    expect(answer).toContain(`prior ${Number((1 / 82).toPrecision(6))}`);
  }
});

test.each(['ownershipStdev', 'movesOwnershipStdev', 'pvEdgeVisits', 'noResultValue'])(
  'of %s, which only KataGo knows, nothing is told',
  async (key) => {
    const told = await talk(makeFullEngine(), 'kata-analyze 10', `kata-analyze 10 ${key} true`);
    expect(told[1]).toBe(told[0]);
    expect(told[0]).toContain('info move');
    expect(await talk(makeFullEngine(), `kata-analyze ${key} yes`, `lz-analyze ${key} true`)).toEqual([
      `? cannot use '${key} yes' in an analysis`,
      `? cannot use '${key}' in an analysis`,
    ]);
  },
);

test.each([
  ['lz-analyze x', 'x'],
  ['lz-analyze ownership true', 'ownership'],
  ['kata-analyze ownership yes', 'ownership yes'],
  ['kata-analyze interval -1', 'interval -1'],
  ['kata-analyze b w', 'w'],
  ['kata-analyze minmoves', 'minmoves '],
  ['kata-analyze avoid b Z99 1', 'avoid b Z99 1'],
  ['kata-analyze avoid b D4 0', 'avoid b D4 0'],
  ['kata-genmove_analyze allow b', 'allow b  '],
])('%j is refused, naming %j', async (line, what) => {
  expect(await talk(makeFullEngine(), line)).toEqual([`? cannot use '${what}' in an analysis`]);
});

test('an analysis that leaves its side no legal move is refused, one that names stones among others is not', async () => {
  const { player, asked } = watched();
  const engine = makeFullEngine({ player });
  const none = '? allow and avoid leave no legal move to';
  expect(
    await talk(
      engine,
      'play b E5',
      'kata-analyze w allow w E5 1',
      'lz-analyze b allow b D4,E5 1 avoid b D4 3',
      'kata-genmove_analyze w allow w E5 4',
    ),
  ).toEqual(['=', `${none} white`, `${none} black`, `${none} white`]);
  expect(asked).toEqual([]);
  await talk(
    engine,
    'kata-analyze w allow w D4,E5 1',
    'kata-analyze w allow b E5 2',
    'lz-analyze w avoid w E5 1',
  );
  expect(asked).toHaveLength(3);
});

test('genmove_analyze tells what was thought, plays, and does not heed the next line', async () => {
  const engine = makeFullEngine();
  await talk(engine, 'boardsize 3');
  const answer = (await answerTo(engine, '3 lz-genmove_analyze b 100 maxmoves 1')) ?? '';
  const info = 'info move A3 visits 9 winrate 6250 prior 1000 lcb 5000 order 0 pv A3 pass';
  // Once on the way and once at the end.
  expect(answer).toBe(['=3', info, info, 'play A3'].join('\n'));
  expect(await talk(engine, 'play w A3')).toEqual(['? illegal move']);
});

test('kata-search_analyze tells what was thought and a move, which is not played', async () => {
  const engine = makeFullEngine();
  await talk(engine, 'boardsize 3');
  const [info, again, play] = (await talk(engine, 'kata-search_analyze b 100 maxmoves 1'))[0]
    .split('\n')
    .slice(1);
  expect([info, play]).toEqual([expect.stringMatching(/^info move A3 visits 9 .* pv A3 pass$/), 'play A3']);
  expect(again).toBe(info);
  expect(await talk(engine, 'kata-search w', 'undo')).toEqual(['= A3', '? cannot undo']);
});

test.each([
  ['kata-search_cancellable w', '= cancelled'],
  ['kata-search_analyze_cancellable w 1 maxmoves 1', 'play cancelled'],
])('%j is cancelled by the next line, and by it alone', async (line, cancelled) => {
  // In the helper's channel the next line is there already.
  expect((await talk(makeFullEngine(), line))[0].split('\n').at(-1)).toBe(cancelled);
  const [input, output] = [new PassThrough(), new PassThrough({ encoding: 'utf8' })];
  let text = '';
  output.on('data', (chunk: string) => {
    text += chunk;
    if (text.endsWith('\n\n') && input.writable) input.end();
  });
  input.write(`${line}\n`);
  await serveGtp(makeFullEngine(), input, output);
  expect(text.trimEnd().split('\n').at(-1)).toBe(cancelled.replace('cancelled', 'A9'));
});

test('a search that is cancelled is stopped, and nothing is played', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const answered = readAll(output);
  const player: typeof searcher = {
    ...searcher,
    genMove: async (position, options) => {
      const stopped = new Promise((resolve) => options.stop?.addEventListener('abort', resolve));
      input.end('2 undo\n');
      await stopped;
      return searcher.genMove(position, options);
    },
  };
  input.write('1 kata-search_cancellable b\n');
  await serveGtp(makeFullEngine({ player }), input, output);
  output.end();
  expect(await answered).toBe('=1 cancelled\n\n?2 cannot undo\n\n');
});

test('the net is named as KataGo names its models', async () => {
  const [models] = await talk(makeFullEngine(), 'kata-get-models');
  expect(JSON.parse(models.slice(2))).toEqual([MODEL]);
  const shipped = { ...MODEL, name: defaultNetPath, internalName: basename(defaultNetPath), version: 8 };
  expect(kataModels(`${defaultNetPath}+none`)).toEqual([
    shipped,
    { ...MODEL, name: 'none', internalName: 'none', version: undefined },
  ]);
});

test('a player that fails fails the command, and one that does not search has no such commands', async () => {
  const player = { ...searcher, genMove: () => Promise.reject(new Error('no net')) };
  expect(await talk(makeFullEngine({ player }), '4 genmove_analyze b')).toEqual(['?4 no net']);
  expect(await talk(makeEngine({ player: firstPoint }), 'lz-analyze', 'kata-raw-nn 0')).toEqual(
    Array(2).fill('? unknown command'),
  );
});

test.each(['\n', '2 name\n', 'quit\n', null])('an analysis goes on until %j is read', async (next) => {
  const [input, output] = [new PassThrough(), new PassThrough({ encoding: 'utf8' })];
  let told = 0;
  const player: typeof searcher = {
    ...searcher,
    analyse: (position, options) =>
      new Promise((resolve) => {
        const timer = setInterval(() => options.onReport?.(resultOf), 1);
        let resultOf: Parameters<NonNullable<typeof options.onReport>>[0];
        void searcher.analyse(position, {
          ...options,
          onReport: (analysis) => {
            resultOf = analysis;
          },
        });
        options.stop?.addEventListener('abort', () => {
          clearInterval(timer);
          resolve(resultOf);
        });
      }),
  };
  let text = '';
  output.on('data', (chunk: string) => {
    text += chunk;
    told = text.split('info move').length - 1;
    // Read on while it analyses.
    if (told >= 10 && input.writable) {
      if (next !== null) input.write(next);
      input.end();
    }
  });
  input.write('1 lz-analyze b 1 maxmoves 1\n');
  await serveGtp(makeFullEngine({ player }), input, output);
  expect(told).toBeGreaterThanOrEqual(10);
  expect(text).toMatch(/^=1\n(info move \S+ visits .*\n)+\n/);
  const after = text.slice(text.indexOf('\n\n') + 2);
  expect(after).toBe(next === '2 name\n' ? '=2 Tengen\n\n' : next === 'quit\n' ? '=\n\n' : '');
});

test('an analysis that is full before the next line waits for it', async () => {
  const [input, output] = [new PassThrough(), new PassThrough({ encoding: 'utf8' })];
  let text = '';
  output.on('data', (chunk: string) => {
    text += chunk;
    if (/info.*\ninfo/.test(text) && input.writable) input.end('name\n');
  });
  input.write('kata-analyze 1\n');
  await serveGtp(makeFullEngine(), input, output);
  expect(text).toMatch(/^=\n(info .*\n){2}\n= Tengen\n\n$/);
});

test.each([
  ['kata-analyze 1', 20, 'kata-analyze 1'],
  ['genmove b', 19, 'genmove w'],
  ['genmove b', 21, 'genmove w'],
])(
  'that the search was full is said once: after %j with %i visits asked for',
  async (line, visits, again) => {
    const said: string[] = [];
    const full: typeof searcher = {
      analyse: async (position) => ({
        ...(await searcher.analyse(position, { rng: makeRng(1) })),
        isFull: true,
      }),
      genMove: async (position, options) => {
        const stats = await full.analyse(position, options);
        return { move: stats.move, stats };
      },
    };
    const engine = makeFullEngine({ player: full, onWarning: (sentence) => said.push(sentence) });
    await talk(engine, `kata-set-param maxVisits ${visits}`, line, again);
    // A move that has all its visits lacks nothing.
    expect(said).toEqual(
      visits === 19 ? [] : [expect.stringMatching(/ after 20 visits .* 250 MB; .*maxMegabytes=1000/)],
    );
  },
);

test('the net alone is shown under each symmetry, from the side of White', async () => {
  const engine = makeFullEngine();
  await talk(engine, 'boardsize 2', 'play b A1');
  expect(await talk(engine, 'kata-raw-nn 4')).toEqual([
    [
      '= symmetry 4',
      'whiteWin 0.750000',
      'whiteLoss 0.250000',
      'whiteLead 4.000',
      'policy',
      '0.381818 0.297360',
      '    NAN 0.180358',
      'policyPass 0.140463',
      'whiteOwnership',
      '0.5000000 0.5000000',
      '0.5000000 0.5000000',
    ].join('\n'),
  ]);
  const [all, ...others] = await talk(engine, 'kata-raw-nn all', 'kata-raw-nn 8', 'kata-raw-nn');
  expect([...all.matchAll(/symmetry (\d)/g)].map(([, symmetry]) => Number(symmetry))).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7,
  ]);
  expect(others).toEqual(Array(2).fill('? syntax error'));
});

test("what only KataGo's heads say is told in its words, from the side of White", async () => {
  const evaluation = {
    policyLogits: new Float32Array(5),
    valueToPlay: 0.5,
    scoreToPlay: 3,
    scoreStdev: 4,
    ownershipToPlay: null,
  };
  const heads = {
    win: 0.7,
    loss: 0.2,
    noResult: 0.1,
    scoreMean: 2,
    scoreMeanSquare: 20,
    varianceTime: 12.5,
    valueError: 0.25,
    scoreError: NaN,
  };
  const rawOpinions = (): Promise<RawOpinion[]> => Promise.resolve([{ evaluation, heads }]);
  const engine = makeFullEngine({ net: { models: () => [], rawOpinions } });
  await talk(engine, 'boardsize 2');
  expect(await talk(engine, 'kata-raw-nn 0')).toEqual([
    [
      '= symmetry 0',
      'whiteWin 0.200000',
      'whiteLoss 0.700000',
      'noResult 0.100000',
      'whiteLead -3.000',
      'whiteScoreSelfplay -2.000',
      'whiteScoreSelfplaySq 20.000',
      'varTimeLeft 12.500',
      'shorttermWinlossError 0.250',
      'policy',
      '0.200000 0.200000',
      '0.200000 0.200000',
      'policyPass 0.200000',
    ].join('\n'),
  ]);
});

test('parameters are read, set within their range, and reach the searches', async () => {
  const { player, asked } = watched();
  const engine = makeFullEngine({ player });
  const unknown = (name: string): string => `? unknown parameter '${name}'`;
  const outside = (text: string, name: string): string => `? '${text}' is out of the range of '${name}'`;
  for (const [line, answer] of [
    ['get-param maxVisits', '= 20'],
    ['set-param maxVisits 7', '='],
    ['get-param maxVisits', '= 7'],
    ['set-param maxVisits 0', outside('0', 'maxVisits')],
    ['set-param maxVisits', '? syntax error'],
    ['set-param maxVisits 1125899906842625', outside('1125899906842625', 'maxVisits')],
    ['set-param cpuctExploration 2.5', '='],
    ['get-param cpuctExploration', '= 2.5'],
    ['get-param maxTime', '= 1e+20'],
    ['set-param maxTime 1e21', outside('1e21', 'maxTime')],
    ['set-param maxTime 15e-1', '='],
    ['get-param maxTime', '= 1.5'],
    ['set-param x 1', unknown('x')],
    ['set-param useLcbForSelection true', unknown('useLcbForSelection')],
    ['get-param toString', unknown('toString')],
    ['set-param numSearchThreads 4', '='],
    ['set-param numSearchThreads 1.5', outside('1.5', 'numSearchThreads')],
    ['set-param playoutDoublingAdvantage 0.0', '='],
    ['get-param playoutDoublingAdvantage', unknown('playoutDoublingAdvantage')],
    ['set-param playoutDoublingAdvantage 1', outside('1', 'playoutDoublingAdvantage')],
  ])
    expect([line, await talk(engine, `kata-${line}`)]).toEqual([line, [answer]]);
  await talk(engine, 'genmove b');
  expect(asked[0]).toMatchObject({ visits: 7, budgetMs: 1500, parameters: { cPuct: 2.5 } });
  for (const name of (await talk(engine, 'kata-list-params'))[0].slice(2).split(' '))
    expect(await talk(engine, `kata-get-param ${name}`)).toEqual([expect.stringMatching(/^= \d/)]);
});

test('parameters are read and set together too, and where one may not be, none is', async () => {
  const engine = makeFullEngine();
  const all = async (): Promise<unknown> => JSON.parse((await talk(engine, 'kata-get-params'))[0].slice(2));
  const before = await all();
  const [names] = await talk(engine, 'kata-list-params');
  expect(Object.keys(before as object)).toEqual(names.slice(2).split(' '));
  for (const [values, answer] of [
    ['{"maxVisits": 7, "x": 1}', "? unknown parameter 'x'"],
    ['{"maxVisits": 7, "maxTime": -1}', "? '-1' is out of the range of 'maxTime'"],
    ['{"maxVisits": true}', '? syntax error'],
    ['[7]', '? syntax error'],
    ['maxVisits 7', '? syntax error'],
    ['', '? syntax error'],
  ])
    expect([values, await talk(engine, `kata-set-params ${values}`)]).toEqual([values, [answer]]);
  expect(await all()).toEqual(before);
  expect(await talk(engine, 'kata-set-params {"maxVisits": 7, "cpuctExploration": "2.5"}')).toEqual(['=']);
  expect(await all()).toEqual({ ...(before as object), maxVisits: 7, cpuctExploration: 2.5 });
});

test('of visits, playouts and time the least limits a move, and each may be taken off again', async () => {
  const { player, asked } = watched();
  const engine = makeFullEngine({ player });
  await talk(engine, 'kata-set-param maxPlayouts 5', 'kata-set-param maxTime 2', 'genmove b');
  await talk(
    engine,
    'kata-set-param maxPlayouts 1125899906842624',
    'kata-set-param maxTime 1e20',
    'genmove w',
  );
  expect(asked.map(({ visits, budgetMs }) => [visits, budgetMs])).toEqual([
    [5, 2000],
    [20, undefined],
  ]);
});

test('more visits than a search can have are as many as it can', async () => {
  const { player, asked } = watched();
  const engine = makeFullEngine({ player });
  const lines = ['kata-set-param maxVisits 1125899906842624', 'kata-get-param maxVisits', 'genmove b'];
  expect((await talk(engine, ...lines)).slice(0, 2)).toEqual(['=', '= 1125899906842624']);
  expect(asked[0].visits).toBe(MAX_VISITS);
});

test('pondering goes on from after the move until the next command, on the same tree', async () => {
  const log: string[] = [];
  const player: typeof searcher = {
    genMove: (position, options) => {
      log.push(`move ${position.moveNumber} ${options.gameId}`);
      return searcher.genMove(position, options);
    },
    analyse: (position, options) => {
      log.push(`ponder ${position.moveNumber} ${options.gameId}`);
      return new Promise((resolve) =>
        options.stop?.addEventListener('abort', () => {
          log.push('stop');
          resolve(searcher.analyse(position, options));
        }),
      );
    },
  };
  const engine = makeFullEngine({ player, ponders: true });
  await talk(engine, 'genmove b', '# no command', 'play w E5', 'reg_genmove b', 'clear_cache', 'genmove b');
  await engine.close();
  expect(log).toEqual(['move 0 0', 'ponder 1 0', 'stop', 'move 2 0', 'move 2 1', 'ponder 3 1', 'stop']);
  log.length = 0;
  await talk(makeFullEngine({ player }), 'genmove b', 'name');
  expect(log).toEqual(['move 0 0']);
});

test('in a cleanup nothing is played but moves beside dead stones, while there are any', async () => {
  const { player, asked } = watched();
  // White's stone in the corner is dead.
  const ownershipBlack = (): Promise<Float32Array> => Promise.resolve(new Float32Array(81).fill(1));
  const engine = makeFullEngine({ player, ownershipBlack });
  await talk(engine, 'play w A1', 'kgs-genmove_cleanup b', 'kgs-genmove_cleanup w', 'kgs-genmove_cleanup');
  expect(asked.map(({ restrictions }) => restrictions)).toEqual([
    { allowMoves: [{ color: 1, moves: [63, 73], untilDepth: 1 }] },
    {},
  ]);
});
