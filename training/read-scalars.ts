/** Numbers out of tensors, in one reading. */
import * as tf from '@tensorflow/tfjs-core';

type Scalars = Readonly<Record<string, tf.Scalar>>;

/** The values of scalars in groups, by their names. @param compute within `tf.tidy`. */
export async function readScalars<const Groups extends readonly Scalars[]>(
  compute: () => Groups,
): Promise<{ [Group in keyof Groups]: Record<keyof Groups[Group], number> }> {
  let names: string[][] = [];
  const stacked = tf.tidy(() => {
    const groups = compute();
    names = groups.map((group) => Object.keys(group));
    return tf.stack(groups.flatMap((group) => Object.values(group)));
  });
  // A GPU answers only to those who wait.
  const values = await stacked.data();
  stacked.dispose();
  let next = 0;
  return names.map((ofGroup) => Object.fromEntries(ofGroup.map((name) => [name, values[next++]]))) as never;
}
