import { DType } from './dtypes.ts';
import { int64s, type Native, type Pointer } from './ffi.ts';

/** One attribute of an operation, as tfjs's own kernels describe it (TFEOpAttr); `type` is the C API's TF_AttrType. */
export interface Attribute {
  name: string;
  type: number;
  value: unknown;
}
export const AttrType = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const;

export const attr = {
  string: (name: string, value: string): Attribute => ({ name, type: AttrType.string, value }),
  int: (name: string, value: number | number[]): Attribute => ({ name, type: AttrType.int, value }),
  float: (name: string, value: number): Attribute => ({ name, type: AttrType.float, value }),
  bool: (name: string, value: boolean): Attribute => ({ name, type: AttrType.bool, value }),
  type: (name: string, value: number): Attribute => ({ name, type: AttrType.type, value }),
  shape: (name: string, value: readonly number[]): Attribute => ({ name, type: AttrType.shape, value }),
};
/** Most float operations want nothing but their type. */
export const FLOAT = [attr.type('T', DType.float32)];

/** The setters of the eager API (operations that run at once) and of the graph API (operations that are built) take the same arguments. */
const KINDS = ['String', 'Int', 'Float', 'Bool', 'Type', 'Shape'] as const;
const LISTS = [
  undefined,
  int64s,
  (v: number[]) => Float32Array.from(v),
  (v: boolean[]) => Uint8Array.from(v.map(Number)),
  (v: number[]) => Int32Array.from(v),
];

export function setAttribute(
  native: Native,
  api: 'TF_SetAttr' | 'TFE_OpSetAttr',
  operation: Pointer,
  { name, type, value }: Attribute,
): void {
  const kind = KINDS[type];
  if (!kind) throw new Error(`Attribute ${name} has type ${type}, which no operation here takes`);
  // The eager API keeps the name's address; the graph API copies it.
  const key = api === 'TFE_OpSetAttr' ? native.persistent(name) : name;
  if (kind === 'String') {
    const bytes = Buffer.from(String(value));
    native.c[`${api}String`](operation, key, bytes, bytes.length);
  } else if (kind === 'Shape') {
    const shape = value as number[];
    if (api === 'TF_SetAttr') native.c.TF_SetAttrShape(operation, key, int64s(shape), shape.length);
    else native.checked((s) => native.c.TFE_OpSetAttrShape(operation, key, int64s(shape), shape.length, s));
  } else if (Array.isArray(value)) {
    native.c[`${api}${kind}List`](operation, key, (LISTS[type] as (v: unknown[]) => unknown)(value), value.length);
  } else {
    native.c[`${api}${kind}`](operation, key, kind === 'Bool' ? Number(Boolean(value)) : value);
  }
}
