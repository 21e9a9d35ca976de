import type { ItemArray } from '../engine.ts';
import { BYTE, type Part, type PartLayout } from '../part.ts';
import { attr, FLOAT } from './attributes.ts';
import { DType } from './dtypes.ts';
import type { GraphBuilder, Node } from './graph.ts';
import type { Variables } from './variables.ts';

export interface BatchNodes {
  x: Node;
  y: Node;
  present: Node | undefined;
  /** Where the part stays in its file: takes the batch's inputs as they lie there. */
  fed: Node | undefined;
}

/** Puts a part's items into TensorFlow, where every step picks its own by index. Inputs that stay in their file are fed instead. */
export async function storePart(variables: Variables, name: string, part: Part): Promise<void> {
  const rows = part.targets === undefined ? [part.n] : [part.n, part.targets];
  if (!part.streamed) await variables.add(`${name}/x`, part.x as ItemArray, [part.n, ...part.itemShape]);
  await variables.add(`${name}/y`, part.y, rows);
  if (part.present) await variables.add(`${name}/present`, part.present, rows);
}

/** The items at `indices` (int32 [b]) of a stored part, inputs as float32, bytes as x / 255. */
export function gatherBatch(
  builder: GraphBuilder,
  variables: Variables,
  scope: string,
  name: string,
  part: PartLayout,
  indices: Node,
): BatchNodes {
  const pick = (kind: string, dtype: number) =>
    builder.node(
      'ResourceGather',
      `${scope}/input/${kind}`,
      [variables.handle(`${name}/${kind}`), indices],
      [attr.type('dtype', dtype)],
    );
  const type = part.bytes ? DType.uint8 : DType.float32;
  const fed = part.streamed
    ? builder.placeholder(`${scope}/input/x`, type, [indices.shape[0]!, ...part.itemShape])
    : undefined;
  const x = fed ?? pick('x', type);
  return {
    x: part.bytes ? bytesToFloat(builder, `${scope}/input`, x) : x,
    y: pick('y', part.targets === undefined ? DType.int32 : DType.float32),
    present: part.masked ? pick('present', DType.float32) : undefined,
    fed,
  };
}

export function bytesToFloat(builder: GraphBuilder, scope: string, x: Node): Node {
  const float = builder.node('Cast', `${scope}/float`, [x], [attr.type('DstT', DType.float32)]);
  return builder.node(
    'Mul',
    `${scope}/scaled`,
    [float, builder.constant(`${scope}/byte`, Float32Array.of(BYTE))],
    FLOAT,
  );
}
