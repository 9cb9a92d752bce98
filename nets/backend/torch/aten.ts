/** ATen's operators as functions of tensor handles, and the lifetime of what they make within one kernel. */
import type { Addon, Argument, Handle, Values } from './addon.ts';

/** c10::ScalarType, as the addon and operators spell it. */
export const SCALAR_TYPE = { int32: 3, int64: 4, float32: 6, float64: 7, bool: 11 } as const;
/** c10::MemoryFormat. */
export const CHANNELS_LAST = 2;
export const CHANNELS_LAST_3D = 3;

/** A number as a Scalar argument, which keeps whole numbers whole in tensors of whole numbers. */
export function scalar(value: number, dtype: string): number | bigint {
  return dtype === 'int32' && Number.isInteger(value) ? BigInt(value) : value;
}

let addon: Addon | null = null;
/** What operators have made since the innermost `scoped` began. */
let made: Handle[] = [];

/** Every operator runs in this addon from now on. */
export function useAddon(loaded: Addon): void {
  addon = loaded;
}

function loaded(): Addon {
  if (addon === null) throw new Error('internal: the torch addon is not loaded');
  return addon;
}

function bind(name: string): (...given: Argument[]) => Handle | (Handle | null)[] {
  const [base, overload = ''] = name.split('.');
  let operator = -1;
  return (...given) => {
    if (operator < 0) operator = loaded().findOperator(`aten::${base}`, overload);
    return loaded().call(operator, ...given);
  };
}

/** The operator "add.Tensor" or "relu" with one result. */
export function aten(name: string): (...given: Argument[]) => Handle {
  const run = bind(name);
  return (...given) => {
    const result = run(...given) as Handle;
    made.push(result);
    return result;
  };
}

/** An operator with several results, or a list of them. */
export function atenMany(name: string): (...given: Argument[]) => Handle[] {
  const run = bind(name);
  return (...given) => {
    const results = run(...given) as (Handle | null)[];
    for (const result of results) if (result !== null) made.push(result);
    return results as Handle[];
  };
}

/** A tensor on the device with these values. */
export function upload(values: Values, shape: readonly number[]): Handle {
  const result = loaded().upload(values, shape);
  made.push(result);
  return result;
}

export function shapeOf(tensor: Handle): number[] {
  return loaded().layoutOf(tensor).slice(1);
}

/** Runs `body` and frees every tensor made meanwhile but those it returns. */
export function scoped(body: () => Handle[]): Handle[] {
  const outer = made;
  made = [];
  let results: Handle[] = [];
  try {
    results = body();
  } finally {
    // Most kernels make one tensor and return it: a loop is faster than sets here, thousands of times a step.
    const garbage: Handle[] = [];
    for (const tensor of made) if (!results.includes(tensor)) garbage.push(tensor);
    if (garbage.length > 0) loaded().free(...garbage);
    made = outer;
  }
  return results;
}
