/** Whether searches back to back stay within their memory: games of an engine against itself until the time is up. */
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import { Search } from '#engine/search/search.ts';
import { benchOptions, numberOption } from './common/arguments.ts';
import { freeEvaluator } from './common/free-evaluator.ts';

const values = benchOptions({ minutes: { type: 'string', default: '1' } });
const budgetMs = 60_000 * numberOption('minutes', values.minutes, { min: 0.01, max: 1e5, isWhole: false });
/** Small enough that every search of a game fills it. */
const MAX_MEGABYTES = 50;
const VISITS = 60_000;
/** Moves after which a game gives way to the next, on the other size of board. */
const GAME_MOVES = 40;
const SAMPLES = 10;

type Row = { minute: string; searches: number; games: number; graphMegabytes: number; rssMegabytes: number };

const search = new Search(freeEvaluator(), { ...NET_SEARCH, batchSize: 32, maxMegabytes: MAX_MEGABYTES });
const start = performance.now();
const rows: Row[] = [];
let [searches, games, mostBytes, mostRss] = [0, 0, 0, 0];
const newGame = (): Position => {
  games++;
  const size = games % 2 === 1 ? 9 : 19;
  return Position.start({ width: size, height: size, rules: RULE_PRESETS['tromp-taylor'] });
};
let position = newGame();
for (;;) {
  const { move } = await search.search(position, { visits: VISITS }, searches++);
  mostBytes = Math.max(mostBytes, search.bytes);
  mostRss = Math.max(mostRss, process.memoryUsage.rss());
  const played = move === 'resign' ? null : position.play(move);
  const goesOn = played?.ok === true && !played.position.isOver && played.position.moveNumber < GAME_MOVES;
  position = goesOn ? played.position : newGame();
  const elapsed = performance.now() - start;
  if (elapsed < ((rows.length + 1) * budgetMs) / SAMPLES) continue;
  rows.push({
    minute: (elapsed / 60_000).toFixed(1),
    searches,
    games,
    graphMegabytes: Math.round(mostBytes / 1e5) / 10,
    rssMegabytes: Math.round(mostRss / 1e6),
  });
  [mostBytes, mostRss] = [0, 0];
  if (elapsed >= budgetMs) break;
}
if (values.json === true) console.log(JSON.stringify(rows));
else {
  console.table(rows);
  console.log(`Largest of each tenth of the time; a graph may have ${MAX_MEGABYTES} megabytes.`);
}
