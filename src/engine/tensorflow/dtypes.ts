/** TF_DataType (tensorflow/c/tf_datatype.h) of the types that the engine moves between JavaScript and TensorFlow. */
export const DType = {
  float32: 1,
  int32: 3,
  uint8: 4,
  string: 7,
  complex64: 8,
  int64: 9,
  bool: 10,
  resource: 20,
} as const;

export type NumberArray = Float32Array | Int32Array | Uint8Array;

/** The JavaScript array that holds a tensor of `dtype`; undefined where JavaScript never reads one. */
export function arrayOf(dtype: number, items: number): NumberArray | undefined {
  switch (dtype) {
    case DType.float32:
      return new Float32Array(items);
    case DType.complex64:
      return new Float32Array(2 * items);
    case DType.int32:
      return new Int32Array(items);
    case DType.uint8:
    case DType.bool:
      return new Uint8Array(items);
    default:
      return undefined;
  }
}

export function dtypeOf(data: NumberArray): number {
  if (data instanceof Float32Array) return DType.float32;
  return data instanceof Int32Array ? DType.int32 : DType.uint8;
}

export function itemCount(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
