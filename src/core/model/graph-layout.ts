import type { LayerRow } from './summary.ts';

/**
 * Where the layers of a model stand in its picture: downwards by depth (the longest way from the input), side by side where
 * several have the same. An edge that passes other layers runs in a lane at their right. O(layers + edges * lanes).
 */

export interface GraphNode {
  row: LayerRow;
  depth: number;
  column: number;
}
export interface GraphEdge {
  from: GraphNode;
  to: GraphNode;
  /** null for a straight one between neighbours; else the lane at the right, 0 the nearest */
  lane: number | null;
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
  depths: number;
  columns: number;
  lanes: number;
}

/** `rows` are those of the summary, the input first. */
export function layoutGraph(rows: readonly LayerRow[]): GraphLayout {
  const nodes = placed(rows);
  const byName = new Map(nodes.map((node) => [node.row.name, node]));
  const taken = new Set(nodes.map(({ depth, column }) => `${depth}/${column}`));
  /** by lane: the spans of depths that edges run through */
  const lanes: [from: number, to: number][][] = [];
  const laneOf = (from: number, to: number): number => {
    let lane = lanes.findIndex((spans) => spans.every(([start, end]) => end <= from || start >= to));
    if (lane < 0) lane = lanes.push([]) - 1;
    lanes[lane]!.push([from, to]);
    return lane;
  };
  const pairs = nodes.flatMap((to) => to.row.inputs.map((name) => ({ from: byName.get(name)!, to })));
  const isStraight = ({ from, to }: { from: GraphNode; to: GraphNode }) =>
    to.depth === from.depth + 1 || (from.column === to.column && free(taken, from, to));
  // Short detours take the inner lanes.
  const detours = pairs.filter((pair) => !isStraight(pair)).sort((a, b) => length(a) - length(b));
  const lane = new Map(detours.map((pair) => [pair, laneOf(pair.from.depth, pair.to.depth)]));
  return {
    nodes,
    edges: pairs.map((pair) => ({ ...pair, lane: lane.get(pair) ?? null })),
    blocks: nodes
      .filter(({ row }) => row.type === 'residual')
      .map((block) => ({
        name: block.row.name,
        nodes: nodes.filter(({ row }) => row === block.row || row.name.startsWith(`${block.row.name}/`)),
      })),
    depths: Math.max(...nodes.map((node) => node.depth)) + 1,
    columns: Math.max(...nodes.map((node) => node.column)) + 1,
    lanes: lanes.length,
  };
}

/** Each below what it reads: under its first input where that place is free. The table has a block before what it sums up. */
function placed(rows: readonly LayerRow[]): GraphNode[] {
  const known = new Map<string, GraphNode>();
  const taken = new Map<number, Set<number>>();
  const put = (row: LayerRow) => {
    const inputs = row.inputs.map((name) => known.get(name)!);
    const depth = inputs.reduce((most, input) => Math.max(most, input.depth + 1), 0);
    const columns = taken.get(depth) ?? new Set();
    let column = inputs[0]?.column ?? 0;
    while (columns.has(column)) column++;
    taken.set(depth, columns.add(column));
    known.set(row.name, { row, depth, column });
  };
  let block: LayerRow | undefined;
  for (const row of rows) {
    if (block && !row.name.startsWith(`${block.name}/`)) {
      put(block);
      block = undefined;
    }
    if (row.type === 'residual') block = row;
    else put(row);
  }
  if (block) put(block);
  return [...known.values()];
}

function free(taken: ReadonlySet<string>, from: GraphNode, to: GraphNode): boolean {
  for (let depth = from.depth + 1; depth < to.depth; depth++) if (taken.has(`${depth}/${from.column}`)) return false;
  return true;
}

function length({ from, to }: { from: GraphNode; to: GraphNode }): number {
  return to.depth - from.depth;
}
