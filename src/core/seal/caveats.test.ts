import { expect, test } from 'vitest';
import type { Lineage } from '../transfer/lineage.ts';
import type { SourceOverlap } from '../transfer/overlap.ts';
import { caveats } from './caveats.ts';
import { TEST_DOCUMENT } from './testing.ts';

const { dataset } = TEST_DOCUMENT;
const result = { ...TEST_DOCUMENT.result, n: 30 };
const taken = { cutAfter: null, layers: [], weightsDigest: 'w' };
const run = (digest: string, own = dataset.splitDigest) => ({
  ...{ kind: 'run' as const, runId: 'r', number: 4, name: 'base', projectId: 'p', project: 'Half', team: 'Heron' },
  ...{ epoch: 2, dataset: 'half', contentDigest: digest, splitDigest: own, ...taken },
});
const upload = {
  ...{ kind: 'model' as const, modelId: 'm', name: 'base', filename: 'b.keras', format: 'keras', fileDigest: 'f' },
  ...taken,
};
const overlap = (digest: string, testItems: number | null): SourceOverlap => ({
  ...{ contentDigest: digest, splitDigest: dataset.splitDigest },
  ...{ testItems, reason: testItems === null ? 'it is deleted' : null },
});
const of = (lineage?: Lineage, overlaps?: SourceOverlap[], earlierOpenings = 0) =>
  caveats({
    dataset,
    result,
    earlierOpenings: Array.from({ length: earlierOpenings }, () => TEST_DOCUMENT.earlierOpenings[0]!),
    run: { ...TEST_DOCUMENT.run, ...(lineage && { lineage }), ...(overlaps && { overlaps }) },
  });

test('a score that nothing speaks against has no caveat', () => {
  expect(of()).toEqual([]);
  expect(of([run(dataset.contentDigest)])).toEqual([]);
  expect(of([run('a')], [overlap('a', 0)])).toEqual([]);
});

test('earlier openings and items that were learned from before are told', () => {
  expect(of(undefined, undefined, 1)).toEqual(['the same test part was opened once before']);
  expect(of([run('a'), run('b')], [overlap('a', 3), overlap('b', 12)], 2)).toEqual([
    'the same test part was opened 2 times before',
    '12 of 30 test items are in data that its weights began with',
  ]);
  expect(of([run('a')], [overlap('a', 1)])).toEqual(['1 of 30 test items is in data that its weights began with']);
});

test('what was not compared is no clean bill: unlike data, older certificates, uploads', () => {
  const not = 'its weights began with data that was not compared with the test part';
  expect(of([run('a')], [overlap('a', null)])).toEqual([not]);
  expect(of([run('a'), run('b')], [overlap('a', 0)])).toEqual([not]);
  expect(of([run('a')])).toEqual([not]);
  expect(of([upload])).toEqual(['its weights began with an uploaded file']);
});
