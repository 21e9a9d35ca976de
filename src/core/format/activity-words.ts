import { runId } from './numbers.ts';

/** Whether the activity is what a person did, not what the server did with what that person had begun. */
export function isDeed(kind: string): boolean {
  return kind !== 'dataset.sealed';
}

/** What an activity says: `short` for a column, `sentence` after the person's name, unless `isDeed(kind)` is false. `href` is relative to the project. */
export function activityWords(
  kind: string,
  detail: Record<string, unknown>,
): { short: string; sentence: string; href: string } {
  const text = (key: string) => (typeof detail[key] === 'string' ? (detail[key] as string) : '');
  const run = typeof detail.number === 'number' ? `${runId(detail.number)} ${text('name')}`.trim() : 'a run';
  const runHref = text('runId') ? `/runs/${text('runId')}` : '/runs';
  switch (kind) {
    case 'project.created':
      return { short: 'project made', sentence: 'created the project', href: '' };
    case 'project.renamed':
      return { short: 'renamed', sentence: `renamed the project from ${text('from')}`, href: '/settings' };
    case 'project.archived':
      return { short: 'archived', sentence: 'archived the project', href: '/settings' };
    case 'project.restored':
      return { short: 'restored', sentence: 'restored the project', href: '/settings' };
    case 'dataset.uploaded':
      return { short: 'uploaded', sentence: `uploaded ${text('name') || 'data'}`, href: '/data' };
    case 'dataset.confirmed':
      return { short: 'data confirmed', sentence: `confirmed ${text('name') || 'the data'}`, href: '/data' };
    case 'dataset.cancelled':
      return { short: 'upload cancelled', sentence: `cancelled ${text('name') || 'an upload'}`, href: '/data' };
    case 'dataset.sealed':
      return {
        short: 'data sealed',
        sentence: `${text('name') || 'the data'} was split and its test part sealed`,
        href: '/data',
      };
    case 'model.imported':
      return { short: 'model uploaded', sentence: `uploaded the model ${text('name')}`, href: '/runs/new' };
    case 'model.deleted':
      return { short: 'model deleted', sentence: `deleted the model ${text('name')}`, href: '/runs/new' };
    case 'run.shared':
      return { short: 'run shared', sentence: `shared ${run} with the course`, href: runHref };
    case 'run.unshared':
      return { short: 'run not shared', sentence: `no longer shares ${run} with the course`, href: runHref };
    case 'run.launched': {
      const runs = Array.isArray(detail.runs) ? (detail.runs as { number: number; name: string; id: string }[]) : [];
      const first = runs[0];
      if (runs.length === 1 && first) {
        return {
          short: 'run launched',
          sentence: `launched ${runId(first.number)} ${first.name}`,
          href: `/runs/${first.id}`,
        };
      }
      return { short: 'runs launched', sentence: `launched ${runs.length || 'some'} runs`, href: '/runs' };
    }
    case 'run.finished':
      return { short: 'run finished', sentence: `${run} finished`, href: runHref };
    case 'run.stopped':
      return { short: 'run stopped', sentence: `${run} was stopped`, href: runHref };
    case 'run.failed':
      return { short: 'run failed', sentence: `${run} failed`, href: runHref };
    case 'run.cancelled':
      return { short: 'run cancelled', sentence: `${run} was cancelled`, href: runHref };
    case 'run.deleted':
      return { short: 'run deleted', sentence: `deleted ${run}`, href: '/runs' };
    case 'test.committed':
      return { short: 'committed', sentence: `committed ${run} as the final run`, href: '/final' };
    case 'test.opened':
      return { short: 'opened', sentence: `opened the test part with ${run}`, href: '/final' };
    default:
      return { short: kind.replaceAll('.', ' '), sentence: kind.replaceAll('.', ' '), href: '' };
  }
}
