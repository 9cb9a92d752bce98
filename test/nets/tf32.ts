/** Sums of products as a GPU makes them whose tensor cores round their operands to TF32: ten bits after the first. */
import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { Graph, Node } from '#nets/onnx/proto.ts';

/** 2^13 + 1: what a float32 is multiplied with to be rounded to 11 of its 24 bits (T. J. Dekker, 1971). */
const SPLIT = 8193;

function rounded(value: number): number {
  const c = Math.fround(SPLIT * value);
  return Math.fround(c - Math.fround(c - value));
}

const OPERANDS: Readonly<Record<string, readonly string[]>> = {
  Conv2D: ['x', 'filter'],
  FusedConv2D: ['x', 'filter'],
  BatchMatMul: ['a', 'b'],
  _FusedMatMul: ['a', 'b'],
};

/** Runs `f` with convolutions and products of matrices of the WASM backend at this precision. */
export function withTf32<T>(f: () => T): T {
  const stock = Object.keys(OPERANDS).flatMap((name) => tf.getKernel(name, 'wasm') ?? []);
  const replace = (kernel: tf.KernelConfig): void => {
    tf.unregisterKernel(kernel.kernelName, 'wasm');
    tf.registerKernel(kernel);
  };
  for (const kernel of stock)
    replace({
      ...kernel,
      kernelFunc: (call) => {
        const backend = call.backend as BackendWasm;
        const inputs: tf.NamedTensorInfoMap = { ...call.inputs };
        for (const name of OPERANDS[kernel.kernelName]) {
          const operand = call.inputs[name];
          if (operand === undefined) continue;
          const values = Float32Array.from(backend.readSync(operand.dataId) as Float32Array, rounded);
          inputs[name] = { ...operand, dataId: backend.write(values, operand.shape, 'float32') };
        }
        return kernel.kernelFunc({ ...call, inputs });
      },
    });
  try {
    return f();
  } finally {
    stock.forEach(replace);
  }
}

/** The graph with convolutions and products of matrices at this precision. */
export function tf32Graph(graph: Graph): Graph {
  const split = { name: 'split', shape: [], floats: new Float32Array([SPLIT]) };
  const nodes = graph.nodes.flatMap((node, i): Node[] => {
    if (!['Conv', 'Gemm', 'MatMul'].includes(node.op)) return [node];
    const operands = node.inputs.slice(0, 2);
    const part = (name: string): string => `${name}_of_${i}`;
    const steps = operands.flatMap((x, j): Node[] => [
      { op: 'Mul', inputs: [x, 'split'], outputs: [part(`product_${j}`)] },
      { op: 'Sub', inputs: [part(`product_${j}`), x], outputs: [part(`rest_${j}`)] },
      { op: 'Sub', inputs: [part(`product_${j}`), part(`rest_${j}`)], outputs: [part(`rounded_${j}`)] },
    ]);
    const inputs = [...operands.map((_, j) => part(`rounded_${j}`)), ...node.inputs.slice(2)];
    return [...steps, { ...node, inputs }];
  });
  return { ...graph, nodes, initializers: [...graph.initializers, split] };
}
