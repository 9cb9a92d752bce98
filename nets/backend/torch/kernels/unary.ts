/** Kernels of one tensor, element by element. */
import { scalar, SCALAR_TYPE, aten } from '../aten.ts';
import type { Handle } from '../addon.ts';
import { define } from '../kernel.ts';

/** tfjs kernels that are an ATen operator of the same meaning. */
const SAME = {
  Abs: 'abs',
  Acos: 'acos',
  Acosh: 'acosh',
  Asin: 'asin',
  Asinh: 'asinh',
  Atan: 'atan',
  Atanh: 'atanh',
  Ceil: 'ceil',
  Cos: 'cos',
  Cosh: 'cosh',
  Erf: 'erf',
  Exp: 'exp',
  Expm1: 'expm1',
  Floor: 'floor',
  IsNan: 'isnan',
  IsInf: 'isinf',
  IsFinite: 'isfinite',
  Log: 'log',
  Log1p: 'log1p',
  LogicalNot: 'logical_not',
  Neg: 'neg',
  Reciprocal: 'reciprocal',
  Relu: 'relu',
  Round: 'round',
  Rsqrt: 'rsqrt',
  Sigmoid: 'sigmoid',
  Sign: 'sign',
  Sin: 'sin',
  Sinh: 'sinh',
  Sqrt: 'sqrt',
  Square: 'square',
  Tan: 'tan',
  Tanh: 'tanh',
  ZerosLike: 'zeros_like',
  OnesLike: 'ones_like',
};

const elu = aten('elu');
const softplus = aten('softplus');
const clamp = aten('clamp');
const where = aten('where.self');
const gt = aten('gt.Scalar');
const isnan = aten('isnan');
const leakyRelu = aten('leaky_relu');
const to = aten('to.dtype');
const trunc = aten('trunc');
const nanToNum = aten('nan_to_num');
const fullLike = aten('full_like');

/** Self-normalising units, Klambauer et al. 2017. */
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

const isFloat = (x: { dtype: string }): boolean => x.dtype === 'float32';

function step(x: Handle, alpha: number): Handle {
  const below = fullLike(x, alpha);
  const stepped = where(gt(x, 0), fullLike(x, 1), below);
  return where(isnan(x), x, stepped);
}

export function registerUnary(): void {
  for (const [kernel, operator] of Object.entries(SAME)) {
    const run = aten(operator);
    const isLogical = kernel.startsWith('Is') || kernel === 'LogicalNot' || kernel.endsWith('Like');
    // Truth values count as 0 and 1.
    define(kernel, ({ x }, _, infos) =>
      run(infos.x.dtype === 'bool' && !isLogical ? to(x, SCALAR_TYPE.int32) : x),
    );
  }
  define('Softplus', ({ x }) => softplus(to(x, SCALAR_TYPE.float32)));
  define('Elu', ({ x }) => elu(x));
  define('Selu', ({ x }) => elu(to(x, SCALAR_TYPE.float32), SELU_ALPHA, SELU_SCALE));
  define('Relu6', ({ x }, _, { x: { dtype } }) => clamp(x, scalar(0, dtype), scalar(6, dtype)));
  define<{ alpha: number }>('LeakyRelu', ({ x }, { alpha }) => leakyRelu(to(x, SCALAR_TYPE.float32), alpha));
  define<{ alpha: number }>('Step', ({ x }, { alpha }, infos) =>
    isFloat(infos.x) ? step(x, alpha) : to(step(to(x, SCALAR_TYPE.float32), alpha), SCALAR_TYPE.int32),
  );
  define<{ clipValueMin: number; clipValueMax: number }>(
    'ClipByValue',
    ({ x }, { clipValueMin, clipValueMax }, { x: { dtype } }) =>
      to(
        clamp(x, scalar(clipValueMin, dtype), scalar(clipValueMax, dtype)),
        dtype === 'int32' ? SCALAR_TYPE.int32 : SCALAR_TYPE.float32,
      ),
  );
  define<{ dtype: string }>('Cast', ({ x }, { dtype }, infos) => {
    if (dtype === 'int32' && isFloat(infos.x)) return to(nanToNum(trunc(x), 0), SCALAR_TYPE.int32);
    return to(x, SCALAR_TYPE[dtype as keyof typeof SCALAR_TYPE]);
  });
}
