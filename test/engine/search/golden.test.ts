/** Whole searches, byte for byte, against test/golden/trees; `npm run test:golden` writes those anew. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import type { SearchParameters } from '#engine/search/parameters.ts';
import { Search } from '#engine/search/search.ts';
import { hashEvaluator, played } from './helpers.ts';

const CASES: Record<string, Partial<SearchParameters>> = {
  tree: { graphSearch: false },
  graph: {},
  noise: { noiseWeight: 0.25, temperature: 1, rootSymmetries: 3 },
  gumbel: { algorithm: 'gumbel', gumbelNoise: 1, gumbelActions: 6 },
};

/** One line an array, so that a change is seen where it is. */
function printed(value: unknown): string {
  const text = JSON.stringify(
    value,
    (_, item: unknown) => (ArrayBuffer.isView(item) ? [...(item as Float32Array)] : item),
    1,
  );
  return `${text.replace(/\[[^[\]{}]*\]/g, (list) => list.replace(/\s+/g, ' '))}\n`;
}

test.each(Object.keys(CASES))('%s', async (name) => {
  const start = Position.start({ width: 4, height: 4, rules: makeRules('chinese', { komi: 1.5 }) });
  const search = new Search(hashEvaluator(8), { ...NET_SEARCH, ...CASES[name] });
  const first = await search.search(played(start, 5, 2), { visits: 200 }, 1);
  // The second search keeps what the first has found below its best move and the reply to it.
  const next = played(start, 5, 2, ...first.moves[0].pv.slice(0, 2));
  const second = await search.search(next, { visits: 200 }, 2);
  const text = printed([first, second]);
  await expect(text).toMatchFileSnapshot(join(import.meta.dirname, '../../golden/trees', `${name}.json`));
});
