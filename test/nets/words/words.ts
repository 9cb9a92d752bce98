/** A small net for each word of `Layers`, and for what words do next to one another. */
import type { Layers } from '#nets/architectures/layers.ts';

/** What a small net says; a map or a vector. */
export type SmallNet = <X>(l: Layers<X>) => X;

const globals = <X>(l: Layers<X>): X => l.globals ?? l.pointMean('globals', l.planes);

/** A map that is anything off the board. */
const raw = <X>(l: Layers<X>): X => l.conv('raw', l.planes, 6, 3, { bias: true });

const ATTENTION = {
  kind: 'attention',
  epsilon: 1e-3,
  heads: 2,
  kvHeads: 1,
  queryDim: 4,
  valueDim: 3,
  rope: { kind: 'none' },
} as const;

/** For boards and for images. */
export const WORDS: Readonly<Record<string, SmallNet>> = {
  conv: (l) => l.conv('x', raw(l), 5, 3),
  'conv with bias': (l) => l.conv('x', raw(l), 5, 3, { bias: true }),
  'conv of even size': (l) => l.conv('x', raw(l), 5, 4),
  'conv with a stride of 2': (l) => l.conv('x', raw(l), 5, 3, { stride: 2 }),
  'conv 1x1 with a stride of 2': (l) => l.conv('x', raw(l), 5, 1, { stride: 2 }),
  'conv of even size with a stride of 3': (l) => l.conv('x', raw(l), 5, 4, { stride: 3 }),
  'valid conv': (l) => l.conv('x', raw(l), 5, 3, { padding: 'valid' }),
  'valid conv with a stride of 2': (l) => l.conv('x', raw(l), 5, 2, { padding: 'valid', stride: 2 }),
  'conv after a stride': (l) => l.conv('y', l.conv('x', raw(l), 5, 3, { stride: 2 }), 4, 3),
  'conv in groups': (l) => l.conv('x', raw(l), 4, 3, { groups: 2, stride: 2, bias: true }),
  'conv by a table': (l) => l.conv('x', raw(l), 3, 3, { table: [[0, 1], [2], [1, 3, 5]] }),
  'batchNorm on a conv': (l) => l.batchNorm('x', raw(l)),
  'batchNorm without relu on a conv': (l) => l.batchNorm('x', raw(l), { relu: false }),
  'batchNorm on a conv in groups': (l) => l.batchNorm('y', l.conv('x', raw(l), 4, 3, { groups: 2 })),
  'batchNorm on a conv by a table': (l) =>
    l.batchNorm(
      'y',
      l.conv('x', raw(l), 2, 3, {
        table: [
          [0, 1],
          [2, 5],
        ],
      }),
    ),
  'batchNorm on a coarse conv': (l) => l.batchNorm('y', l.conv('x', raw(l), 4, 3, { stride: 2 })),
  'batchNorm on a sum': (l) => l.batchNorm('x', l.add('sum', raw(l), l.conv('other', l.planes, 6, 1))),
  'batchNorm of vectors': (l) => l.batchNorm('x', l.dense('vector', globals(l), 4), { relu: false }),
  'batchNorm of a mean': (l) => l.batchNorm('x', l.pointMean('mean', raw(l))),
  affine: (l) => l.affine('x', raw(l), 'mish'),
  rms: (l) => l.rms('x', raw(l), { epsilon: 1e-3, spatial: false, activation: 'silu' }),
  'rms over the board': (l) => l.rms('x', raw(l), { epsilon: 1e-3, spatial: true, activation: 'relu' }),
  localNorm: (l) => l.localNorm('x', raw(l), { radius: 1, bias: 2, alpha: 0.5, beta: 0.75 }),
  'activate relu': (l) => l.conv('y', l.activate('x', raw(l), 'relu'), 3, 3),
  'activate lecun-tanh': (l) => l.activate('x', raw(l), 'lecun-tanh'),
  'activate silu on a vector': (l) => l.activate('x', l.dense('vector', globals(l), 4), 'silu'),
  'dense with LeCun weights': (l) => l.dense('x', globals(l), 4, { init: 'lecun', activation: 'lecun-tanh' }),
  'dense without bias': (l) => l.dense('x', globals(l), 4, { bias: false }),
  add: (l) => l.conv('y', l.add('x', raw(l), l.conv('other', l.planes, 6, 1)), 3, 3),
  'concat of maps': (l) => l.conv('y', l.concat('x', [raw(l), l.planes]), 3, 3),
  'concat of vectors': (l) => l.concat('x', [globals(l), l.pointMean('mean', raw(l))]),
  addVector: (l) => l.conv('y', l.addVector('x', raw(l), l.dense('vector', globals(l), 6)), 3, 3),
  'addVector under a norm': (l) =>
    l.batchNorm('y', l.addVector('x', raw(l), l.dense('vector', globals(l), 6))),
  'window of the largest': (l) => l.window('x', raw(l), { kind: 'max', size: 3 }),
  'window of the largest, 2x2 at a stride of 2': (l) =>
    l.window('x', raw(l), { kind: 'max', size: 2, stride: 2 }),
  'overlapping window of the largest': (l) => l.window('x', raw(l), { kind: 'max', size: 3, stride: 2 }),
  'valid window of the largest': (l) =>
    l.window('x', raw(l), { kind: 'max', size: 2, stride: 2, padding: 'valid' }),
  'window of means': (l) => l.window('x', raw(l), { kind: 'mean', size: 3 }),
  'window of means, 2x2 at a stride of 2': (l) => l.window('x', raw(l), { kind: 'mean', size: 2, stride: 2 }),
  'valid window of means': (l) =>
    l.window('x', raw(l), { kind: 'mean', size: 3, stride: 2, padding: 'valid' }),
  'window on a coarse map': (l) =>
    l.window('y', l.conv('x', raw(l), 4, 3, { stride: 2 }), { kind: 'mean', size: 3, stride: 2 }),
  upsample: (l) => {
    const fine = raw(l);
    return l.conv('y', l.upsample('x', l.conv('coarse', fine, 4, 3, { stride: 2 }), fine), 3, 3);
  },
  'upsample twice': (l) => {
    const fine = raw(l);
    const coarse = l.window('a', fine, { kind: 'max', size: 2, stride: 2 });
    const coarser = l.window('b', coarse, { kind: 'mean', size: 2, stride: 2 });
    return l.upsample('d', l.add('sum', l.upsample('c', coarser, coarse), coarse), fine);
  },
  pointMean: (l) => l.pointMean('x', raw(l)),
  'pointMean of a coarse map': (l) => l.pointMean('y', l.conv('x', raw(l), 4, 3, { stride: 2 })),
  'pool for the policy': (l) => l.pool('x', raw(l), { kind: 'policy', signed: true }),
  'pool for the value': (l) => l.pool('x', raw(l), { kind: 'value', signed: true }),
  'pool of a coarse map': (l) =>
    l.pool('y', l.conv('x', raw(l), 4, 3, { stride: 2 }), { kind: 'policy', signed: true }),
  dropout: (l) => l.conv('y', l.dropout('x', raw(l), 0.5), 3, 3),
  join: (l) =>
    l.join('x', [raw(l), l.conv('a', l.planes, 6, 3), l.batchNorm('c', l.conv('b', l.planes, 6, 1))], {
      dropPath: 0.15,
      columns: [0, 1, 2],
      columnCount: 3,
    }),
  attention: (l) => l.attention('x', raw(l), ATTENTION),
  'attention on a coarse map': (l) => {
    const coarse = l.conv('coarse', l.planes, 6, 3, { stride: 2 });
    return l.conv('y', l.add('sum', coarse, l.attention('x', coarse, ATTENTION)), 3, 3);
  },
  feedForward: (l) => l.feedForward('x', raw(l), { kind: 'feed-forward', epsilon: 1e-3, hidden: 5 }),
  'ode in steps': (l) => l.ode('x', raw(l), { solver: { kind: 'rk4', steps: 2 }, gradient: 'backprop' }),
  'adaptive ode': (l) =>
    l.conv(
      'y',
      l.ode('x', raw(l), { solver: { kind: 'dopri5', rtol: 1e-3, atol: 1e-3 }, gradient: 'backprop' }),
      3,
      3,
    ),
  first: (l) => l.first('x', raw(l)),
};

/** For boards alone. */
export const BOARD_WORDS: Readonly<Record<string, SmallNet>> = {
  moveLogits: (l) => l.moveLogits('x', l.conv('points', raw(l), 1, 1), l.dense('pass', globals(l), 1)),
};

/** For images alone. */
export const IMAGE_WORDS: Readonly<Record<string, SmallNet>> = {
  flatten: (l) => l.dense('y', l.flatten('x', raw(l)), 3),
  'flatten of a coarse map': (l) =>
    l.batchNorm('z', l.dense('y', l.flatten('x', l.conv('a', raw(l), 4, 3, { stride: 2 })), 3)),
  'concat of flat maps': (l) => l.concat('x', [l.flatten('a', raw(l)), l.flatten('b', l.planes)]),
};
