/** The learner: learns, resumes to the same bytes, and says what does not fit. */
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { namedSpec } from '#nets/architectures/named.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { batchOutputs, disposeBatch, randomBatch } from '#nets/batch.ts';
import type { Batch } from '#nets/batch.ts';
import type { WeightArray } from '#nets/file.ts';
import { buildModel } from '#nets/model.ts';
import { toOnnx } from '#nets/onnx/export.ts';
import { resnetSpec } from '#nets/spec.ts';
import type { NetSpec } from '#nets/spec.ts';
import { weightsProblem } from '#nets/weight-shapes.ts';
import { boardLesson, trainedSpec } from '#training/board-lesson.ts';
import { LearnerConfig } from '#training/learner-config.ts';
import { Learner, stepsArray } from '#training/learner.ts';
import type { Lesson } from '#training/lesson.ts';
import { attention, feedForward, ordinary, randomKataGoNet } from '../nets/katago/random-nets.ts';

beforeAll(() => useBackend('wasm'));

const spec = resnetSpec(1, 4);
const learners: Learner[] = [];
afterEach(() => learners.splice(0).forEach((learner) => learner.dispose()));

function learner(options: object = {}, seed = 1, of: NetSpec = spec): Learner {
  const config = LearnerConfig.parse({ warmup: 2, clipNorm: 1, ...options });
  const made = new Learner(trainedSpec(of, config), config, seed);
  learners.push(made);
  lossesOf.set(made, config);
  return made;
}
const lossesOf = new WeakMap<Learner, LearnerConfig>();

const lessonFor = (of: Learner, batch: Batch): Lesson =>
  boardLesson(batch, lossesOf.get(of) ?? LearnerConfig.parse({}));

async function steps(of: Learner, count: number): Promise<Record<string, number>> {
  let losses: Record<string, number> = {};
  for (let i = 0; i < count; i++) {
    const lesson = lessonFor(of, randomBatch(4, 5, of.steps));
    losses = await of.step(lesson);
    lesson.dispose();
  }
  return losses;
}

test.each(['nesterov', 'alexnet', 'adamw'])(
  'with %s a learner restored from a state goes on to the same bytes',
  async (optimizer) => {
    const [straight, stopped, resumed] = [1, 1, 2].map((seed) => learner({ optimizer }, seed));
    await steps(straight, 5);
    await steps(stopped, 3);
    expect(resumed.restore(await stopped.state())).toBeNull();
    expect(resumed.steps).toBe(3);
    expect(await steps(resumed, 2)).toEqual(await steps(learner({ optimizer }), 5));
    expect(await resumed.state()).toEqual(await straight.state());
    expect(await resumed.averaged()).toEqual(await straight.averaged());
  },
);

test('what is saved as a net has no head of the reply, whose loss is learned all the same', async () => {
  const made = learner();
  expect(await steps(made, 1)).toHaveProperty('replyLoss');
  for (const weights of [await made.weights(), await made.averaged()])
    expect(weightsProblem(made.spec, weights)).toBeNull();
  expect(await steps(learner({ lossWeights: { reply: 0 } }), 1)).not.toHaveProperty('replyLoss');
});

