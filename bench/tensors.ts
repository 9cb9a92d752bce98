/** Speed of nets on this machine: training positions and evaluations a second, and our convolution gradients beside the stock ones. */
import * as tf from '@tensorflow/tfjs-core';
import { median } from 'simple-statistics';
import { makeRng } from '#engine/go/random.ts';
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { convSame } from '#nets/backend/conv.ts';
import { initBackend } from '#nets/backend/init.ts';
import { netFromModel } from '#nets/convert.ts';
import { makeEvaluator } from '#nets/evaluator.ts';
import { TENGEN_V1, encodeTengenV1 } from '#nets/features/tengen-v1.ts';
import { netLosses } from '#nets/loss.ts';
import { buildModel } from '#nets/model.ts';
import { resnetSpec } from '#nets/spec.ts';

const SIZE = 9;
const BATCH = 64;
const ROUNDS = 5;

/** Median seconds of `ROUNDS` runs after one to warm up. */
async function seconds(run: () => void | Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const start = performance.now();
    await run();
    if (round > 0) times.push((performance.now() - start) / 1000);
  }
  return median(times);
}

/**
 * One 3x3 layer forward and back to its input, in milliseconds, by tfjs's own gradient and by ours. The WASM backend
 * has no filter gradient of its own to compare with; ours is timed alone.
 */
async function convGradients(
  channels: number,
): Promise<{ layer: string; stockInputMs: number; ourInputMs: number; ratio: number; ourBothMs: number }> {
  const x = tf.randomNormal([BATCH, SIZE, SIZE, channels]) as tf.Tensor4D;
  const kernel = tf.randomNormal([3, 3, channels, channels]) as tf.Tensor4D;
  const inputGradient = (conv: (x: tf.Tensor4D) => tf.Tensor): Promise<number> => {
    const gradient = tf.grad((a) => conv(a as tf.Tensor4D));
    return seconds(() => tf.dispose(gradient(x)));
  };
  const stock = await inputGradient((a) => tf.conv2d(a, kernel, 1, 'same'));
  // The kernel is a constant here, so that its gradient is not computed: the same turned convolution as in convSame.
  const turned = tf.transpose(tf.reverse(kernel, [0, 1]), [0, 1, 3, 2]) as tf.Tensor4D;
  const ours = await seconds(() =>
    tf.tidy(() => void tf.conv2d(tf.onesLike(tf.conv2d(x, kernel, 1, 'same')), turned, 1, 'same')),
  );
  const both = tf.grads((a, b) => convSame(a as tf.Tensor4D, b as tf.Tensor4D));
  const ourBoth = await seconds(() => tf.dispose(both([x, kernel])));
  tf.dispose([x, kernel, turned]);
  const ms = (time: number): number => Number((1000 * time).toFixed(1));
  return {
    layer: `3x3 ${channels}->${channels}, ${BATCH} boards of 9x9`,
    stockInputMs: ms(stock),
    ourInputMs: ms(ours),
    ratio: Number((stock / ours).toFixed(1)),
    ourBothMs: ms(ourBoth),
  };
}

async function netSpeed(
  blocks: number,
  channels: number,
): Promise<{ net: string; trainingPositionsPerSecond: number; evaluationsPerSecond: number }> {
  const spec = resnetSpec(blocks, channels);
  const model = buildModel(spec, 1);
  const rng = makeRng(1);
  const planes = tf.tidy(() =>
    tf.cast(tf.greater(tf.randomUniform([BATCH, SIZE, SIZE, TENGEN_V1.planes]), 0.7), 'float32'),
  );
  const onBoard = tf.concat(
    [tf.ones([BATCH, SIZE, SIZE, 1]), tf.slice(planes, [0, 0, 0, 1], [-1, -1, -1, -1])],
    3,
  );
  const globals = tf.zeros([BATCH, TENGEN_V1.globals]);
  const area = SIZE * SIZE;
  const column = tf.ones([BATCH, 1]) as tf.Tensor2D;
  const moves = tf.tensor1d(
    Array.from({ length: BATCH }, () => rng.nextInt(area + 1)),
    'int32',
  );
  const targets = {
    policy: tf.cast(tf.oneHot(moves, area + 1), 'float32') as tf.Tensor2D,
    value: column,
    valueKnown: column,
    score: column,
    areaKnown: column,
    ownership: tf.ones([BATCH, area]) as tf.Tensor2D,
    mask: tf.ones([BATCH, area]) as tf.Tensor2D,
  };
  const optimizer = tf.train.momentum(0.01, 0.9, true);
  const step = await seconds(() => {
    optimizer.minimize(
      () => netLosses(model.apply([onBoard, globals], { training: true }) as tf.Tensor[], targets).total,
    );
  });
  const evaluator = await makeEvaluator(netFromModel(model, spec, {}), { maxBatch: 32 });
  const position = Position.start({ width: SIZE, height: SIZE, rules: RULE_PRESETS.chinese });
  const requests = Array.from({ length: 128 }, () => ({ position, symmetry: rng.nextInt(8) }));
  const evaluation = await seconds(() => evaluator.evaluate(requests));
  await evaluator.close();
  return {
    net: `${blocks} blocks x ${channels} channels`,
    trainingPositionsPerSecond: Math.round(BATCH / step),
    evaluationsPerSecond: Math.round(128 / evaluation),
  };
}

/** Microseconds to encode the features of positions reached by random play. */
async function encodingSpeed(): Promise<number> {
  const rng = makeRng(2);
  const positions: Position[] = [];
  let position = Position.start({ width: SIZE, height: SIZE, rules: RULE_PRESETS.chinese });
  for (let i = 0; i < 60; i++) {
    positions.push(position);
    const moves = position.legalMoves();
    const played = position.play(moves[rng.nextInt(moves.length - 1)]);
    if (played.ok) position = played.position;
  }
  const planes = new Float32Array(SIZE * SIZE * TENGEN_V1.planes);
  const globals = new Float32Array(TENGEN_V1.globals);
  const repeats = 50;
  const total = await seconds(() => {
    for (let i = 0; i < repeats; i++)
      for (const each of positions) {
        planes.fill(0);
        encodeTengenV1(each, i & 7, planes, globals, SIZE);
      }
  });
  return (1e6 * total) / (repeats * positions.length);
}

await initBackend('wasm');
const gradients = [await convGradients(32), await convGradients(96)];
const nets = [await netSpeed(4, 32), await netSpeed(6, 96)];
const encodingMicroseconds = Number((await encodingSpeed()).toFixed(1));
if (process.argv.includes('--json')) console.log(JSON.stringify({ gradients, nets, encodingMicroseconds }));
else {
  console.table(gradients);
  console.table(nets);
  console.log(`features of a 9x9 position: ${encodingMicroseconds} microseconds, ladders included`);
}
