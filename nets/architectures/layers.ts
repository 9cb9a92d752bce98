/**
 * The words that architectures are written in. An architecture says what is connected to what once; what comes of it
 * depends on who carries it out: a tfjs model, an ONNX graph, or just the names and shapes of the weights.
 *
 * X is a value that flows through the net: a map [B, H, W, C], or a vector [B, C] a board. Maps that come out of a norm
 * with its activation are 0 off the board, others may be anything there. Weights are named after the layer, `NAME/kernel`.
 */
import type { Activation, BlockOf, KataGoHeads } from '../katago/spec.ts';

/** Added to variances of activations in our batch norms, which are about 1. Keras's default. */
export const BN_EPSILON = 1e-3;

/** Off-board points get this logit, so that softmax gives them exactly 0 in float32. */
export const OFF_BOARD_LOGIT = -1e4;

export type DenseOptions = {
  /** Default true. */
  readonly bias?: boolean;
  /** Default identity. */
  readonly activation?: Activation | 'tanh';
};

export type PoolOptions = {
  /** With n points on the board, d = (sqrt(n) - 14) / 10 and m the mean over them: 'policy' gives [m, m d, max], 'value' [m, m d, m (d^2 - 0.1)] (Wu 2019, section 3.3). */
  readonly kind: 'policy' | 'value';
  /** Whether x may be negative, so that the zeros off the board must be kept from being its maximum. */
  readonly signed: boolean;
};

/** Only relu makes sure that what comes after it is nowhere negative. */
export const isSigned = (activation: Activation): boolean => activation !== 'relu';

export type RmsOptions = {
  readonly epsilon: number;
  /** Whether the mean square is over all points of the board and not over the channels of each point alone. */
  readonly spatial: boolean;
  readonly activation: Activation;
};

/** What KataGo's value head says of the game: value [B, 1] in [-1, 1]; score and its stdev [B, 1] in units of 20 points. */
export type Judgement<X> = { readonly value: X; readonly score: X; readonly stdev: X };

export interface Layers<X> {
  readonly planes: X;
  readonly globals: X;
  /** 'Same' convolution without bias. Weight kernel [size, size, CI, CO]. `gain` scales the He deviation it starts with. */
  conv(name: string, x: X, filters: number, size: number, gain?: number): X;
  /** Of a vector. Weights kernel [CI, CO], bias [CO]. */
  dense(name: string, x: X, units: number, options?: DenseOptions): X;
  /** Weights gamma, beta, moving_mean, moving_variance [C]. */
  batchNormRelu(name: string, x: X): X;
  /** activation(scale x + shift). Weights scale, shift [C]. */
  affine(name: string, x: X, activation: Activation): X;
  /** activation(gamma x / sqrt(mean square + epsilon) + beta). Weights gamma, beta [C]. */
  rms(name: string, x: X, options: RmsOptions): X;
  add(name: string, x: X, y: X): X;
  /** A vector added at every point. */
  addVector(name: string, x: X, vector: X): X;
  /** [B, 3 C]. */
  pool(name: string, x: X, options: PoolOptions): X;
  /**
   * What attention adds to the map (Vaswani et al. 2017, on x / rms(x) as in Zhang and Sennrich 2019), each query and key
   * turned by its place on the board (Su et al. 2021). Weights norm [C], query, key, value and output as matrices [CI, CO],
   * frequencies [kvHeads, queryDim / 2, 2] (columns, rows) where they are learned.
   */
  attention(name: string, x: X, block: BlockOf<'attention'>): X;
  /** (silu(y linear) * (y gate)) output with y = x / rms(x) * norm (Shazeer 2020, eq. 6). Weights norm [C] and the matrices [CI, CO]. */
  feedForward(name: string, x: X, block: BlockOf<'feed-forward'>): X;
  /** The first channel. */
  first(name: string, x: X): X;
  /** Points [B, H, W, 1] and pass [B, 1] to logits [B, H * W + 1], pass last, off-board points never. */
  moveLogits(name: string, points: X, pass: X): X;
  /** tanh [B, H * W], 0 off the board. */
  ownership(name: string, points: X): X;
  /** Logits of win, loss and no result [B, 3] and raw scores [B, 4 or 6], read as KataGo does. */
  judgement(name: string, outcomes: X, scores: X, heads: KataGoHeads): Judgement<X>;
}