test('steps leave no tensor behind, and neither does the learner', async () => {
  const before = tf.memory().numTensors;
  const made = learner({ optimizer: 'adamw' });
  await steps(made, 1);
  const during = tf.memory().numTensors;
  await steps(made, 3);
  expect(tf.memory().numTensors).toBe(during);
  learners.pop()?.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('a learner that has worked begins anew from a net as a new one does', async () => {
  const options = { optimizer: 'adamw', lossWeights: { reply: 0 } };
  const [net, used, fresh] = [1, 2, 3].map((seed) => learner(options, seed));
  await steps(used, 3);
  const weights = await net.weights();
  for (const each of [used, fresh]) expect(each.start(weights)).toBeNull();
  expect(await used.averaged()).toEqual(weights);
  expect(await used.state()).toEqual(await fresh.state());
});

test.each<[string, (state: Map<string, WeightArray>) => void, RegExp]>([
  [
    'without a velocity',
    (state) => state.delete('momentum/trunk/input/kernel'),
    /^weight momentum\/trunk\/input\/kernel is missing$/,
  ],
  [
    'with a weight too much',
    (state) => state.set('other', { shape: [1], values: new Float32Array(1) }),
    /^weight other is no part of the net$/,
  ],
  [
    'of another width',
    (state) => state.set('average/trunk/bn/gamma', { shape: [5], values: new Float32Array(5) }),
    /^weight average\/trunk\/bn\/gamma has the shape \[5\], not \[4\]$/,
  ],
  ['without its steps', (state) => state.delete('steps'), /^weight steps is missing$/],
  [
    'after half a step',
    (state) => state.set('steps', { shape: [2], values: Float32Array.of(0, 2.5) }),
    /^its number of steps is 2\.5$/,
  ],
  [
    'after less than none',
    (state) => state.set('steps', { shape: [2], values: Float32Array.of(0, -1) }),
    /^its number of steps is -1$/,
  ],
])('a state %s is refused and changes nothing', async (_, damage, message) => {
  const [source, made] = [learner(), learner({}, 2)];
  await steps(source, 1);
  const [state, before] = [await source.state(), await made.state()];
  damage(state);
  expect(made.restore(state)).toMatch(message);
  expect(await made.state()).toEqual(before);
});

test('a net of another width cannot be started from', async () => {
  const other = learner({}, 1, resnetSpec(1, 8));
  expect(learner().start(await other.weights())).toMatch(/^weight trunk\/input\/kernel has the shape/);
});

test.each([0, 1, 2 ** 24 + 1, 2 ** 40 + 3])('%d steps survive being stored', async (count) => {
  const made = learner();
  expect(made.restore((await made.state()).set('steps', stepsArray(count)))).toBeNull();
  expect(made.steps).toBe(count);
});

test('the same weights begin a net with and without the head of the reply, which drops out of what is played', async () => {
  const [withReply, without] = [learner(), learner({ lossWeights: { reply: 0 } })];
  expect(await withReply.weights()).toEqual(await without.weights());
  const bytes = async (of: Learner): Promise<Uint8Array> =>
    toOnnx({ spec: of.spec, weights: await of.weights(), provenance: {} });
  expect(await bytes(withReply)).toEqual(await bytes(without));
});

test('the reply is learned: its loss falls below that of guessing', async () => {
  const made = learner({ learningRate: 0.05 });
  const lesson = lessonFor(made, randomBatch(8, 5, 1));
  let loss = NaN;
  for (let i = 0; i < 60; i++) ({ replyLoss: loss } = await made.step(lesson));
  lesson.dispose();
  expect(loss).toBeLessThan(0.5 * Math.log(26));
});

test('the weights of the losses make up the total, and a weight of 0 teaches nothing', async () => {
  const lossWeights = { policy: 0.5, value: 2, score: 0, ownership: 3, reply: 0.25 };
  const made = learner({ lossWeights });
  const losses = await steps(made, 1);
  const total = Object.entries(lossWeights).reduce(
    (sum, [name, weight]) => sum + weight * losses[`${name}Loss`],
    0,
  );
  expect(losses.totalLoss).toBeCloseTo(total, 5);
  const before = await learner({ lossWeights }).weights();
  const after = await made.weights();
  // Its kernel only decays, by less than a thousandth in a step.
  const [was, is] = [before, after].map((weights) => weights.get('value/score/bias')?.values);
  expect(is).toEqual(was);
});

test('without an average the net to play with is the one that learns', async () => {
  const made = learner({ averageDecay: null });
  await steps(made, 2);
  expect(await made.averaged()).toEqual(await made.weights());
  const averaging = learner();
  await steps(averaging, 2);
  expect(await averaging.averaged()).not.toEqual(await averaging.weights());
});

test('the average is of all weights and statistics of the net that plays, by the share of each step behind it', async () => {
  const made = learner({ averageDecay: 0.3 });
  const expected = await made.weights();
  for (let step = 1; step <= 4; step++) {
    await steps(made, 1);
    // 2 / 11, 3 / 12, and then the decay.
    const share = Math.min(0.3, (1 + step) / (10 + step));
    for (const [name, { values }] of await made.weights())
      expected.get(name)?.values.forEach((average, i, all) => {
        all[i] = share * average + (1 - share) * values[i];
      });
  }
  for (const [name, { values }] of await made.averaged())
    values.forEach((value, i) => expect(value, name).toBeCloseTo(expected.get(name)?.values[i] ?? NaN, 5));
});

test('what the learner tells of a step is finite or says that the net diverged', async () => {
  const made = learner({ clipNorm: null });
  const batch = randomBatch(4, 5, 1);
  expect(Object.values(await made.step(lessonFor(made, batch))).every(Number.isFinite)).toBe(true);
  const broken = { ...batch, globals: tf.fill(batch.globals.shape, NaN) as tf.Tensor2D };
  const losses = await made.step(lessonFor(made, broken));
  expect(losses.totalLoss).toBeNaN();
  expect(losses.gradientNorm).toBeNaN();
  tf.dispose(broken.globals);
  disposeBatch(batch);
});

test("nets with KataGo's heads learn too, without a head of the reply", async () => {
  const { spec: kataGo } = randomKataGoNet(15, [ordinary('mish')], 'mish');
  const made = learner({ learningRate: 1e-3 }, 1, kataGo);
  const losses = await steps(made, 2);
  expect(losses).not.toHaveProperty('replyLoss');
  expect(Object.values(losses).every(Number.isFinite)).toBe(true);
  expect(weightsProblem(kataGo, await made.averaged())).toBeNull();
});

/** What follows the last slash in the names of kernels. */
const KERNELS = new Set(['kernel', 'query', 'key', 'value', 'output', 'linear', 'gate']);
const isKernelName = (name: string): boolean => KERNELS.has(name.slice(name.lastIndexOf('/') + 1));
type Weights = Map<string, WeightArray>;
const transformer = randomKataGoNet(17, [attention('learned'), feedForward, ordinary('relu')], 'relu').spec;

/** The weights before and after a step of a lesson that teaches nothing. */
async function idleStep(options: object): Promise<{ before: Weights; after: Weights }> {
  const made = learner({ learningRate: 1, warmup: 0, clipNorm: null, ...options }, 1, transformer);
  const before = await made.weights();
  const lesson = lessonFor(made, randomBatch(4, 5, 1));
  const idle: Lesson = {
    ...lesson,
    losses: (...given) => ({ total: tf.mul(lesson.losses(...given).total, 0) }),
  };
  await made.step(idle);
  lesson.dispose();
  return { before, after: await made.weights() };
}

test('kernels decay, matrices of attention and of gated layers among them, and nothing else does', async () => {
  const { before, after } = await idleStep({ weightDecay: 0.5 });
  for (const [name, { values }] of after) {
    const kept = isKernelName(name) ? 0.5 : 1;
    expect(values, name).toEqual(before.get(name)?.values.map((value) => kept * value));
  }
});

test.each(['l1', 'l2', 'groupLasso'])(
  'the penalty %s is of kernels, and of nothing else',
  async (penalty) => {
    const { before, after } = await idleStep({ weightDecay: 0, penalties: { [penalty]: 0.01 } });
    for (const [name, weight] of after)
      if (!isKernelName(name)) expect(weight, name).toEqual(before.get(name));
      else if (weight.values.some((value) => value !== 0)) expect(weight, name).not.toEqual(before.get(name));
  },
);

test('the norm of the gradient of a layer is over all its kernels', async () => {
  const made = learner({}, 1, transformer);
  const lesson = lessonFor(made, randomBatch(4, 5, 1));
  const norms = await made.gradientNorms(lesson);
  const model = buildModel(transformer, 1);
  const names = new Map(
    model.trainableWeights.map((weight) => [(weight.read() as tf.Variable).name, weight.originalName]),
  );
  const squares = new Map<string, number>();
  tf.tidy(() => {
    for (const [variable, gradient] of Object.entries(
      tf.variableGrads(() => lesson.losses(model, 0).total).grads,
    )) {
      const name = names.get(variable);
      if (name === undefined || !isKernelName(name)) continue;
      const layer = name.slice(0, name.lastIndexOf('/'));
      const [square] = tf.sum(tf.square(gradient)).dataSync();
      squares.set(layer, (squares.get(layer) ?? 0) + square);
    }
  });
  lesson.dispose();
  model.dispose();
  expect([...norms.keys()].slice(0, 4)).toEqual([
    'trunk/input',
    'trunk/globals',
    'trunk/block0',
    'trunk/block1',
  ]);
  expect(new Set(norms.keys())).toEqual(new Set(squares.keys()));
  for (const [layer, norm] of norms) expect(norm, layer).toBeCloseTo(Math.sqrt(squares.get(layer) ?? NaN), 4);
});

test('l1 makes weights exactly 0, group lasso whole filters, and l2 neither', async () => {
  const zeros = async (penalties: object): Promise<{ weights: number; filters: number }> => {
    const made = learner({ penalties, weightDecay: 0, learningRate: 0.05, clipNorm: null });
    await steps(made, 40);
    const kernel = (await made.weights()).get('trunk/block0/conv1/kernel');
    if (kernel === undefined) throw new Error('the kernel is needed');
    const { values, shape } = kernel;
    const filters = shape[3];
    const isZero = Array.from({ length: filters }, (_, f) =>
      values.every((w, i) => i % filters !== f || w === 0),
    );
    return { weights: values.filter((w) => w === 0).length, filters: isZero.filter((it) => it).length };
  };
  expect(await zeros({ l2: 0.1 })).toEqual({ weights: 0, filters: 0 });
  const [l1, group] = [await zeros({ l1: 0.01 }), await zeros({ groupLasso: 0.1 })];
  expect(l1.weights).toBeGreaterThan(30);
  expect(group.filters).toBeGreaterThan(0);
  expect(group.weights).toBe(36 * group.filters);
});

test('frozen layers keep every bit of their weights, statistics and averages included; the others learn', async () => {
  const made = learner({ freeze: ['trunk/input', 'trunk/block0/*', '*/bn'] });
  const before = await made.weights();
  await steps(made, 3);
  const [after, averaged] = [await made.weights(), await made.averaged()];
  for (const [name, weight] of before) {
    const isFrozen = /^trunk\/(input|block0)\/|\/bn\//.test(name);
    const expected = isFrozen ? expect(after.get(name)) : expect(after.get(name)).not;
    // What nothing depends on at the first steps, biases of score and pass, need not move.
    if (isFrozen || name.endsWith('/kernel')) expected.toEqual(weight);
    if (isFrozen) expect(averaged.get(name)).toEqual(weight);
  }
});

test('a net begins with the trunk of one with other heads, and with those of its heads that fit', async () => {
  const heads = { kind: 'tengen', policyChannels: 4, valueChannels: 6, valueHidden: 8 } as const;
  const [source, made] = [learner({}, 1), learner({}, 2, { ...spec, heads })];
  const [from, before] = [await source.weights(), await made.weights()];
  expect(made.start(from)).toBeNull();
  for (const [name, weight] of await made.weights())
    expect(weight, name).toEqual(
      (name.startsWith('value/') || name.startsWith('ownership/') ? before : from).get(name),
    );
  from.delete('trunk/bn/gamma');
  expect(made.start(from)).toBe('weight trunk/bn/gamma is missing');
});

test('what a net has learned on one size of board it goes on with on another', async () => {
  const [small, large] = [learner({ learningRate: 0.02 }), learner({ learningRate: 0.02 }, 2)];
  await steps(small, 2);
  const learned = await small.weights();
  expect(large.start(learned)).toBeNull();
  const lesson = lessonFor(large, randomBatch(2, 13, 1));
  const losses = await large.step(lesson);
  lesson.dispose();
  expect(losses.totalLoss).toBeLessThan(10);
  expect(await large.weights()).not.toEqual(learned);
});

test('smoothed labels ask for a share of every answer on the board, and leave measurements as they are', async () => {
  const [sure, unsure] = [learner(), learner({ labelSmoothing: 0.5 })];
  const losses = await Promise.all(
    [sure, unsure].map(async (made) => {
      const lesson = lessonFor(made, randomBatch(4, 5, 1));
      const model = buildModel(spec, 1);
      const [measured, step] = [
        tf.tidy(() => Object.values(lesson.measures(model)).map((one) => one.dataSync()[0])),
        await made.step(lesson),
      ];
      model.dispose();
      lesson.dispose();
      return { measured, step };
    }),
  );
  expect(losses[0].measured).toEqual(losses[1].measured);
  expect(losses[0].step.valueLoss).toBeCloseTo(losses[1].step.valueLoss, 5);
  expect(losses[0].step.policyLoss).not.toBeCloseTo(losses[1].step.policyLoss, 3);
});

test('a smoothed label asks for nothing off the board, and for a share of passing', () => {
  const [BOARDS, SIDE, SMOOTHING] = [2, 5, 0.2];
  const full = randomBatch(BOARDS, SIDE, 1);
  // The second board is a column narrower; on both passing is the answer.
  const isOn = (board: number, point: number): boolean => board === 0 || point % SIDE < SIDE - 1;
  const points = Array.from({ length: SIDE ** 2 }, (_, point) => point);
  const mask = tf.tensor2d([0, 1].map((board) => points.map((point) => Number(isOn(board, point)))));
  const batch: Batch = {
    ...full,
    fullBoards: false,
    planes: tf.mul(full.planes, tf.reshape(mask, [BOARDS, SIDE, SIDE, 1])),
    targets: { ...full.targets, mask, policy: tf.tensor2d([0, 1].map(() => [...points.map(() => 0), 1])) },
  };
  const model = buildModel(spec, 1);
  const { lossWeights } = LearnerConfig.parse({ lossWeights: { reply: 0 } });
  tf.tidy(() => {
    const { policy } = boardLesson(batch, { lossWeights, labelSmoothing: SMOOTHING }).losses(model, 1);
    const logits = batchOutputs(model, batch, { training: true }).policy as tf.Tensor2D;
    const losses = logits.arraySync().map((row, board) => {
      const answers = row.filter((_, move) => move === points.length || isOn(board, move));
      const logSum = Math.log(answers.reduce((sum, logit) => sum + Math.exp(logit), 0));
      const uniform = answers.reduce((sum, logit) => sum + (logSum - logit) / answers.length, 0);
      return (1 - SMOOTHING) * (logSum - row[points.length]) + SMOOTHING * uniform;
    });
    expect(policy.dataSync()[0]).toBeCloseTo((losses[0] + losses[1]) / 2, 4);
  });
  model.dispose();
});

test('gradient norms are of the whole net: no path and no unit is dropped for them', async () => {
  const named = namedSpec('fractal-2:4');
  if (!named.ok) throw new Error(named.message);
  for (const seed of [1, 2, 3, 4]) {
    const made = learner({}, seed, named.spec);
    const lesson = lessonFor(made, randomBatch(4, 5, 1));
    const norms = await made.gradientNorms(lesson);
    lesson.dispose();
    const ofColumns = [...norms].filter(([layer]) => layer.includes('/column'));
    expect(ofColumns).toHaveLength(2 * 3);
    for (const [layer, norm] of ofColumns) expect(norm, layer).toBeGreaterThan(0);
  }
});
