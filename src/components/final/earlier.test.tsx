import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { CertificateDocument, EarlierOpening } from '#core/seal/certificate.ts';
import type { Lineage } from '#core/transfer/lineage.ts';
import type { SourceOverlap } from '#core/transfer/overlap.ts';
import type { Outputs } from '../trpc/client.tsx';
import { AgainstValidation, SealStrength } from './certificate-comparisons.tsx';
import { SealedView } from './sealed-view.tsx';

type View = Outputs['final']['get'];

const project = { id: '00000000-0000-7000-8000-000000000001', name: 'First try' };
const opened = { project, committedAt: '2026-11-22T15:36:00.000Z', openedAt: '2026-11-22T15:37:00.000Z' };
const run = (number: number) => ({
  id: `run ${number}`,
  number,
  name: `run ${number}`,
  state: 'finished' as const,
  validation: 50 + number,
  epoch: 3,
  others: [],
  elsewhere: null as string | null,
  endedAt: new Date(0),
});

function page(earlier: EarlierOpening[], direction: 'min' | 'max', elsewhere: string | null = null): string {
  const metric = direction === 'min' ? 'rmse' : 'accuracy';
  const sealed = {
    dataset: { id: 'd', name: 'data' },
    n: 30,
    total: 150,
    nValidation: 30,
    sealedAt: null,
    splitDigest: 'a'.repeat(64),
    items: 'row',
    task: direction === 'min' ? 'regression' : 'classification',
    unit: '',
    metric: { name: metric, direction },
  } as NonNullable<View['sealed']>;
  const candidates = [run(1), run(2)].map((one) => ({
    ...one,
    elsewhere,
    validation: metric === 'rmse' ? one.validation : 0.9,
  }));
  const view: View = {
    project: { id: 'p', name: 'Second try', team: 'Kestrel', course: { name: 'ML', term: '' } },
    canOpen: false,
    state: 'sealed',
    sealed,
    candidates,
    runs: 2,
    validationLooks: 6,
    opening: null,
    earlier,
  };
  return renderToStaticMarkup(<SealedView view={view} sealed={sealed} />);
}

test('before the opening the page names earlier ones, and only where there are some', () => {
  expect(page([opened], 'max')).toMatch(
    /has opened the same test part once before:<\/b> First try \(opened on 22 November 2026 at 15:37 UTC\)\. The certificate/,
  );
  expect(page([], 'max')).not.toContain('the same test part');
});

test('the luckiest of many is expected lower in accuracy and higher in error', () => {
  expect(page([], 'max')).toContain('expect a little less on');
  expect(page([], 'min')).toContain('expect a little more on');
});

test('a certificate says how the run was chosen, as it was then, and of luck only where the best was taken', () => {
  const against = (rank?: number, of?: number, value = 0.8) => {
    const result = { metric: 'accuracy', n: 30, value };
    const validation = { n: 30, value: 0.9, ...(rank && { rank, of }) };
    return renderToStaticMarkup(
      <AgainstValidation document={{ result, validation } as unknown as CertificateDocument} />,
    );
  };
  expect(against(1, 24)).toContain('It was the best of 24 runs on validation, and the luckiest of many');
  expect(against(1, 24, 0.95)).not.toContain('luckiest');
  expect(against(9, 24)).toContain('Of 24 runs that could be final, 8 scored better on validation.');
  expect(against(9, 24)).not.toContain('luckiest');
  for (const words of [against(1, 1), against()]) expect(words).not.toMatch(/best of|scored better/);
});

test('a certificate claims one score only where the team had none before', () => {
  expect(seal([])).toContain('was taken once');
  const again = seal([opened, opened]);
  expect(again).not.toContain('taken once');
  expect(again).toContain('had opened the same test part twice before');
});

const upload = {
  ...{ kind: 'model' as const, modelId: 'm', name: 'base', filename: 'base.keras', format: 'keras', fileDigest: 'f' },
  ...{ cutAfter: null, layers: ['dense_1'], weightsDigest: 'w' },
};

/** Of the document only what the section reads. */
function seal(earlierOpenings: EarlierOpening[], lineage?: Lineage, overlaps?: SourceOverlap[]): string {
  const dataset = { contentDigest: 'a', splitDigest: 's' };
  const document = {
    dataset,
    run: { lineage, overlaps },
    result: { n: 30 },
    earlierOpenings,
  } as unknown as CertificateDocument;
  return renderToStaticMarkup(<SealStrength document={document} />);
}

test('a certificate does not claim that the weights never saw the test items where they began elsewhere', () => {
  expect(seal([])).toContain('no run of this project could train on it');
  const words = seal([], [upload]);
  expect(words).not.toContain('could train on it');
  expect(words).toContain('base (base.keras), an uploaded file. What an uploaded file learned from is not known');
});

const elsewhere = {
  ...{ kind: 'run' as const, runId: 'r', number: 4, name: 'base', projectId: 'p', project: 'Half', team: 'Heron' },
  ...{
    epoch: 2,
    dataset: 'half',
    contentDigest: 'h',
    splitDigest: 'i',
    cutAfter: null,
    layers: [],
    weightsDigest: 'w',
  },
};

test('a certificate says how many test items the sources had, or why nobody knows', () => {
  const found = (testItems: number | null, reason: string | null = null) =>
    seal([], [elsewhere], [{ contentDigest: 'h', splitDigest: 'i', testItems, reason }]);
  expect(found(12)).toContain('12 of the 30 test items are in half (Heron, Half) as well. Equal is what');
  expect(found(1)).toContain('1 of the 30 test items is in half (Heron, Half) as well.');
  expect(found(0)).toContain('None of the 30 test items is in half (Heron, Half) as well.');
  expect(found(null, 'it is deleted')).toContain('half (Heron, Half) could not be compared: it is deleted.');
  // One that was signed before sources were compared.
  expect(seal([], [elsewhere])).toContain('That data was not compared with the test part');
});

test('nor does the page before the opening', () => {
  expect(page([], 'max')).toContain('that no run of this project has trained on');
  const words = page([], 'max', 'Its first weights came from X.');
  expect(words).not.toContain('has trained on');
  expect(words).toContain('Its first weights came from X. All this will stand in the certificate.');
});
