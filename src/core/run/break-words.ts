import { count } from '../format/numbers.ts';

/** What of a training step was the first not to be finite. */
export interface Broken {
  what: 'weights' | 'input' | 'output' | 'loss' | 'gradient';
  layer: string | null;
}

const NAMED = 5;

/** "First to break, in step 12: the output of layer "dense_2". Its batch held line 4, line 9 and 30 more, named in the log." `step` counted from 1. */
export function breakWords({ what, layer }: Broken, step: number, names: readonly string[]): string {
  const more = names.length > NAMED + 1 ? names.length - NAMED : 0;
  const shown = more ? names.slice(0, NAMED) : names;
  const listed = more ? `${shown.join(', ')} and ${count(more)} more, named in the log` : listOf(shown);
  if (what === 'weights')
    return `First to break: the weights of layer "${layer}", by the update of step ${count(step)}. Its batch held ${listed}.`;
  const subject = {
    input: 'an input',
    output: `the output of layer "${layer}"`,
    loss: 'the loss itself, of finite answers',
    gradient: `the gradient of layer "${layer}"`,
  }[what];
  return `First to break, in step ${count(step)}: ${subject}. Its batch held ${listed}.`;
}

function listOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
