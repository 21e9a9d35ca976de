import type { ReactNode } from 'react';
import { Mark } from '../frame/brand.tsx';

/** The narrow page for who isn't in yet: sign-in, set-up, invitation. */
export function Door({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <div className="door">
      <header className="brand">
        <Mark />
        <span>Holdout</span>
      </header>
      <main id="main">
        <h1>{title}</h1>
        {lead && <p className="two">{lead}</p>}
        {children}
      </main>
    </div>
  );
}
