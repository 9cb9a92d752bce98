/** Residual blocks: where they start as the identity, so do their gradients; what cardinality means. */
import * as tf from '@tensorflow/tfjs-core';
import { model as makeModel } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { ResidualTrunk, residualOf } from '#nets/architectures/residual.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { batchOutputs, disposeBatch, randomBatch } from '#nets/batch.ts';
import { weightsOf, writeWeights } from '#nets/convert.ts';
import { BN_EPSILON } from '#nets/architectures/layers.ts';
import { Conv } from '#nets/layers/conv.ts';
import { netLosses } from '#nets/loss.ts';
import { buildModel } from '#nets/model.ts';
import { resnetSpec } from '#nets/spec.ts';

beforeAll(() => useBackend('cpu'));

const CHANNELS = 6;

const modelOf = (options: Partial<ResidualTrunk>, blocks: number, narrow?: number): LayersModel => {
  // The first block is a stage of its own.
  const counts = [1, blocks - 1].filter((count) => count > 0);
  const stages = counts.map((count) => ({ blocks: count, channels: CHANNELS, narrow }));
  const trunk = { ...residualOf('board', CHANNELS, 8, { start: 'zero', ...options }), stages };
  return buildModel({ ...resnetSpec(1, CHANNELS), trunk }, 3);
};

/** A net of one block, and one of four with the same weights where both have them. */
async function shallowAndDeep(
  options: Partial<ResidualTrunk>,
  narrow?: number,
): Promise<readonly [LayersModel, LayersModel]> {
  const [shallow, deep] = [1, 4].map((blocks) => modelOf(options, blocks, narrow));
  writeWeights(deep, await weightsOf(shallow));
  return [shallow, deep];
}

/** What a model says of moves, and the gradient of its loss by the kernel below all blocks. */
function policyAndGradient(model: LayersModel, training: boolean): Float32Array[] {
  const batch = randomBatch(4, 5, 2);
  const kernel = model.weights.find(({ originalName }) => originalName === 'trunk/input/kernel');
  const values = tf.tidy(() => {
    const loss = (): tf.Scalar => netLosses(batchOutputs(model, batch, { training }), batch.targets).total;
    const { grads } = tf.variableGrads(loss, [kernel?.read() as tf.Variable]);
    const { policy } = batchOutputs(model, batch, { training });
    return [policy, ...Object.values(grads)].map((tensor) => tensor.dataSync() as Float32Array);
  });
  disposeBatch(batch);
  return values;
}

function expectClose(actual: Float32Array, expected: Float32Array): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(1e-5));
}

const FORMS = ['original', 'pre-activation'] as const;
const SHAPES: readonly (Partial<ResidualTrunk> & { narrow?: number })[] = [
  { norm: true },
  { norm: false },
  { norm: true, narrow: 2 },
  { norm: false, narrow: 2 },
  { norm: true, narrow: 4, groups: 2 },
  { norm: false, start: 'fixup' },
  { norm: false, start: 'fixup', narrow: 2 },
];

describe.each(FORMS)('where the branches of %s blocks start at 0', (form) => {
  test.each(SHAPES)('four blocks are as one, and so is the gradient below them: %j', async (shape) => {
    const { narrow, ...options } = shape;
    const [shallow, deep] = await shallowAndDeep({ form, ...options }, narrow);
    for (const training of [false, true]) {
      const [policy, gradient] = policyAndGradient(shallow, training);
      expect(gradient.some((g) => Math.abs(g) > 1e-3)).toBe(true);
      const ofDeep = policyAndGradient(deep, training);
      expectClose(ofDeep[0], policy);
      expectClose(ofDeep[1], gradient);
    }
    shallow.dispose();
    deep.dispose();
  });

  test.each(SHAPES)('each branch has a gradient, so that it does not stay there: %j', (shape) => {
    const { narrow, ...options } = shape;
    const model = modelOf({ form, ...options }, 2, narrow);
    const batch = randomBatch(4, 5, 2);
    for (const block of ['trunk/block0/', 'trunk/block1/']) {
      // A shift alone would come to be the same everywhere.
      const own = model.trainableWeights.filter(
        ({ originalName }) => originalName.startsWith(block) && !/(beta|bias|shift)$/.test(originalName),
      );
      const largest = tf.tidy(() => {
        const loss = (): tf.Scalar =>
          netLosses(batchOutputs(model, batch, { training: true }), batch.targets).total;
        const variables = own.map((weight) => weight.read() as tf.Variable);
        const gradients = Object.values(tf.variableGrads(loss, variables).grads);
        return Math.max(...gradients.flatMap((gradient) => [...tf.abs(gradient).dataSync()]));
      });
      expect(largest, block).toBeGreaterThan(1e-4);
    }
    disposeBatch(batch);
    model.dispose();
  });
});

