import type { ReactNode } from 'react';
import { type TabItem, Tabs } from '../ui/index.ts';
import { FindButton } from './palette.tsx';

/** The strip above a page: where one is, its tabs, and the search. */
export function Bar({ label, where, tabs }: { label: string; where: ReactNode; tabs: readonly TabItem[] }) {
  return (
    <section className="bar" aria-label={label}>
      <div className="where">{where}</div>
      {tabs.length > 0 && <Tabs label={`Pages of ${label}`} items={tabs} />}
      <FindButton />
    </section>
  );
}
