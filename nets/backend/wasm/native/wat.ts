/** Assembles WebAssembly's text format, as much of it as our kernels use: functions of folded instructions. */

type Node = string | readonly Node[];

/** "\0asm" and the version of the format. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const TYPES: Readonly<Record<string, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };
const VOID = 0x40;
const END = 0x0b;

/** Instructions without immediates (core specification, appendix "Index of Instructions"). */
const PLAIN: Readonly<Record<string, readonly number[]>> = {
  'i32.eqz': [0x45],
  'i32.lt_s': [0x48],
  'i32.lt_u': [0x49],
  'i32.gt_s': [0x4a],
  'i32.add': [0x6a],
  'i32.sub': [0x6b],
  'i32.mul': [0x6c],
  'f32.add': [0x92],
  'f32.sub': [0x93],
  'f32.mul': [0x94],
  'memory.copy': [0xfc, 10, 0, 0],
  'memory.fill': [0xfc, 11, 0],
  'f32x4.splat': [0xfd, 19],
  'v128.and': [0xfd, 78],
  'f32x4.eq': [0xfd, 65],
  'f32x4.gt': [0xfd, 68],
  'f32x4.add': [0xfd, 0xe4, 0x01],
  'f32x4.sub': [0xfd, 0xe5, 0x01],
  'f32x4.mul': [0xfd, 0xe6, 0x01],
  'f32x4.div': [0xfd, 0xe7, 0x01],
  'f32x4.max': [0xfd, 0xe9, 0x01],
  'f32x4.relaxed_madd': [0xfd, 0x85, 0x02],
};

/** Loads and stores, whose immediates are an alignment hint and `offset=`. */
const MEMORY: Readonly<Record<string, readonly number[]>> = {
  'i32.load': [0x28],
  'f32.load': [0x2a],
  'f32.store': [0x38],
  'v128.load': [0xfd, 0],
  'v128.load32_splat': [0xfd, 9],
  'v128.store': [0xfd, 11],
};

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return [...bytes, rest];
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest < -0x40 || rest >= 0x40) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>= 7;
  }
  return [...bytes, rest & 0x7f];
}

const vector = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];
const name = (text: string): number[] => vector([...Buffer.from(text)].map((byte) => [byte]));
const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...unsigned(content.length),
  ...content,
];

function parse(text: string): Node[] {
  const stack: Node[][] = [[]];
  for (const [token] of text.matchAll(/[()]|[^\s()]+/g)) {
    if (token === '(') stack.push([]);
    else if (token === ')') {
      const list = stack.pop() as Node[];
      stack.at(-1)?.push(list);
    } else stack.at(-1)?.push(token);
  }
  if (stack.length !== 1) throw new Error('internal: parentheses of a kernel do not match');
  return stack[0];
}

/** The code of one function's instructions. */
class Body {
  private readonly locals: ReadonlyMap<string, number>;
  private readonly labels: string[] = [];

  constructor(locals: ReadonlyMap<string, number>) {
    this.locals = locals;
  }

  list(nodes: readonly Node[]): number[] {
    return nodes.flatMap((node) => this.instruction(node));
  }

  private local(variable: Node): number[] {
    const index = this.locals.get(variable as string);
    if (index === undefined) throw new Error(`internal: a kernel has no variable ${String(variable)}`);
    return unsigned(index);
  }

  private label(target: Node): number[] {
    const depth = this.labels.lastIndexOf(target as string);
    if (depth < 0) throw new Error(`internal: a kernel has no label ${String(target)}`);
    return unsigned(this.labels.length - 1 - depth);
  }

  private nested(label: string, nodes: readonly Node[]): number[] {
    this.labels.push(label);
    const code = this.list(nodes);
    this.labels.pop();
    return [...code, END];
  }

  private instruction(node: Node): number[] {
    const [operation, ...rest] = node as readonly [string, ...Node[]];
    switch (operation) {
      case 'local.get':
        return [0x20, ...this.local(rest[0])];
      case 'local.set':
        return [...this.list(rest.slice(1)), 0x21, ...this.local(rest[0])];
      case 'i32.const':
        return [0x41, ...signed(Number(rest[0]))];
      case 'f32.const':
        return [0x43, ...new Uint8Array(Float32Array.of(Number(rest[0])).buffer)];
      case 'loop':
        return [0x03, VOID, ...this.nested(rest[0] as string, rest.slice(1))];
      case 'block':
        return [0x02, VOID, ...this.nested(rest[0] as string, rest.slice(1))];
      case 'if': {
        const [condition, [, ...then]] = rest as [Node, readonly Node[]];
        return [...this.instruction(condition), 0x04, VOID, ...this.nested('', then)];
      }
      case 'br_if':
        return [...this.list(rest.slice(1)), 0x0d, ...this.label(rest[0])];
      default:
        return this.simple(operation, rest);
    }
  }

  private simple(operation: string, rest: readonly Node[]): number[] {
    if (operation in MEMORY) {
      const given = typeof rest[0] === 'string' ? Number(rest[0].replace('offset=', '')) : 0;
      const operands = typeof rest[0] === 'string' ? rest.slice(1) : rest;
      // Alignment 4 bytes: a hint that promises no more than our tensors keep.
      return [...this.list(operands), ...MEMORY[operation], 2, ...unsigned(given)];
    }
    if (operation in PLAIN) return [...this.list(rest), ...PLAIN[operation]];
    throw new Error(`internal: no code for the instruction ${operation}`);
  }
}

type Function = { readonly name: string; readonly type: number[]; readonly code: number[] };

/** (func $name (param $a i32)... (local $b v128)... instructions...) */
function assembleFunction([, title, ...rest]: readonly Node[]): Function {
  const params: string[] = [];
  const declared: number[][] = [];
  const names = new Map<string, number>();
  const instructions: Node[] = [];
  for (const node of rest) {
    const [head, variable, type] = node as readonly string[];
    if (head === 'param' || head === 'local') {
      names.set(variable, names.size);
      if (head === 'param') params.push(type);
      else declared.push([1, TYPES[type]]);
    } else instructions.push(node);
  }
  const code = [...vector(declared), ...new Body(names).list(instructions), END];
  return {
    name: (title as string).slice(1),
    type: [0x60, ...vector(params.map((type) => [TYPES[type]])), 0],
    code: [...unsigned(code.length), ...code],
  };
}

/**
 * @param text functions without results, which are exported under their names.
 * @returns a module that imports `memory` of the module `env`.
 */
export function assemble(text: string): Uint8Array<ArrayBuffer> {
  const functions = parse(text).map((node) => assembleFunction(node as readonly Node[]));
  return Uint8Array.from([
    ...MAGIC,
    ...section(1, vector(functions.map(({ type }) => type))),
    ...section(2, vector([[...name('env'), ...name('memory'), 2, 0, 0]])),
    ...section(3, vector(functions.map((_, i) => unsigned(i)))),
    ...section(7, vector(functions.map((one, i) => [...name(one.name), 0, ...unsigned(i)]))),
    ...section(10, vector(functions.map(({ code }) => code))),
  ]);
}
