/** The blocks of a transformer, as KataGo has them: what attention among the points of the board adds, and a gated layer at each. */
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';
import type { Shape } from '@tensorflow/tfjs-layers';
import { ropeFrequencies } from '../katago/rope.ts';
import type { BlockOf } from '../katago/spec.ts';
import { hidden } from './combine.ts';
import { initialiser } from './initialiser.ts';
import { overRms } from './norms.ts';

type LayerVariable = ReturnType<layers.Layer['addWeight']>;

/** A layer whose weights are a norm of its input's channels, which begins as 1, and matrices, which begin by Glorot. */
abstract class MatrixLayer extends layers.Layer {
  private readonly variables = new Map<string, LayerVariable>();
  private readonly seed: number;

  constructor(name: string, seed: number) {
    super({ name });
    this.seed = seed;
  }

  protected addNorm(channels: number): void {
    this.variables.set('norm', this.addWeight('norm', [channels], 'float32', initializers.ones()));
  }

  /** @param shape of the weight that holds it. */
  protected addMatrix(name: string, fanIn: number, fanOut: number, shape = [fanIn, fanOut]): void {
    const random = initialiser('glorot', 1, { fanIn, fanOut }, this.seed + this.variables.size);
    this.variables.set(name, this.addWeight(name, shape, 'float32', random));
  }

  protected weight(name: string): tf.Tensor {
    const variable = this.variables.get(name);
    if (variable === undefined) throw new Error(`internal: ${name} used before it was built`);
    return variable.read();
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
  }
}

const product = (x: tf.Tensor, matrix: tf.Tensor): tf.Tensor => {
  const [inner, outer] = matrix.shape;
  const flat = tf.matMul(tf.reshape(x, [-1, inner]) as tf.Tensor2D, matrix as tf.Tensor2D);
  return tf.reshape(flat, [...x.shape.slice(0, -1), outer]);
};

/** [x [N, H, W, C], mask [N, H, W, 1]] -> what attention adds to x. */
export class Attention extends MatrixLayer {
  static className = 'TengenAttention';
  private readonly block: BlockOf<'attention'>;

  constructor({ name, block, seed }: { name: string; block: BlockOf<'attention'>; seed: number }) {
    super(name, seed);
    this.block = block;
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = (inputShape as Shape[])[0][3] as number;
    const { heads, kvHeads, queryDim, valueDim, rope } = this.block;
    this.addNorm(channels);
    this.addMatrix('query', channels, heads * queryDim);
    this.addMatrix('key', channels, kvHeads * queryDim);
    this.addMatrix('value', channels, kvHeads * valueDim);
    this.addMatrix('output', heads * valueDim, channels);
    // From a place, a column and a row, to the angles of all pairs.
    const pairs = queryDim / 2;
    if (rope.kind === 'learned') this.addMatrix('frequencies', 2, kvHeads * pairs, [kvHeads, pairs, 2]);
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x, mask] = inputs as tf.Tensor4D[];
    const { epsilon, heads, kvHeads, queryDim, valueDim } = this.block;
    return tf.tidy(() => {
      const [batch, height, width] = x.shape;
      const points = height * width;
      const group = heads / kvHeads;
      const normed = tf.mul(overRms(x, epsilon), this.weight('norm'));
      /** [N, points, kvHeads, per, dim] to [N, kvHeads, per * points, dim]. */
      const byHead = (y: tf.Tensor, per: number, dim: number): tf.Tensor =>
        tf.reshape(tf.transpose(tf.reshape(y, [batch, points, kvHeads, per, dim]), [0, 2, 3, 1, 4]), [
          batch,
          kvHeads,
          per * points,
          dim,
        ]);
      const turned = (part: string, per: number): tf.Tensor =>
        byHead(this.turn(product(normed, this.weight(part)), per, height, width), per, queryDim);
      const scores = tf.mul(
        tf.matMul(turned('query', group), turned('key', 1), false, true),
        1 / Math.sqrt(queryDim),
      );
      const shares = tf.softmax(tf.add(scores, tf.reshape(hidden(mask), [batch, 1, 1, points])));
      const seen = tf.matMul(shares, byHead(product(normed, this.weight('value')), 1, valueDim));
      const joined = tf.transpose(
        tf.reshape(seen, [batch, kvHeads, group, points, valueDim]),
        [0, 3, 1, 2, 4],
      );
      return product(tf.reshape(joined, [batch, height, width, heads * valueDim]), this.weight('output'));
    });
  }

  /** Turns each pair of channels (2 p, 2 p + 1) by its angle at each point: [N, points, kvHeads, per, queryDim]. */
  private turn(y: tf.Tensor, per: number, height: number, width: number): tf.Tensor {
    const { kvHeads, queryDim, rope } = this.block;
    const points = height * width;
    if (rope.kind === 'none') return y;
    const pairs = queryDim / 2;
    const frequencies =
      rope.kind === 'learned'
        ? this.weight('frequencies')
        : tf.tensor(
            ropeFrequencies(this.block, () => new Float32Array()),
            [kvHeads, pairs, 2],
          );
    const place = tf.tensor2d(
      Array.from({ length: points }, (_, p) => [p % width, Math.floor(p / width)]),
      [points, 2],
    );
    const angles = tf.reshape(
      tf.matMul(place, tf.reshape(frequencies, [kvHeads * pairs, 2]) as tf.Tensor2D, false, true),
      [1, points, kvHeads, 1, pairs],
    );
    const [cos, sin] = [tf.cos(angles), tf.sin(angles)];
    const [a, b] = tf
      .unstack(tf.reshape(y, [-1, points * kvHeads * per * pairs, 2]), 2)
      .map((half) => tf.reshape(half, [-1, points, kvHeads, per, pairs]));
    const first = tf.sub(tf.mul(a, cos), tf.mul(b, sin));
    const second = tf.add(tf.mul(a, sin), tf.mul(b, cos));
    return tf.reshape(tf.stack([first, second], 5), [-1, points, kvHeads, per, queryDim]);
  }
}

/** [N, H, W, C] -> what the gated layer adds to it. */
export class FeedForward extends MatrixLayer {
  static className = 'TengenFeedForward';
  private readonly block: BlockOf<'feed-forward'>;

  constructor({ name, block, seed }: { name: string; block: BlockOf<'feed-forward'>; seed: number }) {
    super(name, seed);
    this.block = block;
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = (inputShape as Shape)[3] as number;
    const { hidden } = this.block;
    this.addNorm(channels);
    this.addMatrix('linear', channels, hidden);
    this.addMatrix('gate', channels, hidden);
    this.addMatrix('output', hidden, channels);
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    return tf.tidy(() => {
      const normed = tf.mul(overRms(x, this.block.epsilon), this.weight('norm'));
      const linear = product(normed, this.weight('linear'));
      const hidden = tf.mul(tf.mul(linear, tf.sigmoid(linear)), product(normed, this.weight('gate')));
      return product(hidden, this.weight('output'));
    });
  }
}
