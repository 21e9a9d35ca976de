'use client';

import { Dialog } from '../ui/index.ts';

const KEYS = [
  ['Ctrl K', 'go to a page, a project or a run'],
  ['/', 'the same'],
  ['?', 'this list'],
  ['Esc', 'close what is open'],
  ['← →', 'on a chart: move the cursor'],
] as const;

export function Shortcuts({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Shortcuts">
      <dl className="facts">
        {KEYS.map(([key, words]) => (
          <div key={key} className="contents">
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
