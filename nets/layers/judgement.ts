/** What KataGo's value head says of the game, as a layer. */
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { Shape } from '@tensorflow/tfjs-layers';
import { SCORE_SCALE } from '../architectures/net.ts';
import { IMPOSSIBLE, SCORE_CHANNEL, SUPERKO_GLOBAL, TERRITORY_GLOBAL } from '../katago/outputs.ts';
import type { OutputScales } from '../katago/spec.ts';

const column = (x: tf.Tensor, at: number): tf.Tensor => tf.slice(x, [0, at], [-1, 1]);

/** [outcomes [N, 3], scores [N, 4 or 6], globals [N, 19]] -> value, score, stdev [N, 1]. See `Judgement`. */
export class KataGoJudgement extends layers.Layer {
  static className = 'TengenKataGoJudgement';
  private readonly scales: OutputScales;

  constructor(options: { name: string; scales: OutputScales }) {
    super({ name: options.name });
    this.scales = options.scales;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape[] {
    const [batch] = (inputShape as Shape[])[0];
    return [
      [batch, 1],
      [batch, 1],
      [batch, 1],
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
    const [outcomes, scores, globals] = inputs as tf.Tensor[];
    const { scoreMean, scoreStdev, lead } = this.scales;
    const score = (channel: keyof typeof SCORE_CHANNEL): tf.Tensor => column(scores, SCORE_CHANNEL[channel]);
    return tf.tidy(() => {
      // A superko rule leaves no way to no result, except where territory is counted.
      const impossible = tf.mul(
        column(globals, SUPERKO_GLOBAL),
        tf.sub(1, column(globals, TERRITORY_GLOBAL)),
      );
      const ban = tf.mul(impossible, tf.tensor2d([[0, 0, -IMPOSSIBLE]]));
      const probabilities = tf.softmax(tf.add(outcomes, ban));
      const [win, loss] = [column(probabilities, 0), column(probabilities, 1)];
      const known = tf.add(win, loss);
      const mean = tf.mul(score('mean'), scoreMean / SCORE_SCALE);
      const stdev = tf.mul(tf.softplus(score('stdev')), scoreStdev / SCORE_SCALE);
      const square = tf.mul(tf.add(tf.square(mean), tf.square(stdev)), known);
      const variance = tf.sub(square, tf.square(tf.mul(mean, known)));
      return [
        tf.sub(win, loss),
        tf.mul(tf.mul(score('lead'), lead / SCORE_SCALE), known),
        tf.sqrt(tf.maximum(variance, 0)),
      ];
    });
  }
}
