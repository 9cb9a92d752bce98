/** The few messages of the ONNX protobuf schema that an exported net needs, with the field numbers of onnx.proto3. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** TensorProto.DataType. */
export const TYPES = { float: 1, int64: 7, bool: 9, double: 11 } as const;

export type Attribute = { name: string } & (
  { int: number } | { ints: number[] } | { float: number } | { string: string } | { graph: Graph }
);
export type Node = { op: string; inputs: string[]; outputs: string[]; attributes?: Attribute[] };
export type Initializer = { name: string; shape: readonly number[] } & (
  { floats: Float32Array } | { ints: number[] }
);
/** A dimension is a size or a name for one that varies; without a shape a value may have any. Float by default. */
export type ValueInfo = {
  name: string;
  shape?: readonly (number | string)[];
  type?: keyof typeof TYPES;
};
export type Graph = {
  name: string;
  nodes: Node[];
  initializers: Initializer[];
  inputs: ValueInfo[];
  outputs: ValueInfo[];
};

const lengthDelimited = (w: BinaryWriter, field: number, bytes: Uint8Array): void => {
  w.tag(field, WireType.LengthDelimited).bytes(bytes);
};
const text = (w: BinaryWriter, field: number, value: string): void => {
  w.tag(field, WireType.LengthDelimited).string(value);
};
const integer = (w: BinaryWriter, field: number, value: number): void => {
  w.tag(field, WireType.Varint).int64(value);
};

function attributeBytes(attribute: Attribute): Uint8Array {
  const w = new BinaryWriter();
  text(w, 1, attribute.name);
  // AttributeProto: f = 2, i = 3, s = 4, g = 6, ints = 8, type = 20 (FLOAT 1, INT 2, STRING 3, GRAPH 5, INTS 7).
  if ('float' in attribute) {
    w.tag(2, WireType.Bit32).float(attribute.float);
    integer(w, 20, 1);
  } else if ('string' in attribute) {
    text(w, 4, attribute.string);
    integer(w, 20, 3);
  } else if ('int' in attribute) {
    integer(w, 3, attribute.int);
    integer(w, 20, 2);
  } else if ('graph' in attribute) {
    lengthDelimited(w, 6, graphBytes(attribute.graph));
    integer(w, 20, 5);
  } else {
    for (const value of attribute.ints) integer(w, 8, value);
    integer(w, 20, 7);
  }
  return w.finish();
}

function nodeBytes(node: Node): Uint8Array {
  const w = new BinaryWriter();
  for (const name of node.inputs) text(w, 1, name);
  for (const name of node.outputs) text(w, 2, name);
  text(w, 3, node.outputs[0]);
  text(w, 4, node.op);
  for (const attribute of node.attributes ?? []) lengthDelimited(w, 5, attributeBytes(attribute));
  return w.finish();
}

function initializerBytes(tensor: Initializer): Uint8Array {
  const w = new BinaryWriter();
  for (const side of tensor.shape) integer(w, 1, side);
  integer(w, 2, 'floats' in tensor ? TYPES.float : TYPES.int64);
  text(w, 8, tensor.name);
  const raw = 'floats' in tensor ? tensor.floats : BigInt64Array.from(tensor.ints, BigInt);
  lengthDelimited(w, 9, new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength));
  return w.finish();
}

function valueInfoBytes(value: ValueInfo): Uint8Array {
  const shape = new BinaryWriter();
  for (const side of value.shape ?? []) {
    const dimension = new BinaryWriter();
    if (typeof side === 'number') integer(dimension, 1, side);
    else text(dimension, 2, side);
    lengthDelimited(shape, 1, dimension.finish());
  }
  const tensorType = new BinaryWriter();
  integer(tensorType, 1, TYPES[value.type ?? 'float']);
  if (value.shape !== undefined) lengthDelimited(tensorType, 2, shape.finish());
  const type = new BinaryWriter();
  lengthDelimited(type, 1, tensorType.finish());
  const w = new BinaryWriter();
  text(w, 1, value.name);
  lengthDelimited(w, 2, type.finish());
  return w.finish();
}

function graphBytes(graph: Graph): Uint8Array {
  const g = new BinaryWriter();
  for (const node of graph.nodes) lengthDelimited(g, 1, nodeBytes(node));
  text(g, 2, graph.name);
  for (const tensor of graph.initializers) lengthDelimited(g, 5, initializerBytes(tensor));
  for (const value of graph.inputs) lengthDelimited(g, 11, valueInfoBytes(value));
  for (const value of graph.outputs) lengthDelimited(g, 12, valueInfoBytes(value));
  return g.finish();
}

/** Serialises a ModelProto: IR version 8, opset 17. */
export function modelBytes(graph: Graph): Uint8Array {
  const opset = new BinaryWriter();
  text(opset, 1, '');
  integer(opset, 2, 17);
  const w = new BinaryWriter();
  integer(w, 1, 8);
  text(w, 2, 'tengen');
  lengthDelimited(w, 7, graphBytes(graph));
  lengthDelimited(w, 8, opset.finish());
  return w.finish();
}
