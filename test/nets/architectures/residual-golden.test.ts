/** The forms of residual nets for CIFAR-10, layer by layer, and the parameters that are published of them. */
import { describe, expect, test } from 'vitest';
import { bottleneckOf, residualOf } from '#nets/architectures/residual.ts';
import type { ResidualTrunk } from '#nets/architectures/residual.ts';
import { layersOf, parametersOf } from './costs.ts';

type Row = readonly [name: string, output: readonly number[], parameters: number];

/** What of a trunk has weights; of norms gamma and beta. */
const weighted = (trunk: ResidualTrunk): Row[] =>
  layersOf(trunk, 32, 10)
    .filter(({ name, parameters }) => name.startsWith('trunk/') && parameters > 0)
    .map(({ name, output, parameters }) => [name.slice('trunk/'.length), output, parameters]);

const [FULL, HALF, QUARTER] = [32, 16, 8].map((side) => (channels: number): number[] => [
  side,
  side,
  channels,
]);

test('where all shortcuts are projections, each block has one with its norm (He et al. 2016a, table 3, C)', () => {
  expect(weighted(residualOf('image', 16, 8, { shortcut: 'projection' }))).toEqual([
    ['input', FULL(16), 9 * 3 * 16],
    ['bn', FULL(16), 2 * 16],
    ['block0/conv1', FULL(16), 9 * 16 * 16],
    ['block0/bn2', FULL(16), 2 * 16],
    ['block0/conv2', FULL(16), 9 * 16 * 16],
    ['block0/shortcut/conv', FULL(16), 16 * 16],
    ['block0/shortcut/bn', FULL(16), 2 * 16],
    ['block0/bn3', FULL(16), 2 * 16],
    ['block1/conv1', HALF(32), 9 * 16 * 32],
    ['block1/bn2', HALF(32), 2 * 32],
    ['block1/conv2', HALF(32), 9 * 32 * 32],
    ['block1/shortcut/conv', HALF(32), 16 * 32],
    ['block1/shortcut/bn', HALF(32), 2 * 32],
    ['block1/bn3', HALF(32), 2 * 32],
    ['block2/conv1', QUARTER(64), 9 * 32 * 64],
    ['block2/bn2', QUARTER(64), 2 * 64],
    ['block2/conv2', QUARTER(64), 9 * 64 * 64],
    ['block2/shortcut/conv', QUARTER(64), 32 * 64],
    ['block2/shortcut/bn', QUARTER(64), 2 * 64],
    ['block2/bn3', QUARTER(64), 2 * 64],
  ] satisfies Row[]);
});

test('pre-activation blocks norm what comes in, and the last norm is behind all blocks (He et al. 2016b, figure 4e)', () => {
  expect(weighted(residualOf('image', 16, 8, { form: 'pre-activation' }))).toEqual([
    ['input', FULL(16), 9 * 3 * 16],
    ['block0/bn1', FULL(16), 2 * 16],
    ['block0/conv1', FULL(16), 9 * 16 * 16],
    ['block0/bn2', FULL(16), 2 * 16],
    ['block0/conv2', FULL(16), 9 * 16 * 16],
    ['block1/bn1', FULL(16), 2 * 16],
    ['block1/conv1', HALF(32), 9 * 16 * 32],
    ['block1/bn2', HALF(32), 2 * 32],
    ['block1/conv2', HALF(32), 9 * 32 * 32],
    ['block1/shortcut/conv', HALF(32), 16 * 32],
    ['block2/bn1', HALF(32), 2 * 32],
    ['block2/conv1', QUARTER(64), 9 * 32 * 64],
    ['block2/bn2', QUARTER(64), 2 * 64],
    ['block2/conv2', QUARTER(64), 9 * 64 * 64],
    ['block2/shortcut/conv', QUARTER(64), 32 * 64],
    ['bn', QUARTER(64), 2 * 64],
  ] satisfies Row[]);
});

const BOTTLENECKS = { stem: 16, outer: 4, groups: 1 };

test('bottlenecks are 1x1, 3x3 and 1x1 between maps four times as wide, the 3x3 with the stride (He et al. 2016a, figure 5)', () => {
  expect(weighted(bottleneckOf('image', 16, 11, BOTTLENECKS))).toEqual([
    ['input', FULL(16), 9 * 3 * 16],
    ['bn', FULL(16), 2 * 16],
    ['block0/conv1', FULL(16), 16 * 16],
    ['block0/bn2', FULL(16), 2 * 16],
    ['block0/conv2', FULL(16), 9 * 16 * 16],
    ['block0/bn3', FULL(16), 2 * 16],
    ['block0/conv3', FULL(64), 16 * 64],
    ['block0/shortcut/conv', FULL(64), 16 * 64],
    ['block0/shortcut/bn', FULL(64), 2 * 64],
    ['block0/bn4', FULL(64), 2 * 64],
    ['block1/conv1', FULL(32), 64 * 32],
    ['block1/bn2', FULL(32), 2 * 32],
    ['block1/conv2', HALF(32), 9 * 32 * 32],
    ['block1/bn3', HALF(32), 2 * 32],
    ['block1/conv3', HALF(128), 32 * 128],
    ['block1/shortcut/conv', HALF(128), 64 * 128],
    ['block1/shortcut/bn', HALF(128), 2 * 128],
    ['block1/bn4', HALF(128), 2 * 128],
    ['block2/conv1', HALF(64), 128 * 64],
    ['block2/bn2', HALF(64), 2 * 64],
    ['block2/conv2', QUARTER(64), 9 * 64 * 64],
    ['block2/bn3', QUARTER(64), 2 * 64],
    ['block2/conv3', QUARTER(256), 64 * 256],
    ['block2/shortcut/conv', QUARTER(256), 128 * 256],
    ['block2/shortcut/bn', QUARTER(256), 2 * 256],
    ['block2/bn4', QUARTER(256), 2 * 256],
  ] satisfies Row[]);
});

describe('on CIFAR-10', () => {
  test.each([
    [20, 0.27, 0.01],
    [32, 0.46, 0.01],
    [44, 0.66, 0.01],
    [56, 0.85, 0.01],
    [110, 1.7, 0.1],
    [1202, 19.4, 0.1],
  ])(
    'ResNet-%i has %d million parameters without its two projections, as has the plain net (He et al. 2016a, table 6)',
    (depth, published, lastDigit) => {
      const [plain, resnet] = (['plain', 'original'] as const).map((form) =>
        layersOf(residualOf('image', 16, depth, { form }), 32, 10),
      );
      const added = resnet.filter(({ name }) => name.includes('shortcut'));
      expect(added.map(({ parameters }) => parameters)).toEqual([16 * 32, 2 * 32, 32 * 64, 2 * 64]);
      // The paper's shortcuts pad maps with zeros.
      const padded = parametersOf(resnet) - parametersOf(added);
      expect(padded).toBe(parametersOf(plain));
      expect(Math.abs(padded / 1e6 - published)).toBeLessThan(0.6 * lastDigit);
    },
  );

  test('ResNet-164 of pre-activation bottlenecks has 1.7 million (He et al. 2016b; Huang et al. 2017, table 2)', () => {
    const trunk: ResidualTrunk = { ...bottleneckOf('image', 16, 164, BOTTLENECKS), form: 'pre-activation' };
    expect(parametersOf(layersOf(trunk, 32, 10))).toBe(1_703_258);
  });
});
