/** The join of FractalNet's paths, and which of them are dropped. */
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { Shape } from '@tensorflow/tfjs-layers';
import type { JoinOptions } from '../architectures/layers.ts';
import { chanceOf } from './chance.ts';
import type { Applied } from './chance.ts';

/** Of the batches; the others drop paths one by one. Larsson et al. 2017, section 3.1. */
const WHOLE_COLUMNS = 0.5;

/**
 * The paths that a step keeps at the join `name`: never none. A draw that all joins share decides whether the whole net
 * keeps one column, and which; where that does not pass, all paths are kept, since nothing of them arrives.
 */
function keptPaths({ dropPath, columns, columnCount }: JoinOptions, name: string, step: Applied): number[] {
  const paths = columns.map((_, i) => i);
  const shared = chanceOf(step, 'columns');
  if (shared.nextFloat() < WHOLE_COLUMNS) {
    const column = shared.nextInt(columnCount);
    const passing = paths.filter((i) => columns[i] === column);
    return passing.length === 0 ? paths : passing;
  }
  const own = chanceOf(step, name);
  const kept = paths.filter(() => own.nextFloat() >= dropPath);
  return kept.length === 0 ? [own.nextInt(paths.length)] : kept;
}

/** Paths of one shape -> their mean; while training that of the paths that are kept. */
export class Join extends layers.Layer {
  static className = 'TengenJoin';
  private readonly options: JoinOptions;

  constructor({ name, ...options }: JoinOptions & { name: string }) {
    super({ name });
    this.options = options;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return (inputShape as Shape[])[0];
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Applied = {}): tf.Tensor {
    const paths = inputs as tf.Tensor[];
    const isDropping = kwargs.training === true && kwargs.dropout !== false && this.options.dropPath > 0;
    const kept = isDropping ? keptPaths(this.options, this.name, kwargs).map((i) => paths[i]) : paths;
    return tf.tidy(() => tf.mul(tf.addN(kept), 1 / kept.length));
  }
}