describe.each(FORMS)('of a net of %s blocks whose maps change and whose branches start at 0', (form) => {
  /** Each block's input, its output, and what its projection gives, null where it has none. */
  function blocksOf(
    shortcut: ResidualTrunk['shortcut'],
  ): (readonly [tf.Tensor, tf.Tensor, tf.Tensor | null])[] {
    const options = { form, shortcut, start: 'zero' } as const;
    const trunk = residualOf('image', CHANNELS, 14, options);
    const spec = { image: { height: 9, width: 7, channels: 3 }, trunk };
    const model = buildModel({ ...spec, heads: { kind: 'classes', classes: 3 } }, 3);
    const names = model.layers.map(({ name }) => name);
    const end = form === 'original' ? 'relu' : 'sum';
    const ends = names.filter((name) => new RegExp(`^trunk/block\\d+/${end}$`).test(name));
    const starts = [form === 'original' ? 'trunk/bn' : 'trunk/input', ...ends];
    const run = (name: string): tf.Tensor => {
      const inner = makeModel({
        inputs: model.inputs,
        outputs: model.getLayer(name).output as SymbolicTensor,
      });
      return inner.predict(tf.randomNormal([2, 9, 7, 3], 0, 1, 'float32', 4)) as tf.Tensor;
    };
    return ends.map((block, i) => {
      const input = run(starts[i]);
      const projection = `trunk/block${i}/shortcut/conv`;
      if (!names.includes(projection)) return [input, run(block), null];
      // The shortcut of an original block has a norm behind it, that of a pre-activation block sees what the branch sees.
      const seen = form === 'original' ? input : run(`trunk/block${i}/bn1`);
      const projected = model.getLayer(projection).apply(seen) as tf.Tensor;
      return [
        input,
        run(block),
        form === 'original' ? tf.div(projected, Math.sqrt(1 + BN_EPSILON)) : projected,
      ];
    });
  }

  test.each([
    { shortcut: 'identity', projected: [2, 4] },
    { shortcut: 'projection', projected: [0, 1, 2, 3, 4, 5] },
  ] as const)(
    'those with a projection are it, the others the identity: $shortcut',
    ({ shortcut, projected }) => {
      tf.tidy(() => {
        const blocks = blocksOf(shortcut);
        expect(blocks.flatMap(([, , projection], i) => (projection === null ? [] : [i]))).toEqual(projected);
        for (const [input, output, projection] of blocks) {
          const carried = projection ?? input;
          const expected = form === 'original' ? tf.relu(carried) : carried;
          expect(output.shape).toEqual(expected.shape);
          expectClose(output.dataSync() as Float32Array, expected.dataSync() as Float32Array);
          expect(tf.max(tf.abs(output)).dataSync()[0]).toBeGreaterThan(0.1);
          if (projection !== null && output.shape.join() === input.shape.join())
            expect(tf.max(tf.abs(tf.sub(output, input))).dataSync()[0]).toBeGreaterThan(0.1);
        }
      });
    },
  );
});

