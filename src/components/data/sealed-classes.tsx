import { useState } from 'react';
import type { ClassShare } from '#core/data/sealed-report.ts';
import { Button } from '../ui/index.ts';
import { ClassShares } from './class-shares.tsx';
import { counted } from './words.ts';

const SHOWN = 20;

/** Items by class in train and validation, and whether accuracy is a fair metric. */
export function SealedClasses({ classes }: { classes: readonly ClassShare[] }) {
  const [all, setAll] = useState(false);
  const counts = classes.map((c) => c.train + c.validation);
  const ratio = Math.max(...counts) / Math.max(1, Math.min(...counts));
  return (
    <section className="sec">
      <header>
        <h2>Classes</h2>
        <span className="end legend">
          <span>
            <i className="sw" style={{ background: 'var(--ink-2)' }} />
            train
          </span>
          <span>
            <i className="sw" style={{ background: 'var(--control)' }} />
            validation
          </span>
        </span>
      </header>
      <ClassShares
        classes={(all ? classes : classes.slice(0, SHOWN)).map((c) => ({
          name: c.name,
          parts: [c.train, c.validation],
        }))}
      />
      {classes.length > SHOWN && !all && (
        <Button size="s" className="mt-3" onClick={() => setAll(true)}>
          Show all {counted(classes.length, 'class', 'classes')}
        </Button>
      )}
      <p className="small two mt-3">
        {ratio < 1.005
          ? 'Balanced: every class has the same number of items. '
          : `The largest class has ${ratio.toFixed(2)} times the items of the smallest. `}
        {ratio <= 2
          ? 'Accuracy is a fair metric here.'
          : 'Accuracy hides how the small classes do; look at each class too.'}
      </p>
    </section>
  );
}
