import type { CertificateDocument } from './certificate.ts';

const d = (c: string) => c.repeat(64);
const id = (c: string) => `${c.repeat(8)}-0000-7000-8000-000000000000`;

/** A document as a certificate carries it, with one earlier opening. */
export const TEST_DOCUMENT: CertificateDocument = {
  type: 'holdout-certificate',
  version: 1,
  project: { id: id('1'), name: 'Handwritten digits' },
  course: { id: id('2'), name: 'Machine Learning I', term: 'Autumn 2026' },
  team: { id: id('3'), name: 'Kestrel' },
  dataset: { id: id('4'), name: 'digits', contentDigest: d('a'), splitDigest: d('b'), sealedDigest: d('c') },
  run: { id: id('5'), number: 12, name: 'cnn', epoch: 9, configDigest: d('d'), weightsDigest: d('e') },
  validation: { n: 750, value: 0.976 },
  result: {
    metric: 'accuracy',
    n: 2,
    value: 0.5,
    right: 1,
    interval: { low: 0.0945, high: 0.9055 },
    method: 'Wilson',
    baseline: { description: 'always the class 7', value: 0 },
    macroF1: 1 / 3,
    logLoss: 0.7,
    perClass: [
      { name: '0', items: 1, right: 1, answered: 2 },
      { name: '7', items: 1, right: 0, answered: 0 },
    ],
  },
  earlierOpenings: [
    {
      project: { id: id('6'), name: 'Digits, first try' },
      committedAt: '2026-11-01T10:00:00.000Z',
      openedAt: '2026-11-01T10:00:05.000Z',
    },
  ],
  committedBy: 'Amira Haddad',
  committedAt: '2026-11-22T15:31:00.000Z',
  openedAt: '2026-11-22T15:36:00.000Z',
};
