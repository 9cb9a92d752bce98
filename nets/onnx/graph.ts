/** An ONNX graph as it is put together: nodes and constants under names of their own. */
import type { Attribute, Graph } from './proto.ts';

/** Collects nodes and constants; every method returns the name of its result. */
export class GraphBuilder {
  readonly graph: Graph = { name: 'tengen', nodes: [], initializers: [], inputs: [], outputs: [] };
  private count = 0;
  private readonly kept = new Map<string, string>();

  op(
    op: string,
    inputs: readonly string[],
    attributes: readonly Attribute[] = [],
    output = `${op}_${++this.count}`,
  ): string {
    this.graph.nodes.push({ op, inputs: [...inputs], output, attributes: [...attributes] });
    return output;
  }

  floats(shape: readonly number[], floats: ArrayLike<number>): string {
    const name = `c_${++this.count}`;
    this.graph.initializers.push({ name, shape, floats: Float32Array.from(floats) });
    return name;
  }

  ints(ints: readonly number[]): string {
    return this.once(`ints ${ints.join()}`, () => {
      const name = `c_${++this.count}`;
      this.graph.initializers.push({ name, shape: [ints.length], ints: [...ints] });
      return name;
    });
  }

  scalar(value: number): string {
    return this.once(`scalar ${value}`, () => this.floats([], [value]));
  }

  /** int64 []. */
  int(value: number): string {
    return this.once(`int ${value}`, () => {
      const name = `c_${++this.count}`;
      this.graph.initializers.push({ name, shape: [], ints: [value] });
      return name;
    });
  }

  /** What was made under this key before, or is made now. */
  once(key: string, make: () => string): string {
    let name = this.kept.get(key);
    if (name === undefined) this.kept.set(key, (name = make()));
    return name;
  }

  reshape(x: string, shape: readonly number[], output?: string): string {
    return this.op('Reshape', [x, this.ints(shape)], [], output);
  }

  transpose(x: string, perm: number[]): string {
    return this.op('Transpose', [x], [{ name: 'perm', ints: perm }]);
  }

  reduce(op: 'ReduceMean' | 'ReduceMax', x: string, axes: number[]): string {
    return this.op(op, [x], [{ name: 'axes', ints: axes }]);
  }
}
