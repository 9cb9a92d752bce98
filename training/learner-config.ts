/** How a net learns, as plain data: optimizer, learning rate, decay, clipping, averaging and the weights of the losses. */
import { z } from 'zod';
import { LOSS_WEIGHTS } from '#nets/loss.ts';
import { hasCorner } from '#nets/optimizers/penalty.ts';
import { adamW, alexNet, nesterov } from '#nets/optimizers/rules.ts';
import type { UpdateRule } from '#nets/optimizers/rules.ts';
import { Schedule } from './schedule.ts';

export const OPTIMIZERS = ['nesterov', 'alexnet', 'adamw'] as const;
const share = z.number().min(0).max(1);
const weight = z.number().min(0).max(100);
const penalty = z.number().min(0).max(100).default(0);

/**
 * What suits each optimizer where nothing is asked for. Nesterov: our choice, for mean losses. AlexNet: the rate and decay
 * of Krizhevsky et al. 2012, section 5. AdamW: PyTorch's defaults.
 */
const RATES = {
  nesterov: { learningRate: 0.03, weightDecay: 1e-3 },
  alexnet: { learningRate: 0.01, weightDecay: 5e-4 },
  adamw: { learningRate: 1e-3, weightDecay: 1e-2 },
} as const;

/** PyTorch's. */
const ADAM = { beta2: 0.999, epsilon: 1e-8 } as const;

const Asked = z.looseObject({ optimizer: z.enum(OPTIMIZERS).default('nesterov') }).prefault({});

/** A config as it was asked for, with the learning rate and decay that suit its optimizer where they were not. */
function withRates(given: unknown): unknown {
  const asked = Asked.safeParse(given);
  return asked.success ? { ...RATES[asked.data.optimizer], ...asked.data } : given;
}

const fields = z
  .strictObject({
    /** Nesterov's momentum, AlexNet's with the decay in the gradient, or AdamW; see nets/ops. */
    optimizer: z.enum(OPTIMIZERS).default('nesterov'),
    /** Share of its velocity that a weight keeps at each step (Sutskever et al. 2013 try 0.9 to 0.999); AdamW's beta1. */
    momentum: z.number().min(0).max(0.9999).default(0.9),
    /** AdamW's (Kingma and Ba 2015, Algorithm 1). */
    beta2: z.number().min(0).max(0.99999).default(ADAM.beta2),
    epsilon: z.number().positive().default(ADAM.epsilon),
    /** Of mean losses, after the warm-up. */
    learningRate: z.number().positive().max(10),
    /** Steps of linear rise at the start. */
    warmup: z.int().min(0).default(200),
    schedule: Schedule.default({ kind: 'constant' }),
    /** Of kernels alone, per step and unit of the learning rate; decoupled but for AlexNet. */
    weightDecay: share,
    /**
     * Penalties on kernels, see nets/optimizers/penalty.ts: l1 makes weights exactly 0, groupLasso whole filters; l1 with l2 is
     * the elastic net. Where an average of the weights is kept (`averageDecay`), it only comes near 0.
     */
    penalties: z.strictObject({ l1: penalty, l2: penalty, groupLasso: penalty }).prefault({}),
    /** Largest norm of the whole gradient; null for any. */
    clipNorm: z.number().positive().nullable().default(null),
    /** Share of the average of the weights that stays at each step, so that it spans 1 / (1 - this) of them; null for no average. Our choice. */
    averageDecay: z.number().min(0).lt(1).nullable().default(0.995),
    /** Layers that keep their weights as they begin: names, in which * stands for anything. */
    freeze: z.array(z.string().min(1)).default([]),
    /** Share of each answer to learn that goes to all answers alike; 0.1 in Szegedy et al. 2016. */
    labelSmoothing: z.number().min(0).lt(1).default(0),
    /** Of the terms of the loss; with 0 for the reply there is no head for it. */
    lossWeights: z
      .strictObject({
        policy: weight.default(LOSS_WEIGHTS.policy),
        value: weight.default(LOSS_WEIGHTS.value),
        score: weight.default(LOSS_WEIGHTS.score),
        ownership: weight.default(LOSS_WEIGHTS.ownership),
        reply: weight.default(LOSS_WEIGHTS.reply),
      })
      .refine((weights) => Object.values(weights).some((each) => each > 0), {
        message: 'nothing is learned where all are 0; give one of them more',
      })
      .prefault({}),
  })
  .refine(({ optimizer, penalties }) => optimizer !== 'adamw' || !hasCorner(penalties), {
    error:
      'adamw takes l2 alone, as it moves each weight by a rate of its own; l1 and groupLasso need nesterov or alexnet',
    path: ['penalties'],
  })
  .superRefine((learner, context) => {
    if (learner.optimizer === 'adamw') return;
    for (const name of ['beta2', 'epsilon'] as const)
      if (learner[name] !== ADAM[name])
        context.addIssue({ code: 'custom', path: [name], message: 'it is for adamw alone; leave it out' });
  });

export const LearnerConfig = z.preprocess(withRates, fields);
export type LearnerConfig = z.infer<typeof LearnerConfig>;

export function ruleOf({ optimizer, momentum, beta2, epsilon }: LearnerConfig): UpdateRule {
  if (optimizer === 'nesterov') return nesterov(momentum);
  return optimizer === 'alexnet' ? alexNet(momentum) : adamW(momentum, beta2, epsilon);
}
