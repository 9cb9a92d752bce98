/** The solution of a differential equation as a function of tensors that has a gradient. */
import * as tf from '@tensorflow/tfjs-core';
import type { PerSample } from './algebra.ts';
import { adjoint, backpropagate } from './gradient.ts';
import { solve, tableauOf } from './solve.ts';
import type { Solver, Span } from './solve.ts';
import type { Step } from './tableau.ts';
import { TensorField } from './tensor-field.ts';
import type { Dynamics } from './tensor-field.ts';
import { tensorAlgebra } from './tensors.ts';

export type Equation = {
  readonly dynamics: Dynamics;
  readonly span: Span;
  readonly solver: Solver;
  /** How its gradient is found: see `backpropagate` and `adjoint`. */
  readonly gradient: 'backprop' | 'adjoint';
};

/**
 * x(t1) [B, ...] of dx/dt = f(x, t, theta), with a gradient by x0 and theta, but none of that gradient.
 * @param x0 x(t0), 0 where the mask is. @param mask [B, ..., 1] of 0 and 1: what counts in the size of an error; null for all. @param onEvaluations told how often f was evaluated for each.
 * @throws SolverFailure where an adaptive solver's steps must become too short or too many.
 */
export function solution(
  { dynamics, span, solver, gradient }: Equation,
  x0: tf.Tensor,
  theta: readonly tf.Tensor[],
  mask: tf.Tensor | null,
  onEvaluations?: (evaluations: PerSample) => void,
): tf.Tensor {
  const masks = mask === null ? [] : [mask];
  const apply = tf.customGrad((...given) => {
    const save = given.pop() as unknown as tf.GradSaveFunc;
    const [start, ...parameters] = given as tf.Tensor[];
    const algebra = tensorAlgebra(start, mask);
    const steps: Step<tf.Tensor>[] = [];
    const record = gradient === 'adjoint' ? undefined : (step: Step<tf.Tensor>) => void steps.push(step);
    const f = new TensorField(dynamics, parameters, mask);
    const solved = solve(algebra, f.value, tf.clone(start), span, solver, record);
    onEvaluations?.(solved.evaluations);
    const kept = gradient === 'adjoint' ? [solved.state] : steps.flatMap(({ states }) => states);
    save([...parameters, ...masks, ...kept]);
    return {
      value: solved.state,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.tidy(() => {
          const rest = [...saved];
          const take = (count: number): tf.Tensor[] => rest.splice(0, count);
          const [values, [savedMask = null]] = [take(theta.length), take(masks.length)];
          const field = new TensorField(dynamics, values, savedMask);
          const back = tensorAlgebra(dy, savedMask);
          const gone = steps.map((step) => ({ ...step, states: take(step.states.length) }));
          const byStart =
            gradient === 'adjoint'
              ? adjoint(back, field, span, solver, rest[0], tf.clone(dy))
              : backpropagate(back, field, tableauOf(solver), gone, tf.clone(dy));
          return [byStart, ...field.takeGradients()];
        }),
    };
  });
  return apply(x0, ...theta);
}
