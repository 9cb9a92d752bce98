/** Kernels of two tensors, element by element, with broadcasting. */
import type { Handle } from '../addon.ts';
import { SCALAR_TYPE, aten } from '../aten.ts';
import { define } from '../kernel.ts';

/** tfjs kernels that are an ATen operator of the same meaning; tfjs has made the dtypes alike before. */
const SAME = {
  Atan2: 'atan2',
  Equal: 'eq.Tensor',
  NotEqual: 'ne.Tensor',
  Greater: 'gt.Tensor',
  GreaterEqual: 'ge.Tensor',
  Less: 'lt.Tensor',
  LessEqual: 'le.Tensor',
  LogicalAnd: 'logical_and',
  LogicalOr: 'logical_or',
  LogicalXor: 'logical_xor',
  BitwiseAnd: 'bitwise_and.Tensor',
};

const ARITHMETIC = {
  Add: 'add.Tensor',
  Sub: 'sub.Tensor',
  Multiply: 'mul.Tensor',
  Maximum: 'maximum',
  Minimum: 'minimum',
  Pow: 'pow.Tensor_Tensor',
};

const add = aten('add.Tensor');
const addScalar = aten('add.Scalar');
const sub = aten('sub.Tensor');
const mul = aten('mul.Tensor');
const square = aten('square');
const div = aten('div.Tensor');
const remainder = aten('remainder.Tensor');
const trunc = aten('trunc');
const floor = aten('floor');
const nanToNum = aten('nan_to_num');
const to = aten('to.dtype');
const where = aten('where.self');
const ge = aten('ge.Scalar');
const gt = aten('gt.Scalar');

const toInt = (x: Handle): Handle => to(x, SCALAR_TYPE.int32);
const toDouble = (x: Handle): Handle => to(x, SCALAR_TYPE.float64);
/** Doubles hold every int32; what is no number becomes 0, as in an Int32Array. */
const toWhole = (x: Handle): Handle => to(nanToNum(x, 0, 0, 0), SCALAR_TYPE.int32);

/** In doubles, because the processor traps on whole numbers: on a division by 0, and on -2 ** 31 by -1. */
function wholeQuotient(a: Handle, b: Handle, round: (x: Handle) => Handle): Handle {
  return toWhole(round(div(toDouble(a), toDouble(b))));
}

export function registerBinary(): void {
  for (const [kernel, operator] of Object.entries(SAME)) {
    const run = aten(operator);
    define(kernel, ({ a, b }) => run(a, b));
  }
  for (const [kernel, operator] of Object.entries(ARITHMETIC)) {
    const run = aten(operator);
    // Truth values count as 0 and 1.
    define(kernel, ({ a, b }, _, infos) => (infos.a.dtype === 'bool' ? run(toInt(a), toInt(b)) : run(a, b)));
  }
  define('RealDiv', ({ a, b }, _, infos) =>
    infos.a.dtype === 'float32' ? div(a, b) : wholeQuotient(a, b, trunc),
  );
  define('FloorDiv', ({ a, b }) => wholeQuotient(a, b, floor));
  define('Mod', ({ a, b }, _, infos) =>
    infos.a.dtype === 'float32' ? remainder(a, b) : toWhole(remainder(toDouble(a), toDouble(b))),
  );
  define('SquaredDifference', ({ a, b }) => square(sub(a, b)));
  define('Prelu', ({ x, alpha }) => where(gt(x, 0), x, mul(x, alpha)));
  /** y is the output: elu'(x) = y + 1 where x, and so y, is negative. */
  define('EluGrad', ({ dy, y }) => where(ge(y, 0), dy, mul(dy, addScalar(y, 1))));
  define('AddN', (inputs, _, infos) =>
    Object.entries(inputs)
      .map(([key, x]) => (infos[key].dtype === 'bool' ? toInt(x) : x))
      .reduce((sum, x) => add(sum, x)),
  );
}
