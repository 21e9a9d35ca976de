import { expect, test } from 'vitest';
import { presetModel } from '../config/presets.ts';
import { LAYERS } from './fixtures/layers.ts';
import { layoutGraph } from './graph-layout.ts';
import { modelSchema } from './spec.ts';
import { summarise } from './summary.ts';

const image = { kind: 'image', height: 40, width: 56, channels: 3 } as const;
const graph = layoutGraph(summarise(modelSchema.parse({ layers: LAYERS.graph }), image, 1).rows);

test('every layer stands below what it reads, none on another', () => {
  for (const { from, to } of graph.edges)
    expect(to.depth, `${from.row.name} to ${to.row.name}`).toBeGreaterThan(from.depth);
  const places = graph.nodes.map(({ depth, column }) => `${depth}/${column}`);
  expect(new Set(places).size).toBe(places.length);
});

test('branches stand side by side, and what passes others takes a lane that no other edge has there', () => {
  const at = (name: string) => graph.nodes.find(({ row }) => row.name === name)!;
  expect(at('left').depth).toBe(at('right').depth);
  expect(at('right').column).toBe(at('left').column + 1);
  expect(at('halve/shortcut').depth).toBe(at('halve/conv2d_1').depth);
  const lanes = graph.edges.filter(({ lane }) => lane !== null);
  expect(lanes.map(({ from, to }) => `${from.row.name} > ${to.row.name}`)).toContain('stem > residual_1');
  for (const a of lanes)
    for (const b of lanes)
      if (a !== b && a.lane === b.lane) expect(a.to.depth <= b.from.depth || b.to.depth <= a.from.depth).toBe(true);
});

test('a residual network is one column of blocks, each with its shortcut beside it', () => {
  const task = { kind: 'classification', classes: 10 } as const;
  const resnet = layoutGraph(summarise(presetModel('resnet8', image, task), image, 1, task).rows);
  expect(resnet.blocks.map(({ name, nodes }) => [name, nodes.length])).toEqual([
    ['stage1_block1', 6],
    ['stage2_block1', 8],
    ['stage3_block1', 8],
  ]);
  expect(resnet).toMatchObject({ columns: 2, lanes: 1 });
});
