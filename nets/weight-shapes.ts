/** Names and shapes of a net's weights, as `buildModel` makes them, known without making the model. */
import { FEATURE_SETS } from './features/feature-set.ts';
import type { WeightArray } from './file.ts';
import type { NetSpec } from './spec.ts';

/** Parts of the pooled vector: mean, mean scaled by the board size, and maximum or a second scaling. */
const POOLED_PARTS = 3;

export function weightShapes(spec: NetSpec): Map<string, readonly number[]> {
  const { planes, globals } = FEATURE_SETS[spec.featureSet];
  const { blocks, channels } = spec.trunk;
  const { policyChannels, valueChannels, valueHidden } = spec.heads;
  const shapes = new Map<string, readonly number[]>();
  const conv = (name: string, size: number, from: number, to: number): void =>
    void shapes.set(`${name}/kernel`, [size, size, from, to]);
  const dense = (name: string, from: number, to: number): void =>
    void shapes.set(`${name}/kernel`, [from, to]).set(`${name}/bias`, [to]);
  const norm = (name: string, width: number): void => {
    for (const part of ['gamma', 'beta', 'moving_mean', 'moving_variance'])
      shapes.set(`${name}/${part}`, [width]);
  };
  conv('trunk/input', 3, planes, channels);
  dense('trunk/globals', globals, channels);
  for (let i = 0; i < blocks; i++)
    for (const half of [1, 2]) {
      norm(`trunk/block${i}/bn${half}`, channels);
      conv(`trunk/block${i}/conv${half}`, 3, channels, channels);
    }
  norm('trunk/bn', channels);
  conv('policy/conv', 1, channels, policyChannels);
  dense('policy/globals', POOLED_PARTS * channels, policyChannels);
  norm('policy/bn', policyChannels);
  conv('policy/points', 1, policyChannels, 1);
  dense('policy/pass1', POOLED_PARTS * channels, policyChannels);
  dense('policy/pass2', policyChannels, 1);
  conv('value/conv', 1, channels, valueChannels);
  norm('value/bn', valueChannels);
  dense('value/hidden', POOLED_PARTS * valueChannels, valueHidden);
  dense('value/value', valueHidden, 1);
  dense('value/score', valueHidden, 1);
  conv('ownership/points', 1, valueChannels, 1);
  return shapes;
}

/** What is wrong with the names and shapes of weights meant for `spec`, naming the first; null where they fit. */
export function weightsProblem(spec: NetSpec, weights: ReadonlyMap<string, WeightArray>): string | null {
  const shapes = weightShapes(spec);
  for (const [name, shape] of shapes) {
    const weight = weights.get(name);
    if (weight === undefined) return `weight ${name} is missing`;
    if (weight.shape.join() !== shape.join())
      return `weight ${name} has the shape [${weight.shape.join()}], not [${shape.join()}]`;
  }
  const extra = [...weights.keys()].find((name) => !shapes.has(name));
  return extra === undefined ? null : `weight ${extra} is no part of the net`;
}
