/** Kernels of steps of training on all weights, see nets/ops: libtorch's operators on lists of tensors. */
import { ADAMW_STEP, type AdamWStep } from '../../../ops/adamw-step.ts';
import { ALEXNET_STEP, type AlexNetStep } from '../../../ops/alexnet-step.ts';
import { AVERAGE_STEP, type AverageStep } from '../../../ops/average-step.ts';
import { CLIP, type Clip } from '../../../ops/clip.ts';
import { listOf } from '../../../ops/lists.ts';
import { MOMENTUM_STEP, type MomentumStep } from '../../../ops/momentum-step.ts';
import type { Handle } from '../addon.ts';
import { aten, atenMany } from '../aten.ts';
import { define } from '../kernel.ts';

const foreachMul = atenMany('_foreach_mul.Scalar');
const foreachAdd = atenMany('_foreach_add.List');
const foreachAddScalar = atenMany('_foreach_add.Scalar');
const foreachAddProduct = atenMany('_foreach_addcmul.Scalar');
const foreachAddRatio = atenMany('_foreach_addcdiv.Scalar');
const foreachSqrt = atenMany('_foreach_sqrt');
const foreachNorm = atenMany('_foreach_norm.Scalar');
const addAlpha = aten('add.Tensor');
const mul = aten('mul.Tensor');
const mulScalar = aten('mul.Scalar');
const stack = aten('stack');
const norm = aten('norm.Scalar');
const reciprocal = aten('reciprocal');
const clampMax = aten('clamp_max');

/** Each times its factor. */
const scaled = (tensors: readonly Handle[], factors: readonly number[]): Handle[] =>
  tensors.map((tensor, i) => (factors[i] === 1 ? tensor : mulScalar(tensor, factors[i])));

export function registerOptimizers(): void {
  define<MomentumStep>(MOMENTUM_STEP, (inputs, { count, rate, momentum, shrink }) => {
    const [w, g, v] = ['w', 'g', 'v'].map((letter) => listOf(inputs, letter, count));
    const velocities = foreachAdd(foreachMul(v, momentum), g, 1);
    return [...foreachAdd(scaled(w, shrink), foreachAdd(g, velocities, momentum), -rate), ...velocities];
  });
  define<AlexNetStep>(ALEXNET_STEP, (inputs, { count, rate, momentum, decay }) => {
    const [w, g, v] = ['w', 'g', 'v'].map((letter) => listOf(inputs, letter, count));
    const pull = g.map((gradient, i) => (decay[i] === 0 ? gradient : addAlpha(gradient, w[i], decay[i])));
    const velocities = foreachAdd(foreachMul(v, momentum), pull, -rate);
    return [...foreachAdd(w, velocities, 1), ...velocities];
  });
  define<AdamWStep>(ADAMW_STEP, (inputs, { count, beta1, beta2, rate, epsilon, shrink }) => {
    const [w, g, m, v] = ['w', 'g', 'm', 'v'].map((letter) => listOf(inputs, letter, count));
    const first = foreachAdd(foreachMul(m, beta1), g, 1 - beta1);
    const second = foreachAddProduct(foreachMul(v, beta2), g, g, 1 - beta2);
    const scale = foreachAddScalar(foreachSqrt(second), epsilon);
    return [...foreachAddRatio(scaled(w, shrink), first, scale, -rate), ...first, ...second];
  });
  define<AverageStep>(AVERAGE_STEP, (inputs, { count, share }) => {
    const [averages, weights] = ['a', 'w'].map((letter) => listOf(inputs, letter, count));
    return foreachAdd(foreachMul(averages, share), weights, 1 - share);
  });
  define<Clip>(CLIP, (inputs, { count, limit }) => {
    const gradients = listOf(inputs, 'g', count);
    const total = norm(stack(foreachNorm(gradients, 2), 0), 2);
    if (limit === null) return [total];
    const scale = clampMax(mulScalar(reciprocal(total), limit), 1);
    return [total, ...gradients.map((gradient) => mul(gradient, scale))];
  });
}
