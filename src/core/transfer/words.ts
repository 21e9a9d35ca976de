import { runId } from '../format/numbers.ts';
import type { Lineage, LineageStep } from './lineage.ts';

/** A source in two lines: what it is, and what of it was taken over. */
export function lineageWords(step: LineageStep): { what: string; taken: string } {
  const layers = step.layers.length === 1 ? '1 layer' : `${step.layers.length} layers`;
  const taken = `${step.cutAfter === null ? 'all of it' : `${layers} up to ${step.cutAfter}`}, weights ${step.weightsDigest.slice(0, 8)}`;
  if (step.kind === 'model') return { what: `${step.name} (${step.filename})`, taken };
  const { number, name, epoch, project, team } = step;
  const when = epoch > 0 ? ` at epoch ${epoch}` : '';
  return { what: `${runId(number)} ${name}${when}`, taken: `of ${team}, ${project}; ${taken}` };
}

/** What is to be said of a final run beside its test part; null where all that it learned from is this data. `elsewhere`: as learntElsewhere gives it. */
export function elsewhereWords(elsewhere: Lineage): string | null {
  if (elsewhere.length === 0) return null;
  const from = elsewhere.map((step) =>
    step.kind === 'model'
      ? `${lineageWords(step).what}, an uploaded file`
      : `${lineageWords(step).what} (${step.team}, ${step.project}), trained on the data set ${step.dataset}`,
  );
  return `Its first weights came from ${from.join('; and from ')}. Holdout has not compared the items that those weights were trained on with the test part: some may be the same.`;
}
