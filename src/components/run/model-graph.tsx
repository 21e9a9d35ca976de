import { TableRegion } from '#components/ui/index.ts';
import { count } from '#core/format/numbers.ts';
import { type GraphEdge, type GraphNode, layoutGraph } from '#core/model/graph-layout.ts';
import type { ModelSummary } from '#core/model/summary.ts';

const NODE = { width: 216, height: 34 };
const GAP = { x: 24, y: 18 };
const LANE = 14;
const MARGIN = 12;

const left = ({ column }: GraphNode) => MARGIN + column * (NODE.width + GAP.x);
const top = ({ depth }: GraphNode) => MARGIN + depth * (NODE.height + GAP.y);

/** The layers as a graph, downwards. The layer table says the same in words: names, what each reads, shapes. */
export function ModelGraph({ summary }: { summary: ModelSummary }) {
  const { nodes, edges, blocks, depths, columns, lanes } = layoutGraph(summary.rows);
  const right = MARGIN + columns * NODE.width + (columns - 1) * GAP.x;
  const width = right + (lanes + 1) * LANE + MARGIN;
  const height = 2 * MARGIN + depths * NODE.height + (depths - 1) * GAP.y;
  return (
    <TableRegion label="Picture of the model">
      <svg
        className="graph"
        width={width}
        height={height}
        role="img"
        aria-label={`Graph of ${nodes.length - 1} layers`}
      >
        <defs>
          <marker id="arrow" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" markerHeight="6" orient="auto">
            <path d="M0 0 6 3 0 6Z" />
          </marker>
        </defs>
        {blocks.map(({ name, nodes: inside }) => {
          const [x, y] = [Math.min(...inside.map(left)) - 7, Math.min(...inside.map(top)) - 7];
          return (
            <rect
              key={name}
              className="block"
              x={x}
              y={y}
              width={Math.max(...inside.map(left)) + NODE.width + 7 - x}
              height={Math.max(...inside.map(top)) + NODE.height + 7 - y}
              rx={4}
            />
          );
        })}
        {edges.map((edge) => (
          <path
            key={`${edge.from.row.name} ${edge.to.row.name} ${edge.to.row.inputs.indexOf(edge.from.row.name)}`}
            className="edge"
            d={pathOf(edge, right)}
            markerEnd="url(#arrow)"
          />
        ))}
        {nodes.map((node) => (
          <Node key={node.row.name} node={node} />
        ))}
      </svg>
    </TableRegion>
  );
}

function Node({ node }: { node: GraphNode }) {
  const { name, kind, output, type } = node.row;
  return (
    <g transform={`translate(${left(node)} ${top(node)})`}>
      <rect className={type === 'residual' || type === 'add' ? 'node join' : 'node'} {...NODE} rx={3} />
      <text className="name" x={8} y={14}>
        {name.slice(name.indexOf('/') + 1)}
      </text>
      <text className="shape" x={NODE.width - 8} y={14} textAnchor="end">
        {output.map(count).join(' × ')}
      </text>
      <text className="kind" x={8} y={28}>
        {kind}
      </text>
    </g>
  );
}

function pathOf({ from, to, lane }: GraphEdge, right: number): string {
  if (lane !== null) {
    const x = right + (lane + 0.7) * LANE;
    const [y1, y2] = [top(from) + NODE.height / 2, top(to) + NODE.height / 2];
    const r = 6;
    return `M${left(from) + NODE.width} ${y1} H${x - r} Q${x} ${y1} ${x} ${y1 + r} V${y2 - r} Q${x} ${y2} ${x - r} ${y2} H${left(to) + NODE.width + 2}`;
  }
  const [x1, x2] = [left(from) + NODE.width / 2, left(to) + NODE.width / 2];
  const [y1, y2] = [top(from) + NODE.height, top(to) - 1];
  if (x1 === x2) return `M${x1} ${y1} V${y2}`;
  const middle = y2 - GAP.y / 2;
  return `M${x1} ${y1} V${middle} H${x2} V${y2}`;
}
