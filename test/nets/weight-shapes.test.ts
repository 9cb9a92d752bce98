/** What is known of a net without making it, against the net itself. */
import { expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { weightsOf } from '#nets/convert.ts';
import { buildModel } from '#nets/model.ts';
import { resnetSpec } from '#nets/spec.ts';
import { weightShapes, weightsProblem } from '#nets/weight-shapes.ts';

test('the shapes told of a spec are those of its model', async () => {
  await useBackend('cpu');
  const heads = { kind: 'tengen', policyChannels: 5, valueChannels: 6, valueHidden: 7, reply: true } as const;
  const spec = { ...resnetSpec(3, 8), heads };
  const model = buildModel(spec, 1);
  const weights = await weightsOf(model);
  const made = new Map([...weights].map(([name, { shape }]) => [name, [...shape]]));
  expect(new Map([...weightShapes(spec)].map(([name, shape]) => [name, [...shape]]))).toEqual(made);
  expect(weightsProblem(spec, weights)).toBeNull();
  expect(weightsProblem(resnetSpec(3, 8), weights)).toBe(
    'weight policy/conv/kernel has the shape [1,1,8,5], not [1,1,8,8]',
  );
  model.dispose();
});
