/** The analysis engine between two streams: what it is given that is no line to read. */
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { AnalysisEngine } from '#selfplay/analysis-engine.ts';
import { serveAnalysis } from '#selfplay/analysis-serve.ts';
import { FakeAnalyser } from './fake-analyser.ts';

test('a line that is too long is an error at once, and the next one is answered', async () => {
  const input = new PassThrough();
  const written: unknown[] = [];
  const { promise: refused, resolve } = Promise.withResolvers<void>();
  const engine = new AnalysisEngine({
    pool: new FakeAnalyser(true),
    slots: 1,
    net: null,
    models: () => [],
    version: '1',
    defaults: { visits: 5, budgetMs: Infinity, perspective: 'black', parameters: {} },
    seed: 1,
    write: (line) => {
      written.push(JSON.parse(line));
      resolve();
    },
  });
  const served = serveAnalysis(engine, input, true, new AbortController().signal);
  const chunk = ' '.repeat(1 << 20);
  input.write(`{"id":"endless",${chunk}`);
  await refused;
  for (let i = 0; i < 8; i++) input.write(chunk);
  input.end('}\n{"id":"next","action":"query_models"}');
  await served;
  expect(written).toEqual([
    { error: 'The line is longer than 1048576 characters' },
    expect.objectContaining({ id: 'next', action: 'query_models' }),
  ]);
});
