/** How gradients come through deep nets, as in the lecture: without shortcuts they vanish. */
import { beforeAll, expect, test } from 'vitest';
import { namedSpec } from '#nets/architectures/named.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { randomBatch } from '#nets/batch.ts';
import { changeSpec } from '#nets/changed-spec.ts';
import { boardLesson } from '#training/board-lesson.ts';
import { LearnerConfig } from '#training/learner-config.ts';
import { Learner } from '#training/learner.ts';

beforeAll(() => useBackend('wasm'));

const config = LearnerConfig.parse({ averageDecay: null, lossWeights: { reply: 0 } });

async function firstLayerNorm(name: string, trunk: Readonly<Record<string, unknown>>): Promise<number> {
  const named = namedSpec(name);
  if (!named.ok) throw new Error(named.message);
  const changed = changeSpec(named.spec, { trunk });
  if (!changed.ok) throw new Error(changed.message);
  const learner = new Learner(changed.spec, config, 1);
  const lesson = boardLesson(randomBatch(8, 9, 1), config);
  const norms = await learner.gradientNorms(lesson);
  lesson.dispose();
  learner.dispose();
  expect([...norms.keys()][0]).toBe('trunk/input');
  return norms.get('trunk/input') as number;
}

// He's deviation was made for plain nets of relus, Glorot's for tanh: it halves the variance at each relu, and 56 of them
// leave 2^-28 of the gradient's norm. Branches begin scaled by L^(-1/2), so that the sum of the shortcuts does not explode.
test('without batch norm the first of 56 layers has a gradient a hundred times as large in the residual net', async () => {
  const trunk = { norm: false, init: 'glorot' };
  const plain = await firstLayerNorm('plain-56:8', trunk);
  const residual = await firstLayerNorm('resnet-56:8', { ...trunk, start: 'scaled' });
  expect(residual / plain).toBeGreaterThan(100);
  expect(residual).toBeGreaterThan(0.01);
});

test('with batch norm the gradient of the plain net grows towards the input instead, and not that of the residual one', async () => {
  const plain = await firstLayerNorm('plain-56:8', {});
  const residual = await firstLayerNorm('resnet-56:8', {});
  expect(plain / residual).toBeGreaterThan(100);
});
