/** How many visits a second a search makes on one thread: with an evaluator that costs nothing, and with the shipped net. */
import { median } from 'simple-statistics';
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { immediateEvaluator } from '#engine/search/evaluator.ts';
import type { Evaluation, EvaluationBatch, Evaluator } from '#engine/search/evaluator.ts';
import { NET_SEARCH, PLAYOUT_SEARCH, type SearchParameters } from '#engine/search/parameters.ts';
import { playoutEvaluator } from '#engine/search/playout-evaluator.ts';
import { Search } from '#engine/search/search.ts';
import { openEvaluator } from '#nets/evaluator.ts';
import { defaultNetPath } from '#nets/weights.ts';

const ROUNDS = 5;

/** Answers with one stored evaluation for each board size, so that what is timed is the search. */
function freeEvaluator(): Evaluator {
  const answers = new Map<number, Evaluation>();
  const answer = (area: number): Evaluation => {
    const known = answers.get(area);
    if (known !== undefined) return known;
    const policyLogits = Float32Array.from({ length: area + 1 }, (_, move) => Math.sin(7 * move));
    const made = { policyLogits, valueToPlay: 0.1, scoreToPlay: 1, scoreStdev: NaN, ownershipToPlay: null };
    answers.set(area, made);
    return made;
  };
  return immediateEvaluator(32, ({ board }) => answer(board.area));
}

/** Counts the time spent in `inner`. */
function timed(inner: Evaluator): Evaluator & { ms: number } {
  const evaluator = {
    ms: 0,
    ...inner,
    newBatch: (): EvaluationBatch => {
      const batch = inner.newBatch();
      return {
        get size() {
          return batch.size;
        },
        add: (position, symmetry) => {
          const start = performance.now();
          batch.add(position, symmetry);
          evaluator.ms += performance.now() - start;
        },
        evaluate: async () => {
          const start = performance.now();
          const evaluations = await batch.evaluate();
          evaluator.ms += performance.now() - start;
          return evaluations;
        },
      };
    },
  };
  return evaluator;
}

type Row = { evaluator: string; size: number; visits: number; visitsPerSecond: number; searchShare: string };

async function measure(
  name: string,
  inner: Evaluator,
  parameters: SearchParameters,
  size: number,
  visits: number,
): Promise<Row> {
  const position = Position.start({ width: size, height: size, rules: RULE_PRESETS.chinese });
  const rates: number[] = [];
  const shares: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const evaluator = timed(inner);
    const start = performance.now();
    const { rootVisits } = await new Search(evaluator, parameters).search(position, { visits }, round);
    const ms = performance.now() - start;
    // The first round warms the compiler up.
    if (round === 0) continue;
    rates.push((1000 * rootVisits) / ms);
    shares.push((ms - evaluator.ms) / ms);
  }
  return {
    evaluator: name,
    size,
    visits,
    visitsPerSecond: Math.round(median(rates)),
    searchShare: `${(100 * median(shares)).toFixed(0)}%`,
  };
}

const opened = await openEvaluator(defaultNetPath);
if (!opened.ok) throw new Error(opened.message);
const rows: Row[] = [];
for (const size of [9, 19]) {
  rows.push(await measure('free', freeEvaluator(), { ...NET_SEARCH, batchSize: 32 }, size, 20_000));
  rows.push(await measure('shipped net', opened.evaluator, NET_SEARCH, size, size === 9 ? 1600 : 400));
  rows.push(await measure('playouts', playoutEvaluator({ seed: 1 }), PLAYOUT_SEARCH, size, 2000));
}
await opened.evaluator.close();
if (process.argv.includes('--json')) console.log(JSON.stringify(rows));
else {
  console.table(rows);
  console.log(
    'searchShare: time outside the evaluator. One thread; medians of 5 searches from the empty board.',
  );
}
