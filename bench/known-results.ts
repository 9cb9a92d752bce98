/**
 * Whether a self-play run on a small board finds what is known of it: its nets search the empty board, and the last one
 * plays itself half a point of komi below the known margin and half a point above, where Black must win all games and lose
 * all. Options: --run FOLDER --margin POINTS --visits 400 --games 10 --every 5 (generations) --svg FILE --json; --net FILE,
 * a net made from the run's games, plays itself in the place of the last one.
 */
import { existsSync } from 'node:fs';
import * as Plot from '@observablehq/plot';
import { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import { formatMove } from '#engine/record/coordinates.ts';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import { Search } from '#engine/search/search.ts';
import { openEvaluator } from '#nets/evaluator.ts';
import { loadNet } from '#nets/file.ts';
import { SelfPlayPool } from '#selfplay/zero/pool.ts';
import { newDocument, writePictures } from '#training/svg.ts';
import { ZeroFolder } from '#training/zero/zero-folder.ts';
import { benchOptions, numberOption } from './common/arguments.ts';
import { BenchRefusal, requireOpened } from './common/refusal.ts';

const values = benchOptions({
  run: { type: 'string' },
  margin: { type: 'string' },
  visits: { type: 'string', default: '400' },
  games: { type: 'string', default: '10' },
  every: { type: 'string', default: '5' },
  svg: { type: 'string' },
  net: { type: 'string' },
});
if (values.run === undefined || values.margin === undefined)
  throw new BenchRefusal('usage', 'say which run and what is known: --run FOLDER --margin POINTS');
// Half a point beside it has to be a komi too.
const margin = numberOption('margin', values.margin, { min: -149.5, max: 149.5, isWhole: false });
const visits = numberOption('visits', values.visits, { min: 1, max: 100_000 });
const games = numberOption('games', values.games, { min: 1, max: 10_000 });
const every = numberOption('every', values.every, { min: 1, max: 1e6 });
const folder = new ZeroFolder(values.run);
const config = folder.readConfig();
if (config === null || typeof config === 'string')
  throw new BenchRefusal('usage', config ?? `${folder.path}: there is no run here`);
const generations = folder.generations();
if (typeof generations === 'string') throw new BenchRefusal('usage', generations);
const given = values.net === undefined ? null : loadNet(values.net);
if (given?.ok === false) throw new BenchRefusal('bad-net', given.message);
const { size } = config.selfPlay.boards[0];
const rules = config.selfPlay.rules[0];

type Row = { generation: number; games: number; minutes: number; move: string; black: number };

/** What the net of a generation thinks of the empty board at a fair komi. */
async function look(generation: number, played: number, seconds: number): Promise<Row> {
  const { evaluator } = requireOpened(await openEvaluator(folder.netOf(generation)));
  const start = Position.start({ width: size, height: size, rules: makeRules(rules, { komi: margin }) });
  const { move, scoreBlack } = await new Search(evaluator, NET_SEARCH).search(start, { visits }, 1);
  await evaluator.close();
  return {
    generation,
    games: played,
    minutes: Math.round(seconds / 6) / 10,
    move: move === 'resign' ? move : formatMove(move, size, size),
    // The score after komi, which is what is known of the board.
    black: Math.round(10 * (scoreBlack + margin)) / 10,
  };
}

/** Games that Black wins of those that the net plays against itself with this komi. */
async function blackWins(net: string, komi: number): Promise<number> {
  const pool = new SelfPlayPool({ workers: 1, concurrentGames: games });
  const player = { kind: 'net', path: net } as const;
  const setting = { first: player, second: player, size, komi, rules, visits, seed: 1, openingPlies: 0 };
  const played = await pool.judge({ ...setting, games });
  await pool.close();
  return played.filter(({ result }) => result.startsWith('B')).length;
}

const rows: Row[] = [];
let played = 0;
let last = -1;
for (const { generation, games: made, runSeconds } of generations) {
  played += made;
  if (!existsSync(folder.netOf(generation + 1))) continue;
  last = generation + 1;
  if (last % every === 0) rows.push(await look(last, played, runSeconds));
}
if (last < 0) throw new BenchRefusal('usage', `${folder.path}: there is no net yet`);
const [judged, name] = values.net === undefined ? [folder.netOf(last), `G${last}`] : [values.net, values.net];
const wins = await Promise.all([margin - 0.5, margin + 0.5].map((komi) => blackWins(judged, komi)));
if (values.svg !== undefined) writePictures(values.svg, [[picture()]]);
if (values.json === true) console.log(JSON.stringify({ rows, margin, games, wins }));
else {
  console.table(rows);
  console.log(
    `${name} against itself at ${visits} visits: Black won ${wins[0]} of ${games} games at komi ${margin - 0.5} and ${wins[1]} of ${games} at ${margin + 0.5}.`,
  );
}

/** Black's expected score by generation, with the known one. */
function picture(): ReturnType<typeof Plot.plot> {
  return Plot.plot({
    document: newDocument(),
    width: 700,
    height: 320,
    marginBottom: 40,
    style: { fontSize: '12px' },
    x: { label: 'minutes of the run', grid: true },
    y: {
      label: `expected score of Black on the empty ${size}x${size} board, ${visits} visits`,
      grid: true,
      zero: true,
    },
    marks: [
      Plot.ruleY([margin], { stroke: '#d62728', strokeDasharray: '5 3' }),
      Plot.text([rows.at(0)?.minutes ?? 0], {
        x: (minutes: number) => minutes,
        y: margin,
        text: () => `known: Black by ${margin}`,
        textAnchor: 'start',
        dx: 4,
        dy: 10,
        fill: '#d62728',
      }),
      Plot.line(rows, { x: 'minutes', y: 'black', stroke: '#1f77b4', strokeWidth: 2 }),
      Plot.dot(rows, { x: 'minutes', y: 'black', fill: '#1f77b4', r: 3 }),
    ],
  });
}
