import type { ProblemList as Problems } from '#core/data/report.ts';
import { Dialog } from '../ui/index.ts';
import { ProblemList } from './problem-list.tsx';
import { counted } from './words.ts';

/** What was left out before the split; it lies in no part, so all of it may be shown. */
export function DroppedItems({ dropped }: { dropped: Problems }) {
  return (
    <>
      {counted(dropped.total, 'place')} left out.{' '}
      <Dialog
        trigger={
          <button type="button" className="link">
            See them
          </button>
        }
        title="Left out before the split"
        description="These could not be used. They lie in no part."
      >
        <ProblemList problems={dropped} />
      </Dialog>
    </>
  );
}
