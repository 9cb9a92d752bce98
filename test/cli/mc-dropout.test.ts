/** `tengen net eval --mc-dropout`: the mean of draws of dropout, measured in place of the net as it plays. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { saveNet } from '#nets/file.ts';
import { NetSpec } from '#nets/spec.ts';
import { imageSpecOf, randomNet, specOf } from '../nets/architectures/small-nets.ts';
import { randomGame } from '../training/games.ts';
import { idx } from '../training/images/idx-files.ts';
import { MAIN, runToEnd } from './tengen.ts';
import type { Run } from './tengen.ts';

const folder = mkdtempSync(join(tmpdir(), 'tengen-'));

beforeAll(() => {
  const board = specOf('vgg-11:2');
  const dropped = NetSpec.parse({ ...board, trunk: { ...board.trunk, dropout: 0.5 } });
  const nets = {
    board,
    'board-dropout': dropped,
    image: imageSpecOf('lenet-300-100:9'),
    'image-dropout': imageSpecOf('alexnet:2'),
  };
  for (const [name, spec] of Object.entries(nets))
    saveNet(join(folder, `${name}.safetensors`), randomNet(spec));
  const games = Array.from({ length: 3 }, (_, seed) => randomGame(seed, 5, 6));
  writeFileSync(join(folder, 'games.sgfs'), games.join('\n'));
  const labels = Array.from({ length: 12 }, (_, i) => i % 10);
  const pixels = Array.from({ length: 12 * 28 * 28 }, (_, i) => (i * i) % 251);
  writeFileSync(join(folder, 't10k-images-idx3-ubyte'), idx([12, 28, 28], pixels));
  writeFileSync(join(folder, 't10k-labels-idx1-ubyte'), idx([12], labels));
});

describe.each([
  ['board', ['--games', 'games.sgfs', '--all']],
  ['image', ['--images', '.']],
])('of a net for %ss', (kind, on) => {
  const evaluate = (net: string, ...argv: string[]): Run =>
    runToEnd(MAIN, folder, ['net', 'eval', `${net}.safetensors`, ...on, '--backend', 'wasm', ...argv]);

  /** Cross-entropies of the mean and of one draw on average, and how far draws are apart. */
  function forecasts(...argv: string[]): { nll: number; memberNll: number; disagreement: number } {
    const { code, out, err } = evaluate(`${kind}-dropout`, '--json', ...argv);
    expect(code, err).toBe(0);
    const { policy, ...others } = JSON.parse(out);
    return policy ?? others;
  }

  test('draws disagree, forecast better together than alone, and differ from the net without dropout', () => {
    const plain = forecasts();
    expect(plain.disagreement).toBe(0);
    expect(plain.memberNll).toBe(plain.nll);
    const drawn = forecasts('--mc-dropout', '6');
    expect(drawn.disagreement).toBeGreaterThan(0);
    expect(drawn.nll).toBeLessThan(drawn.memberNll);
    expect(drawn.nll).not.toBeCloseTo(plain.nll, 6);
  });

  test('is refused where the net has no dropout, in one sentence', () => {
    expect(evaluate(kind, '--mc-dropout', '6')).toMatchObject({
      code: 3,
      out: '',
      err: expect.stringContaining(
        `\ntengen: ${kind}.safetensors: this net has no dropout to draw; leave out`,
      ),
    });
  });
});
