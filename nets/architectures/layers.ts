/**
 * The words that architectures are written in. An architecture says what is connected to what once; what comes of it
 * depends on who carries it out: a tfjs model, an ONNX graph, or just the names and shapes of the weights.
 *
 * X is a value that flows through the net: a map [B, H, W, C], or a vector [B, C] of each board or image. Whatever looks
 * beyond a point sees 0 where a board does not fill its buffer, so that a board alone and padded gives the same. Weights
 * are named after the layer, `NAME/kernel`.
 */
import type { Solver } from '../ode/solve.ts';
import type { Activation, BlockOf, KataGoHeads } from '../katago/spec.ts';

/** Added to variances of activations in our batch norms, which are about 1. Keras's default. */
export const BN_EPSILON = 1e-3;

/** Off-board points get this logit, so that softmax gives them exactly 0 in float32. */
export const OFF_BOARD_LOGIT = -1e4;

/** KataGo's, tanh, and LeCun's scaled 1.7159 tanh(2 x / 3) (LeCun et al. 1998, appendix A). All are 0 at 0. */
export type LayerActivation = Activation | 'tanh' | 'lecun-tanh';

/**
 * Normal weights of mean 0 and the deviation sqrt(2 / fanIn) (He et al. 2015, eq. 10), sqrt(2 / (fanIn + fanOut)) (Glorot
 * and Bengio 2010, eq. 12) or sqrt(1 / fanIn) (LeCun et al. 1998b, eq. 16), or nothing but 0.
 */
export type Initialiser = 'he' | 'glorot' | 'lecun' | 'zero';

/** 'same': a window around each point, or each `stride`-th, reaching over the edge; 'valid': windows that lie on the board. */
export type Padding = 'same' | 'valid';

/** The input channels that each filter sees. */
export type ConnectionTable = readonly (readonly number[])[];

export type ConvOptions = {
  /** Of the initialiser's deviation. Default 1. */
  readonly gain?: number;
  /** Default 'he'. */
  readonly init?: Initialiser;
  /** From a point to the next. Default 1; a stride of 2 halves the board. */
  readonly stride?: number;
  /** Default 'same'. */
  readonly padding?: Padding;
  /** Parts of the channels that are convolved apart (Krizhevsky et al. 2012, Xie et al. 2017). Default 1. */
  readonly groups?: number;
  /** Default false. */
  readonly bias?: boolean;
  /** Default: each filter sees all channels. Other weights of the kernel are held at 0. Not with groups. */
  readonly table?: ConnectionTable;
};

export type DenseOptions = {
  /** Default true. */
  readonly bias?: boolean;
  /** Default identity. */
  readonly activation?: LayerActivation;
  /** Default 'glorot'. */
  readonly init?: Initialiser;
};

export type BatchNormOptions = {
  /** Whether a relu follows. Default true. */
  readonly relu?: boolean;
  /** What gamma starts as. Default 1. */
  readonly gamma?: number;
};

export type WindowOptions = {
  /** The first of several largest points, row by row, gets the gradient; a mean counts points on the board only. */
  readonly kind: 'max' | 'mean';
  readonly size: number;
  /** Default 1. */
  readonly stride?: number;
  /** Default 'same'. */
  readonly padding?: Padding;
};

export type LocalNormOptions = {
  /** Channels to each side that count. */
  readonly radius: number;
  readonly bias: number;
  readonly alpha: number;
  readonly beta: number;
};

export type JoinOptions = {
  /** Of each path, where paths are dropped one by one. */
  readonly dropPath: number;
  /** The column that each path belongs to, from 0. */
  readonly columns: readonly number[];
  /** Of the whole net. */
  readonly columnCount: number;
};

export type PoolOptions = {
  /** With n points on the board, d = (sqrt(n) - 14) / 10 and m the mean over them: 'policy' gives [m, m d, max], 'value' [m, m d, m (d^2 - 0.1)] (Wu 2019, section 3.3). */
  readonly kind: 'policy' | 'value';
  /** Whether x may be negative, so that the zeros off the board must be kept from being its maximum. */
  readonly signed: boolean;
};

/** What a pool gives of each channel. */
export const POOLED_PARTS = 3;

/** Only relu makes sure that what comes after it is nowhere negative. */
export const isSigned = (activation: Activation): boolean => activation !== 'relu';

export type RmsOptions = {
  readonly epsilon: number;
  /** Whether the mean square is over all points of the board and not over the channels of each point alone. */
  readonly spatial: boolean;
  readonly activation: Activation;
};

export type OdeOptions = {
  readonly solver: Solver;
  /** How the gradient is found: back through the steps taken, or by the adjoint equation, whose memory does not grow with them. */
  readonly gradient: 'backprop' | 'adjoint';
};

