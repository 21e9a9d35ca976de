import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** The messages of ONNX's protobuf that a trained network needs, by the numbers of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). */

export const IR_VERSION = 8;
/** LayerNormalization came with 17; every ONNX Runtime since 1.12 (2022) reads it. */
export const OPSET = 17;

export type Attribute = number | { float: number } | readonly number[] | string;
export interface OnnxNode {
  op: string;
  name: string;
  inputs: readonly string[];
  output: string;
  attributes: Readonly<Record<string, Attribute>>;
}
export interface OnnxTensor {
  name: string;
  shape: readonly number[];
  data: Float32Array | BigInt64Array;
}
/** float32; the first side is the batch, of any length */
export interface OnnxPort {
  name: string;
  shape: readonly number[];
}
export interface OnnxModel {
  nodes: readonly OnnxNode[];
  weights: readonly OnnxTensor[];
  input: OnnxPort;
  output: OnnxPort;
  description: string;
  metadata: Readonly<Record<string, string>>;
}

type Write = (writer: BinaryWriter) => void;
const FLOAT = 1;
const INT64 = 7;

/** One file's bytes. O(bytes of the weights), which it copies twice. */
export function encodeOnnx(model: OnnxModel): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int64(IR_VERSION);
  text(writer, 2, 'Holdout');
  text(writer, 6, model.description);
  message(writer, 7, (graph) => {
    for (const node of model.nodes) message(graph, 1, writeNode(node));
    text(graph, 2, 'model');
    for (const weight of model.weights) message(graph, 5, writeTensor(weight));
    message(graph, 11, writePort(model.input));
    message(graph, 12, writePort(model.output));
  });
  message(writer, 8, (opset) => opset.tag(2, WireType.Varint).int64(OPSET));
  for (const [key, value] of Object.entries(model.metadata))
    message(writer, 14, (entry) => {
      text(entry, 1, key);
      text(entry, 2, value);
    });
  return writer.finish();
}

function message(writer: BinaryWriter, field: number, write: Write): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write(writer);
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function writeNode({ op, name, inputs, output, attributes }: OnnxNode): Write {
  return (writer) => {
    for (const input of inputs) text(writer, 1, input);
    text(writer, 2, output);
    text(writer, 3, name);
    text(writer, 4, op);
    for (const [key, value] of Object.entries(attributes)) message(writer, 5, writeAttribute(key, value));
  };
}

function writeAttribute(name: string, value: Attribute): Write {
  return (writer) => {
    text(writer, 1, name);
    const kind = (type: number) => writer.tag(20, WireType.Varint).int32(type);
    if (typeof value === 'number') {
      writer.tag(3, WireType.Varint).int64(value);
      kind(2);
    } else if (typeof value === 'string') {
      text(writer, 4, value);
      kind(3);
    } else if ('float' in value) {
      writer.tag(2, WireType.Bit32).float(value.float);
      kind(1);
    } else {
      for (const each of value) writer.tag(8, WireType.Varint).int64(each);
      kind(7);
    }
  };
}

function writeTensor({ name, shape, data }: OnnxTensor): Write {
  return (writer) => {
    for (const side of shape) writer.tag(1, WireType.Varint).int64(side);
    writer.tag(2, WireType.Varint).int32(data instanceof Float32Array ? FLOAT : INT64);
    text(writer, 8, name);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    writer.tag(9, WireType.LengthDelimited).bytes(bytes);
  };
}

function writePort({ name, shape }: OnnxPort): Write {
  return (writer) => {
    text(writer, 1, name);
    message(writer, 2, (type) =>
      message(type, 1, (tensor) => {
        tensor.tag(1, WireType.Varint).int32(FLOAT);
        message(tensor, 2, (dims) => {
          message(dims, 1, (batch) => text(batch, 2, 'items'));
          for (const side of shape) message(dims, 1, (dim) => dim.tag(1, WireType.Varint).int64(side));
        });
      }),
    );
  };
}
