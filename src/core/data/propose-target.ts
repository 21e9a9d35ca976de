import type { ColumnReport } from './column-typing.ts';
import type { Proposal } from './report.ts';

/** Which column a table is about, and whether that is a classification: what most files mean; a person confirms. */

const TARGET_NAMES = ['target', 'label', 'class', 'y', 'species', 'outcome', 'category', 'diagnosis', 'survived'];
const MAX_NUMBERED_CLASSES = 20;

export function proposeTarget(columns: readonly ColumnReport[]): { target: string; proposals: Proposal[] } {
  const usable = columns.filter((c) => c.values === null || c.values.length > 1);
  const byName = TARGET_NAMES.flatMap((name) => usable.filter((c) => c.name.trim().toLowerCase() === name))[0];
  const target = byName ?? usable.filter((c) => c.type !== 'ignored').at(-1) ?? columns.at(-1)!;
  const because = byName ? `the column is called "${target.name}"` : `"${target.name}" is the last column`;
  const classes = target.values?.length ?? Number.POSITIVE_INFINITY;
  const counted = target.values?.reduce((sum, v) => sum + v.count, 0) ?? 0;
  const numbered =
    target.range?.integers === true && classes <= MAX_NUMBERED_CLASSES && counted >= 5 * classes && classes >= 2;
  const classification = target.type === 'categorical' || numbered || !target.range;
  const proposal = (kind: Proposal['kind'], reason: string): Proposal => ({ kind, reasons: [because, reason] });
  const asClasses = proposal(
    'tabular-classification',
    target.type === 'categorical' ? `it holds ${classes} names` : `it holds ${classes} different whole numbers`,
  );
  const asNumber = proposal('tabular-regression', 'it holds numbers that measure something');
  return { target: target.name, proposals: classification ? [asClasses, asNumber] : [asNumber, asClasses] };
}
