import type { Outputs } from '../trpc/client.tsx';

type Overview = Outputs['projects']['overview'];

export interface NextAction {
  /** where the project stands, and what that means */
  why: string;
  /** words of the one button */
  label: string;
  /** after the project's address */
  href: string;
}

/** The one thing to do next; null once the test part has been opened. */
export function nextAction({ dataset, runs, opening, firstRun, best }: Overview): NextAction | null {
  if (opening?.state === 'opened') return null;
  if (opening) {
    return {
      why: 'The final run is committed. The referee opens the test part and scores it once.',
      label: 'See the final test',
      href: '/final',
    };
  }
  if (!dataset || dataset.state === 'failed') {
    return {
      why: 'Begin with data. Holdout splits it, seals the test part, and keeps it sealed until you open it, once.',
      label: 'Upload data',
      href: '/data',
    };
  }
  if (dataset.state === 'review') {
    return {
      why: 'The upload has been looked through. Nothing is split before you have said what it is.',
      label: 'Review the data',
      href: '/data',
    };
  }
  if (dataset.state !== 'sealed') {
    const after =
      dataset.plannedRuns > 0 ? ` ${dataset.plannedRuns} runs start by themselves once its test part is sealed.` : '';
    return {
      why: `The data is being prepared.${after} You may leave the page; it goes on.`,
      label: 'Watch it',
      href: '/data',
    };
  }
  if (!firstRun) {
    return {
      why: 'The data is split and the test part sealed. Launch a first, plain run: everything later is compared with it.',
      label: 'Launch the first run',
      href: '/runs/new',
    };
  }
  if ((runs.running ?? 0) + (runs.queued ?? 0) > 0) {
    return { why: 'Training is under way.', label: 'Watch the runs', href: '/runs' };
  }
  return {
    why: best
      ? 'Compare your runs, change one or two things, and launch again. Open the test part only when you are done: it happens once.'
      : 'No run has kept a best epoch yet. Look at how they ended, then launch again.',
    label: best ? 'Launch a run' : 'Look at the runs',
    href: best ? '/runs/new' : '/runs',
  };
}
