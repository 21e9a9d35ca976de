import { runId } from '../format/numbers.ts';
import type { LineageStep } from './lineage.ts';

/** A source in two lines: what it is, and what of it was taken over. */
export function lineageWords(step: LineageStep): { what: string; taken: string } {
  const layers = step.layers.length === 1 ? '1 layer' : `${step.layers.length} layers`;
  const taken = `${step.cutAfter === null ? 'all of it' : `${layers} up to ${step.cutAfter}`}, weights ${step.weightsDigest.slice(0, 8)}`;
  if (step.kind === 'model') return { what: `${step.name} (${step.filename})`, taken };
  const { number, name, epoch, project, team } = step;
  const when = epoch > 0 ? ` at epoch ${epoch}` : '';
  return { what: `${runId(number)} ${name}${when}`, taken: `of ${team}, ${project}; ${taken}` };
}
