import type { LayerRow } from './summary.ts';

/**
 * Where the layers of a model stand in its picture: downwards by depth (the longest way from the input), side by side where
 * several have the same. Norms, activations and dropouts stand in the box of the layer that they follow. An edge that passes
 * other boxes runs in a lane at their right. O(edges * (layers + lanes)).
 */

export interface GraphNode {
  /** the layer and what follows it in the same box */
  rows: LayerRow[];
  depth: number;
  column: number;
}
export interface GraphEdge {
  from: GraphNode;
  to: GraphNode;
  /** null for a straight one between neighbours; else the lane at the right of `column`, 0 the nearest */
  lane: number | null;
  /** the last column that has a box between both ends */
  column: number;
}
export interface GraphBlock {
  /** of a residual block: "stage1_block1" */
  name: string;
  nodes: GraphNode[];
}
export interface GraphLayout {
  nodes: GraphNode[];
  edges: GraphEdge[];
  blocks: GraphBlock[];
  columns: number;
  lanes: number;
}

/** `rows` are those of the summary, the input first. */
export function layoutGraph(rows: readonly LayerRow[]): GraphLayout {
  const ordered = blocksLast(rows);
  const nodes = placed(ordered);
  const nodeOf = new Map(nodes.flatMap((node) => node.rows.map((row) => [row.name, node])));
  const taken = new Set(nodes.map(({ depth, column }) => `${depth}/${column}`));
  /** by lane: the spans of depths that edges run through */
  const lanes: [from: number, to: number][][] = [];
  const laneOf = (from: number, to: number): number => {
    let lane = lanes.findIndex((spans) => spans.every(([start, end]) => end <= from || start >= to));
    if (lane < 0) lane = lanes.push([]) - 1;
    lanes[lane]!.push([from, to]);
    return lane;
  };
  const pairs = nodes.flatMap((to) => {
    const sources = new Set(to.rows[0]!.inputs.map((name) => nodeOf.get(name)!));
    return [...sources].map((from) => ({ from, to }));
  });
  const isStraight = ({ from, to }: { from: GraphNode; to: GraphNode }) =>
    to.depth === from.depth + 1 || (from.column === to.column && free(taken, from, to));
  // Short detours take the inner lanes.
  const detours = pairs.filter((pair) => !isStraight(pair)).sort((a, b) => length(a) - length(b));
  const lane = new Map(detours.map((pair) => [pair, laneOf(pair.from.depth, pair.to.depth)]));
  return {
    nodes,
    edges: pairs.map((pair) => ({ ...pair, lane: lane.get(pair) ?? null, column: lastColumn(nodes, pair) })),
    blocks: rows
      .filter((row) => row.type === 'residual')
      .map(({ name }) => ({
        name,
        nodes: nodes.filter((node) => node.rows[0]!.name === name || node.rows[0]!.name.startsWith(`${name}/`)),
      })),
    columns: Math.max(...nodes.map((node) => node.column)) + 1,
    lanes: lanes.length,
  };
}

/** The table has a block before what it sums up; here it comes after. */
function blocksLast(rows: readonly LayerRow[]): LayerRow[] {
  const ordered: LayerRow[] = [];
  let block: LayerRow | undefined;
  for (const row of rows) {
    if (block && !row.name.startsWith(`${block.name}/`)) {
      ordered.push(block);
      block = undefined;
    }
    if (row.type === 'residual') block = row;
    else ordered.push(row);
  }
  return block ? [...ordered, block] : ordered;
}

const FOLLOWERS = ['batch_norm', 'layer_norm', 'activation', 'dropout', 'spatial_dropout', 'gaussian_noise'];

/** Each below what it reads: under its first input where that place is free. */
function placed(rows: readonly LayerRow[]): GraphNode[] {
  const readers = new Map<string, number>();
  for (const name of rows.flatMap((row) => row.inputs)) readers.set(name, (readers.get(name) ?? 0) + 1);
  const nodes: GraphNode[] = [];
  const known = new Map<string, GraphNode>();
  const taken = new Map<number, Set<number>>();
  for (const row of rows) {
    const inputs = row.inputs.map((name) => known.get(name)!);
    const before = inputs[0]?.rows.at(-1);
    const follows =
      before && FOLLOWERS.includes(row.type) && readers.get(before.name) === 1 && before.name === row.inputs[0];
    if (follows && before.depth === row.depth && before.type !== 'input' && before.type !== 'residual') {
      inputs[0]!.rows.push(row);
      known.set(row.name, inputs[0]!);
      continue;
    }
    const depth = inputs.reduce((most, input) => Math.max(most, input.depth + 1), 0);
    const columns = taken.get(depth) ?? new Set();
    let column = inputs[0]?.column ?? 0;
    while (columns.has(column)) column++;
    taken.set(depth, columns.add(column));
    const node = { rows: [row], depth, column };
    nodes.push(node);
    known.set(row.name, node);
  }
  return nodes;
}

function free(taken: ReadonlySet<string>, from: GraphNode, to: GraphNode): boolean {
  for (let depth = from.depth + 1; depth < to.depth; depth++) if (taken.has(`${depth}/${from.column}`)) return false;
  return true;
}

function lastColumn(nodes: readonly GraphNode[], { from, to }: { from: GraphNode; to: GraphNode }): number {
  const between = nodes.filter(({ depth }) => depth >= from.depth && depth <= to.depth);
  return Math.max(...between.map(({ column }) => column));
}

function length({ from, to }: { from: GraphNode; to: GraphNode }): number {
  return to.depth - from.depth;
}
