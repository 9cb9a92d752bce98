/** An ONNX graph as it is put together: nodes and constants under names of their own. */
import { TYPES } from './proto.ts';
import type { Attribute, Graph, ValueInfo } from './proto.ts';

const emptyGraph = (name: string): Graph => ({
  name,
  nodes: [],
  initializers: [],
  inputs: [],
  outputs: [],
});

/** Collects nodes and constants; every method returns the name of its result. */
export class GraphBuilder {
  readonly graph: Graph = emptyGraph('tengen');
  private count = 0;
  /** What nodes and constants are added to: the graph, or the body of a loop. */
  private current = this.graph;
  private kept = new Map<string, string>();

  op(
    op: string,
    inputs: readonly string[],
    attributes: readonly Attribute[] = [],
    output = `${op}_${++this.count}`,
  ): string {
    this.current.nodes.push({ op, inputs: [...inputs], outputs: [output], attributes: [...attributes] });
    return output;
  }

  floats(shape: readonly number[], floats: ArrayLike<number>): string {
    const name = `c_${++this.count}`;
    this.current.initializers.push({ name, shape, floats: Float32Array.from(floats) });
    return name;
  }

  ints(ints: readonly number[]): string {
    return this.once(`ints ${ints.join()}`, () => {
      const name = `c_${++this.count}`;
      this.current.initializers.push({ name, shape: [ints.length], ints: [...ints] });
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
      this.current.initializers.push({ name, shape: [], ints: [value] });
      return name;
    });
  }

  /** What was made under this key before, or is made now. */
  once(key: string, make: () => string): string {
    return once(this.kept, key, make);
  }

  /**
   * Repeats `body` at most `most` times on float values that keep their shapes.
   * @param start of the values. @param body makes the next of them, and a bool [] that says whether to go on. It may use what
   * was made before; nothing that it makes may be used elsewhere.
   * @returns the values at the end.
   */
  loop(
    most: number,
    start: readonly string[],
    body: (values: string[]) => { goesOn: string; next: readonly string[] },
  ): string[] {
    const trips = this.int(most);
    const name = `loop_${++this.count}`;
    const namesOf = (part: string): string[] => start.map((_, i) => `${name}_${part}_${i}`);
    const floats = (names: readonly string[]): ValueInfo[] => names.map((value) => ({ name: value }));
    const [inputs, outputs] = [namesOf('in'), namesOf('out')];
    const inner = emptyGraph(name);
    const outer = { current: this.current, kept: this.kept };
    // With constants of its own: ONNX Runtime lays out only those weights for speed that are in the graph of their convolution.
    [this.current, this.kept] = [inner, new Map<string, string>()];
    const { goesOn, next } = body(inputs);
    ({ current: this.current, kept: this.kept } = outer);
    inner.inputs.push(
      { name: `${name}_trip`, shape: [], type: 'int64' },
      { name: `${name}_condition`, shape: [], type: 'bool' },
      ...floats(inputs),
    );
    inner.outputs.push({ name: goesOn, shape: [], type: 'bool' }, ...floats(next));
    const attributes = [{ name: 'body', graph: inner }];
    this.current.nodes.push({ op: 'Loop', inputs: [trips, '', ...start], outputs, attributes });
    return outputs;
  }

  cast(x: string, to: keyof typeof TYPES): string {
    return this.op('Cast', [x], [{ name: 'to', int: TYPES[to] }]);
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

/** The name kept for this key, or the one that is made now. */
export function once<Key>(names: Map<Key, string>, key: Key, make: () => string): string {
  let name = names.get(key);
  if (name === undefined) names.set(key, (name = make()));
  return name;
}
