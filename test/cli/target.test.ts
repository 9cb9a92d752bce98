/** Where commands may write. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportNet } from '#cli/net/export.ts';
import { ship } from '#cli/net/ship.ts';
import { checkNetTarget, checkTarget } from '#cli/target.ts';
import { defaultNetPath } from '#nets/weights.ts';

const folder = mkdtempSync(join(tmpdir(), 'tengen-target-'));
const at = (path: string): string => join(folder, path);
for (const [name, file] of [
  ['run', 'checkpoint.safetensors'],
  ['run', 'net.safetensors'],
  ['study', 'table.json'],
  ['games', 'old.safetensors'],
]) {
  mkdirSync(at(name), { recursive: true });
  writeFileSync(at(`${name}/${file}`), '');
}

mkdirSync(at('run/nets'));

test.each([
  'run/checkpoint.safetensors',
  'run/config.json',
  'run/live.json',
  'run/nets/G000004.safetensors',
  'study/table.json',
])('what a run keeps as %s no command writes over, nor takes the place of', async (file) => {
  const refusal = `${at(file)}: the run there keeps its own file so; say another file to write`;
  expect(() => checkNetTarget(at(file), defaultNetPath)).toThrow(refusal);
  expect(() => exportNet(defaultNetPath, { onnx: at(file) })).toThrow(refusal);
  await expect(ship(defaultNetPath, { to: at(file) })).rejects.toThrow(refusal);
});

test.each([
  'run/net.safetensors',
  'run/snapshot-3.safetensors',
  'run/other.onnx',
  'run/nets/mine.safetensors',
  'games/config.json',
])('a net may be written as %s', (file) =>
  expect(() => checkNetTarget(at(file), defaultNetPath)).not.toThrow(),
);

test('in a folder that is read nothing is written over but, by a net, another net', () => {
  const [net, games] = [at('games/old.safetensors'), at('games')];
  expect(() => checkNetTarget(net, games)).not.toThrow();
  expect(() => checkTarget(net, games)).toThrow(`${net}: this is what is read`);
  expect(() => checkNetTarget(net, net)).toThrow(`${net}: this is what is read`);
});
