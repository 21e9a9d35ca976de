import type { ReactNode } from 'react';
import { cx } from '#components/ui/index.ts';

/** What the looks of a line mean; `raw` where some are smoothed: the measured values stand faint behind them. */
export function LineLegend({ raw, className, children }: { raw: boolean; className?: string; children?: ReactNode }) {
  return (
    <span className={cx('legend', className)}>
      <LegendEntry name="train" path={<path className="train" d="M0 4H22" />} />
      <LegendEntry name="validation" path={<path d="M0 4H22" />} />
      {raw && <LegendEntry name="raw" path={<path className="raw" d="M0 5L4 3L8 6L12 2L16 5L22 3" />} />}
      {children}
    </span>
  );
}

export function LegendEntry({ name, path }: { name: string; path: ReactNode }) {
  return (
    <span>
      <svg viewBox="0 0 22 8" aria-hidden="true">
        {path}
      </svg>
      {name}
    </span>
  );
}
