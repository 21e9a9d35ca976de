import { TableRegion } from '#components/ui/index.ts';
import { count } from '#core/format/numbers.ts';
import { type GraphEdge, type GraphNode, layoutGraph } from '#core/model/graph-layout.ts';
import type { ModelSummary } from '#core/model/summary.ts';

const WIDTH = 228;
const LINE = 16;
const PADDING = 6;
const GAP = { x: 26, y: 20 };
const LANE = 14;
const MARGIN = 10;
/** Between a block's frame and its boxes. */
const FRAME = 7;

/** The layers as a graph, downwards. The layer table says the same in words: names, what each is, shapes. */
export function ModelGraph({ summary }: { summary: ModelSummary }) {
  const { nodes, edges, blocks, columns, lanes } = layoutGraph(summary.rows);
  const tops = topsOf(nodes);
  const last = tops.map((_, depth) => Math.max(...nodes.filter((n) => n.depth === depth).map((n) => n.column)));
  const bottom = (node: GraphNode) => tops[node.depth]! + heightOf(node);
  return (
    <TableRegion label="Picture of the model">
      <svg
        className="graph"
        width={leftOf({ column: columns - 1 }) + WIDTH + (lanes + 1) * LANE + MARGIN}
        height={Math.max(...nodes.map(bottom)) + MARGIN}
        role="img"
        aria-label={`Graph of ${summary.rows.length - 1} layers`}
      >
        <defs>
          <marker id="arrow" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" markerHeight="6" orient="auto">
            <path d="M0 0 6 3 0 6Z" />
          </marker>
        </defs>
        {blocks.map(({ name, nodes: inside }) => {
          const x = Math.min(...inside.map(leftOf)) - FRAME;
          const y = Math.min(...inside.map((node) => tops[node.depth]!)) - FRAME;
          const end = Math.max(...inside.map(leftOf)) + WIDTH + FRAME;
          const height = Math.max(...inside.map(bottom)) + FRAME - y;
          return <rect key={name} className="block" x={x} y={y} width={end - x} height={height} rx={4} />;
        })}
        {edges.map((edge) => (
          <path
            key={`${edge.from.rows[0]!.name} ${edge.to.rows[0]!.name}`}
            className="edge"
            d={pathOf(edge, tops, last)}
            markerEnd="url(#arrow)"
          />
        ))}
        {nodes.map((node) => (
          <Box key={node.rows[0]!.name} node={node} top={tops[node.depth]!} />
        ))}
      </svg>
    </TableRegion>
  );
}

function Box({ node, top }: { node: GraphNode; top: number }) {
  const { type, output } = node.rows[0]!;
  const joins = type === 'residual' || type === 'add' || type === 'concatenate';
  return (
    <g transform={`translate(${leftOf(node)} ${top})`}>
      <rect className={joins ? 'node join' : 'node'} width={WIDTH} height={heightOf(node)} rx={3} />
      {node.rows.map(({ name, kind }, i) => (
        <text key={name} x={8} y={PADDING + LINE * i + 11.5}>
          <tspan className="name">{name.slice(name.indexOf('/') + 1)}</tspan>
          <tspan dx={8}>{kind}</tspan>
        </text>
      ))}
      <text className="shape" x={8} y={PADDING + LINE * node.rows.length + 11.5}>
        {output.map(count).join(' × ')}
      </text>
    </g>
  );
}

function leftOf({ column }: Pick<GraphNode, 'column'>): number {
  return MARGIN + column * (WIDTH + GAP.x);
}

/** A line for each layer and one for the shape of what comes out. */
function heightOf({ rows }: GraphNode): number {
  return 2 * PADDING + LINE * (rows.length + 1);
}

/** Where each depth begins: all above it, each as high as its highest box. */
function topsOf(nodes: readonly GraphNode[]): number[] {
  const heights: number[] = [];
  for (const node of nodes) heights[node.depth] = Math.max(heights[node.depth] ?? 0, heightOf(node));
  let top = MARGIN;
  return heights.map((height) => {
    const at = top;
    top += height + GAP.y;
    return at;
  });
}

/** `last`: the last column that has a box, by depth. */
function pathOf({ from, to, lane, column }: GraphEdge, tops: readonly number[], last: readonly number[]): string {
  const [start, end] = [tops[from.depth]!, tops[to.depth]!];
  const [x1, x2] = [leftOf(from) + WIDTH / 2, leftOf(to) + WIDTH / 2];
  const y1 = start + heightOf(from);
  if (lane === null)
    return x1 === x2 ? `M${x1} ${y1} V${end - 1}` : `M${x1} ${y1} V${end - GAP.y / 2} H${x2} V${end - 1}`;
  const x = leftOf({ column }) + WIDTH + (lane + 0.9) * LANE;
  const r = 6;
  // Out of the side and into it, or below and above where another box stands beside.
  const below = last[from.depth]! > from.column && tops[from.depth + 1]! - GAP.y + 5;
  const above = last[to.depth]! > to.column && end - 5;
  const out = below || start + heightOf(from) / 2;
  const into = above || end + heightOf(to) / 2;
  const begin = below ? `M${x1 + WIDTH / 4} ${y1} V${out}` : `M${leftOf(from) + WIDTH} ${out}`;
  const arrive = above ? `H${x2 + WIDTH / 4} V${end - 1}` : `H${leftOf(to) + WIDTH + 2}`;
  return `${begin} H${x - r} Q${x} ${out} ${x} ${out + r} V${into - r} Q${x} ${into} ${x - r} ${into} ${arrive}`;
}