test('Fixup scales what comes before the last convolution by L^(-1/(2m - 2)), and nothing else does', () => {
  const deviation = (start: ResidualTrunk['start'], narrow?: number): number => {
    const model = modelOf({ norm: false, start }, 9, narrow);
    const kernel = model.getLayer('trunk/block4/conv1').getWeights()[0];
    const [square] = tf.tidy(() => tf.mean(tf.square(kernel))).dataSync();
    model.dispose();
    return Math.sqrt(square);
  };
  // The same seed draws the same weights; nine blocks.
  expect(deviation('fixup') / deviation('zero')).toBeCloseTo(9 ** (-1 / 2), 5);
  expect(deviation('fixup', 4) / deviation('zero', 4)).toBeCloseTo(9 ** (-1 / 4), 5);
});

test.each([
  { nested: false, pooledEvery: 1 },
  { nested: false, pooledEvery: 2 },
  { nested: true, pooledEvery: 1 },
])(
  'what the branches of a kata trunk end with is scaled by L^(-1/2), and nothing else is: %j',
  async (options) => {
    // The same seed draws the same weights.
    const [one, nine] = await Promise.all(
      [1, 9].map(async (blocks) => {
        const trunk = { kind: 'kata', blocks, channels: CHANNELS, ...options } as const;
        const model = buildModel({ ...resnetSpec(1, CHANNELS), trunk }, 3);
        const weights = await weightsOf(model);
        model.dispose();
        return weights;
      }),
    );
    for (const [name, { values }] of one) {
      if (!/^trunk\/block0\/.*kernel$/.test(name)) continue;
      const scale = /\/(conv2|up)\/kernel$/.test(name) ? 1 / 3 : 1;
      expectClose(
        nine.get(name)?.values ?? new Float32Array(),
        values.map((value) => scale * value),
      );
    }
  },
);

test('a block with its norm after the sum is no identity: while its branch is 0, it divides by sqrt(1 + epsilon)', async () => {
  const [shallow, deep] = await shallowAndDeep({ form: 'bn-after-add' });
  const batch = randomBatch(2, 5, 2);
  const topOf = (model: LayersModel, layer: string): Float32Array =>
    tf.tidy(() => {
      const { output } = model.getLayer(layer);
      const inner = makeModel({ inputs: model.inputs, outputs: output as SymbolicTensor });
      return (inner.predict([batch.planes, batch.globals]) as tf.Tensor).dataSync() as Float32Array;
    });
  const [one, four] = [topOf(shallow, 'trunk/block0/bn3'), topOf(deep, 'trunk/block3/bn3')];
  expectClose(
    four,
    one.map((value) => value * (1 + BN_EPSILON) ** (-3 / 2)),
  );
  disposeBatch(batch);
  shallow.dispose();
  deep.dispose();
});

test('groups divide the narrow maps of every stage, or the trunk is refused', () => {
  const isTaken = (...narrows: (number | undefined)[]): boolean => {
    const stages = narrows.map((narrow) => ({ blocks: 1, channels: CHANNELS, narrow }));
    const trunk = { ...residualOf('board', CHANNELS, 8, { groups: 4 }), stages };
    return ResidualTrunk.safeParse(trunk).success;
  };
  expect([isTaken(8, 4), isTaken(8, 6), isTaken(8, undefined)]).toEqual([true, false, false]);
});

test('a convolution in groups is that of each part of the channels on its own, side by side', () => {
  const [groups, channels, filters] = [3, 6, 9];
  const grouped = new Conv({ name: 'grouped', size: 3, filters, seed: 1, groups });
  tf.tidy(() => {
    const x = tf.randomNormal<tf.Rank.R4>([2, 5, 4, channels], 0, 1, 'float32', 2);
    const y = grouped.apply(x) as tf.Tensor;
    const kernels = tf.split(grouped.getWeights()[0] as tf.Tensor4D, groups, 3) as tf.Tensor4D[];
    const parts = tf
      .split(x, groups, 3)
      .map((part, i) => tf.conv2d(part as tf.Tensor4D, kernels[i], 1, 'same'));
    expectClose(y.dataSync() as Float32Array, tf.concat(parts, 3).dataSync() as Float32Array);
  });
});
