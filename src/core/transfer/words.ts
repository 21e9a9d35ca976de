import { runId } from '../format/numbers.ts';
import { type Lineage, type LineageStep, sameData } from './lineage.ts';
import type { SourceOverlap } from './overlap.ts';

/** A source in two lines: what it is, and what of it was taken over. */
export function lineageWords(step: LineageStep): { what: string; taken: string } {
  const layers = step.layers.length === 1 ? '1 layer' : `${step.layers.length} layers`;
  const taken = `${step.cutAfter === null ? 'all of it' : `${layers} up to ${step.cutAfter}`}, weights ${step.weightsDigest.slice(0, 8)}`;
  if (step.kind === 'model') return { what: `${step.name} (${step.filename})`, taken };
  const { number, name, epoch, project, team } = step;
  const when = epoch > 0 ? ` at epoch ${epoch}` : '';
  return { what: `${runId(number)} ${name}${when}`, taken: `of ${team}, ${project}; ${taken}` };
}

/** What an opened test part says of the sources: `overlaps` as the certificate has them; left out in certificates from before they were compared. */
interface Opened {
  overlaps?: readonly SourceOverlap[];
  n: number;
}

/**
 * What is to be said of a final run beside its test part; null where all that it learned from is this data.
 * @param elsewhere as learntElsewhere gives it; @param opened left out: before the opening
 */
export function elsewhereWords(elsewhere: Lineage, opened?: Opened): string | null {
  if (elsewhere.length === 0) return null;
  const from = elsewhere.map((step) =>
    step.kind === 'model'
      ? `${lineageWords(step).what}, an uploaded file`
      : `${lineageWords(step).what} (${step.team}, ${step.project}), trained on the data set ${step.dataset}`,
  );
  const uploads = elsewhere.some((step) => step.kind === 'model');
  return [
    `Its first weights came from ${from.join('; and from ')}.`,
    ...comparedWords(elsewhere, opened),
    ...(uploads ? ['What an uploaded file learned from is not known here: test items may be among it.'] : []),
  ].join(' ');
}

function comparedWords(elsewhere: Lineage, opened?: Opened): string[] {
  if (elsewhere.every((step) => step.kind === 'model')) return [];
  if (!opened)
    return [
      'When it opens the test part, the referee counts the test items that lie in that data, where the two can be compared.',
    ];
  const { overlaps, n } = opened;
  if (!overlaps) return ['That data was not compared with the test part: some items may be the same.'];
  const found = overlapWords(elsewhere, { overlaps, n });
  return overlaps.some((overlap) => overlap.testItems !== null)
    ? [...found, 'Equal is what has the same pixels or values; a changed copy is not found.']
    : found;
}

/** A sentence for each data set that the sources learned from. */
export function overlapWords(
  elsewhere: Lineage,
  { overlaps, n }: { overlaps: readonly SourceOverlap[]; n: number },
): string[] {
  const words = elsewhere.flatMap((step) => {
    if (step.kind === 'model') return [];
    const overlap = overlaps.find((each) => sameData(each, step));
    const name = `${step.dataset} (${step.team}, ${step.project})`;
    if (!overlap) return [`${name} could not be compared: its content is not known.`];
    if (overlap.testItems === null) return [`${name} could not be compared: ${overlap.reason}.`];
    const how = overlap.testItems === 0 ? 'None' : String(overlap.testItems);
    return [`${how} of the ${n} test items ${overlap.testItems > 1 ? 'are' : 'is'} in ${name} as well.`];
  });
  return [...new Set(words)];
}
