import { expect, test } from 'vitest';
import { presetModel } from '../config/presets.ts';
import { LAYERS } from './fixtures/layers.ts';
import { type GraphNode, layoutGraph } from './graph-layout.ts';
import { modelSchema } from './spec.ts';
import { summarise } from './summary.ts';

const image = { kind: 'image', height: 40, width: 56, channels: 3 } as const;
const graph = layoutGraph(summarise(modelSchema.parse({ layers: LAYERS.graph }), image, 1).rows);
const nameOf = ({ rows }: GraphNode) => rows[0]!.name;

test('every box stands below what it reads, none on another', () => {
  for (const { from, to } of graph.edges)
    expect(to.depth, `${nameOf(from)} to ${nameOf(to)}`).toBeGreaterThan(from.depth);
  const places = graph.nodes.map(({ depth, column }) => `${depth}/${column}`);
  expect(new Set(places).size).toBe(places.length);
});

test('branches stand side by side, and what passes others takes a lane that no other edge has there', () => {
  const at = (name: string) => graph.nodes.find((node) => nameOf(node) === name)!;
  expect(at('left').depth).toBe(at('right').depth);
  expect(at('right').column).toBe(at('left').column + 1);
  expect(at('halve/shortcut').depth).toBe(at('halve/conv2d_1').depth);
  const lanes = graph.edges.filter(({ lane }) => lane !== null);
  expect(lanes.map(({ from, to }) => `${nameOf(from)} > ${nameOf(to)}`)).toContain('stem > residual_1');
  for (const a of lanes)
    for (const b of lanes)
      if (a !== b && a.lane === b.lane) expect(a.to.depth <= b.from.depth || b.to.depth <= a.from.depth).toBe(true);
});

test('a residual network is a column of blocks; norms and activations stand with what they follow', () => {
  const task = { kind: 'classification', classes: 10 } as const;
  const resnet = layoutGraph(summarise(presetModel('resnet8', image, task), image, 1, task).rows);
  expect(resnet.nodes.slice(0, 5).map(({ rows }) => rows.map(({ name }) => name))).toEqual([
    ['input'],
    ['stem', 'stem_norm', 'stem_relu'],
    ['stage1_block1/conv1', 'stage1_block1/norm1', 'stage1_block1/relu1'],
    ['stage1_block1/conv2', 'stage1_block1/norm2'],
    ['stage1_block1'],
  ]);
  expect(resnet.blocks.map(({ name, nodes }) => [name, nodes.length])).toEqual([
    ['stage1_block1', 3],
    ['stage2_block1', 4],
    ['stage3_block1', 4],
  ]);
  expect(resnet).toMatchObject({ columns: 2, lanes: 1 });
});
