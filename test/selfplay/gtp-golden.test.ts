/** Conversations with the GTP engine as golden files: lines that begin with "> " are sent, the others come back for them. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answerTo, makeFullEngine } from './gtp-helpers.ts';

const FOLDER = join(import.meta.dirname, '../golden/gtp');

test.each(readdirSync(FOLDER))('%s', async (file) => {
  const engine = makeFullEngine();
  const transcript: string[] = [];
  for (const line of readFileSync(join(FOLDER, file), 'utf8').split('\n')) {
    if (!line.startsWith('> ')) continue;
    transcript.push(line);
    const answer = await answerTo(engine, line.slice(2));
    if (answer !== null) transcript.push(answer);
  }
  await expect(`${transcript.join('\n')}\n`).toMatchFileSnapshot(join(FOLDER, file));
});
