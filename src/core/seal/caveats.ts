import { learntElsewhere, sameData } from '../transfer/lineage.ts';
import type { CertificateDocument } from './certificate.ts';

type Document = Pick<CertificateDocument, 'earlierOpenings' | 'dataset' | 'run' | 'result'>;

/** What an instructor must know beside a score before it becomes a grade, each in a few words. */
export function caveats({ earlierOpenings, dataset, run, result }: Document): string[] {
  const words: string[] = [];
  const times = earlierOpenings.length;
  if (times > 0) words.push(`the same test part was opened ${times === 1 ? 'once' : `${times} times`} before`);
  const { lineage = [], overlaps = [] } = run;
  // Of several data sets the items may be the same ones: the largest number is certain.
  const learned = Math.max(0, ...overlaps.map((overlap) => overlap.testItems ?? 0));
  if (learned > 0)
    words.push(
      `${learned} of ${result.n} test items ${learned === 1 ? 'is' : 'are'} in data that its weights began with`,
    );
  const elsewhere = learntElsewhere(lineage, dataset);
  const compared = (step: (typeof elsewhere)[number]) =>
    step.kind === 'run' && overlaps.some((overlap) => sameData(overlap, step) && overlap.testItems !== null);
  if (elsewhere.some((step) => step.kind === 'run' && !compared(step)))
    words.push('its weights began with data that was not compared with the test part');
  if (elsewhere.some((step) => step.kind === 'model')) words.push('its weights began with an uploaded file');
  return words;
}
