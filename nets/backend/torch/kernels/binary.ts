/** Kernels of two tensors, element by element, with broadcasting. */
import { aten, scalar } from '../aten.ts';
import { define } from '../kernel.ts';

/** tfjs kernels that are an ATen operator of the same meaning; tfjs has made the dtypes alike before. */
const SAME = {
  Add: 'add.Tensor',
  Sub: 'sub.Tensor',
  Multiply: 'mul.Tensor',
  Maximum: 'maximum',
  Minimum: 'minimum',
  Pow: 'pow.Tensor_Tensor',
  Mod: 'remainder.Tensor',
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

const add = aten('add.Tensor');
const addScalar = aten('add.Scalar');
const sub = aten('sub.Tensor');
const mul = aten('mul.Tensor');
const square = aten('square');
const div = aten('div.Tensor');
const divRounded = aten('div.Tensor_mode');
const where = aten('where.self');
const ge = aten('ge.Scalar');
const gt = aten('gt.Scalar');

export function registerBinary(): void {
  for (const [kernel, operator] of Object.entries(SAME)) {
    const run = aten(operator);
    define(kernel, ({ a, b }) => run(a, b));
  }
  define('RealDiv', ({ a, b }, _, infos) =>
    infos.a.dtype === 'float32' ? div(a, b) : divRounded(a, b, 'trunc'),
  );
  define('FloorDiv', ({ a, b }) => divRounded(a, b, 'floor'));
  define('SquaredDifference', ({ a, b }) => square(sub(a, b)));
  define('Prelu', ({ x, alpha }) => where(gt(x, scalar(0, 'float32')), x, mul(x, alpha)));
  /** y is the output: elu'(x) = y + 1 where x, and so y, is negative. */
  define('EluGrad', ({ dy, y }) => where(ge(y, 0), dy, mul(dy, addScalar(y, 1))));
  define('AddN', (inputs) => Object.values(inputs).reduce((sum, x) => add(sum, x)));
}
