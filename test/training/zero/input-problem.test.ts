/** What a self-play run is given besides its config is checked before it begins. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadNet } from '#nets/file.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { ZeroConfig } from '#training/zero/config.ts';
import { inputProblem } from '#training/zero/input-problem.ts';

const folder = mkdtempSync(join(tmpdir(), 'tengen-input-'));
const prose = join(folder, 'prose');
writeFileSync(prose, 'This is no net and no game.');
const missing = join(folder, 'missing');

const problem = (config: object, isBegun = false): string | null =>
  inputProblem(ZeroConfig.parse(config), isBegun);
const startsFrom = (file: string): object => ({ selfPlay: { startShare: 1, startFiles: [file] } });

test.each<[object, string]>([
  [{ start: missing }, `Field start: ${missing}: there is no such net file`],
  [{ start: prose }, `Field start: ${prose}: it is not a safetensors file`],
  [{ start: defaultNetPath }, `Field start: ${defaultNetPath}: its trunk does not fit (weight trunk/`],
  [{ teacher: missing }, `Field teacher: ${missing}: there is no such net file`],
  [{ learner: { freeze: ['*'] } }, 'Field learner.freeze: the net has no layer left to learn'],
  [startsFrom(missing), `Field selfPlay.startFiles: ${missing}: it cannot be read (ENOENT)`],
  [startsFrom(prose), `Field selfPlay.startFiles: ${prose}: `],
])('%j is refused in a sentence that names the field and the file', (config, sentence) => {
  expect(problem(config)?.slice(0, sentence.length)).toBe(sentence);
});

test('a net of the right shape may be begun from, and a run that has begun needs it no more', () => {
  const shipped = loadNet(defaultNetPath);
  if (!shipped.ok) throw new Error(shipped.message);
  expect(problem({ start: defaultNetPath, net: shipped.net.spec })).toBe(null);
  expect(problem({ start: missing }, true)).toBe(null);
});