/** What KataGo's value head says of the game: value [B, 1] in [-1, 1]; score and its stdev [B, 1] in units of 20 points. */
export type Judgement<X> = { readonly value: X; readonly score: X; readonly stdev: X };

/** What a trunk hands to the heads. */
export type TrunkOutputs<X> = {
  /** A map; in nets for images perhaps a vector. */
  readonly top: X;
  /** Maps on the way at which auxiliary heads may sit. */
  readonly taps: readonly X[];
  /** Whether the top may be negative. Default false. */
  readonly signed?: boolean;
};

export interface Layers<X> {
  /** What the net sees: the planes of a position, or the image. */
  readonly planes: X;
  /** What else it knows of a position; null for images. */
  readonly globals: X | null;
  /** Cross-correlation, as everywhere in the field: the kernel is not turned. Weights kernel [size, size, CI / groups, CO], bias [CO]. */
  conv(name: string, x: X, filters: number, size: number, options?: ConvOptions): X;
  /** Of a vector. Weights kernel [CI, CO], bias [CO]. */
  dense(name: string, x: X, units: number, options?: DenseOptions): X;
  /** gamma (x - mean) / sqrt(variance + epsilon) + beta, with a relu after it unless told otherwise. Weights gamma, beta, moving_mean, moving_variance [C]. */
  batchNorm(name: string, x: X, options?: BatchNormOptions): X;
  /** activation(scale x + shift). Weights scale, shift [C]. */
  affine(name: string, x: X, activation: Activation): X;
  /** activation(gamma x / sqrt(mean square + epsilon) + beta). Weights gamma, beta [C]. */
  rms(name: string, x: X, options: RmsOptions): X;
  /** x / (bias + alpha sum of x^2 over 2 radius + 1 neighbouring channels)^beta (Krizhevsky et al. 2012, section 3.3). */
  localNorm(name: string, x: X, options: LocalNormOptions): X;
  activate(name: string, x: X, activation: LayerActivation): X;
  add(name: string, x: X, y: X): X;
  /** Along the channels, of maps of one size or of vectors. */
  concat(name: string, xs: readonly X[]): X;
  /** A vector added at every point. */
  addVector(name: string, x: X, vector: X): X;
  /** The largest or the mean of each window of size x size points. */
  window(name: string, x: X, options: WindowOptions): X;
  /** Each point four times, cropped to the size of `like`. */
  upsample(name: string, x: X, like: X): X;
  /** The mean over the points of the board, [B, C]; a vector stays as it is. */
  pointMean(name: string, x: X): X;
  /** [B, H * W * C], where the size is fixed: in nets for images. */
  flatten(name: string, x: X): X;
  /** [B, `POOLED_PARTS` C]. */
  pool(name: string, x: X, options: PoolOptions): X;
  /** While training each value is 0 with the probability `rate` and else divided by 1 - rate, so that its expectation stays (Srivastava et al. 2014, section 10). */
  dropout(name: string, x: X, rate: number): X;
  /**
   * Mean of the paths. While training half of the batches drop paths one by one, never all; the others keep one column of
   * the whole net, where it passes here (Larsson et al. 2017, section 3.1).
   */
  join(name: string, xs: readonly X[], options: JoinOptions): X;
  /**
   * What attention adds to the map (Vaswani et al. 2017, on x / rms(x) as in Zhang and Sennrich 2019), each query and key
   * turned by its place on the board (Su et al. 2021). Weights norm [C], query, key, value and output as matrices [CI, CO],
   * frequencies [kvHeads, queryDim / 2, 2] (columns, rows) where they are learned.
   */
  attention(name: string, x: X, block: BlockOf<'attention'>): X;
  /** (silu(y linear) * (y gate)) output with y = x / rms(x) * norm (Shazeer 2020, eq. 6). Weights norm [C] and the matrices [CI, CO]. */
  feedForward(name: string, x: X, block: BlockOf<'feed-forward'>): X;
  /**
   * x(1) for x(0) = x and dx/dt = f(x, t) (Chen et al. 2018), 0 off the board. What f is and its weights: `odeWeights`.
   */
  ode(name: string, x: X, options: OdeOptions): X;
  /** The first channel. */
  first(name: string, x: X): X;
  /** Points [B, H, W, 1] and pass [B, 1] to logits [B, H * W + 1], pass last, off-board points never. */
  moveLogits(name: string, points: X, pass: X): X;
  /** tanh [B, H * W], 0 off the board. */
  ownership(name: string, points: X): X;
  /** Logits of win, loss and no result [B, 3] and raw scores [B, 4 or 6], read as KataGo does. */
  judgement(name: string, outcomes: X, scores: X, heads: KataGoHeads): Judgement<X>;
}

/** The numbers that every net for boards sees beside the planes. @throws internal in a net for images. */
export function globalsOf<X>(l: Layers<X>): X {
  if (l.globals === null) throw new Error('internal: a trunk for boards under an image');
  return l.globals;
}
