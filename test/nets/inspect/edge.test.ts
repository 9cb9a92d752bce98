/** What maps are said to know of the edge, of nets where it is known by counting. */
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import type { NetFile } from '#nets/file.ts';
import { edgeAudit, edgeKnowledge } from '#nets/inspect/edge.ts';
import type { EdgeLayer } from '#nets/inspect/edge.ts';
import { inspectNet } from '#nets/inspect/inspect.ts';
import type { Block } from '#nets/katago/spec.ts';
import { weightShapes } from '#nets/weight-shapes.ts';
import { randomNet, specOf } from '../architectures/small-nets.ts';
import { attention, ordinary, randomKataGoNet } from '../katago/random-nets.ts';

beforeAll(() => useBackend('wasm'));

/**
 * In the first channel each convolution sums its window, from the plane that is 1 on the board on, and norms do nothing;
 * all else is 0 but the bias of the last, which is 1.
 */
function countingNet(kernel: number, blocks: readonly Block[]): NetFile {
  const { spec, provenance } = randomKataGoNet(8, blocks, 'relu');
  if (spec.trunk.kind !== 'katago') throw new Error("a trunk of KataGo's is needed");
  const own = { ...spec, trunk: { ...spec.trunk, kernel } };
  const weights = new Map(
    Array.from(weightShapes(own), ([name, shape]) => {
      const values = new Float32Array(shape.reduce((size, side) => size * side, 1));
      const outputs = shape.at(-1) as number;
      if (shape.length === 4) for (let i = 0; i < values.length; i += shape[2] * outputs) values[i] = 1;
      else if (/\/(scale|shift)$/.test(name)) values.fill(name.endsWith('scale') ? 1 : 0);
      return [name, { shape, values }];
    }),
  );
  weights.get('trunk/norm/shift')?.values.fill(1);
  return { spec: own, weights, provenance };
}

async function audited(net: NetFile, size: number): Promise<Record<string, EdgeLayer>> {
  const layers = await edgeAudit(net, size);
  return Object.fromEntries(layers.map((layer) => [layer.name, layer]));
}

test('convolutions of 1x1 with biases know nothing of the edge', async () => {
  const layers = await edgeAudit(countingNet(1, []), 9);
  expect(layers.map(({ name }) => name)).toEqual(['trunk/input', 'trunk/sum', 'trunk/norm']);
  for (const layer of layers)
    expect(layer).toMatchObject({ channels: 8, telling: 0, deviation: 0, reach: 0, tellingReach: 0 });
});

test('each convolution of 3x3 knows the edge one line further in, and by as much as of its window lies beyond', async () => {
  const layers = await audited(countingNet(3, [ordinary('relu')]), 13);
  // Of 9 points the corner sees 4; of the sums of 9, which are 4, 6, 6 and 9 there, it sees 25 in the place of 81.
  expect(layers['trunk/input']).toMatchObject({ telling: 1, reach: 1, tellingReach: 1 });
  expect(layers['trunk/input'].deviation).toBeCloseTo(5 / 9, 6);
  expect(layers['trunk/block0/conv1']).toMatchObject({ channels: 6, telling: 1, reach: 2, tellingReach: 2 });
  expect(layers['trunk/block0/conv1'].deviation).toBeCloseTo(56 / 81, 6);
  expect(layers['trunk/block0/conv2']).toMatchObject({ telling: 1, reach: 3 });
  expect(layers['trunk/norm']).toMatchObject({ channels: 8, telling: 1, reach: 3 });
});

test('a difference tells beyond a hundredth of the largest value of the map, wherever that is', () => {
  const [size, channels] = [5, 3];
  const map = new Float32Array(size * size * channels).fill(-1);
  const set = (x: number, y: number, c: number, value: number): void => {
    map[(y * size + x) * channels + c] = value;
  };
  set(0, 3, 0, -1.5);
  set(1, 2, 1, -1.01);
  set(2, 2, 2, -2);
  // The third channel is -2 at the centre alone, so that its every other point differs by half of the largest.
  expect(edgeKnowledge(map, size)).toEqual({
    channels,
    telling: 2,
    deviation: 0.5,
    reach: 2,
    tellingReach: 2,
  });
  set(2, 2, 2, -1);
  expect(edgeKnowledge(map, size)).toMatchObject({ telling: 1, reach: 2, tellingReach: 1 });
  expect(edgeKnowledge(new Float32Array(25), size)).toMatchObject({ telling: 0, deviation: 0, reach: 0 });
});

test.each(['2x8', 'resnet-8:4', 'kata-3:8'])(
  'the edge reaches as far into the maps of %s as windows do, which pools of the whole board do not change',
  async (name) => {
    const { spec, ...net } = randomNet(specOf(name));
    const size = 21;
    const fields = new Map(inspectNet(spec, size).layers.map((layer) => [layer.name, layer.field.side]));
    for (const { name: layer, reach } of await edgeAudit({ spec, ...net }, size))
      expect(reach, layer).toBe(((fields.get(layer) ?? NaN) - 1) / 2);
  },
);

test('attention by place knows the edge everywhere', async () => {
  const layers = await audited(randomKataGoNet(17, [attention('fixed')], 'relu'), 15);
  expect(layers['trunk/input'].reach).toBe(2);
  expect(layers['trunk/block0'].reach).toBe(7);
});
