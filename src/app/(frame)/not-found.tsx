import type { Metadata } from 'next';
import { ButtonLink, PageHead } from '#components/ui/index.ts';

export const metadata: Metadata = { title: 'Nothing here' };

export default function NotFound() {
  return (
    <main id="main">
      <PageHead
        title="Nothing here"
        about="There is no such page, or you can’t see it. Links to a team’s project work for its members and for the course’s staff."
      />
      <div className="mt-4">
        <ButtonLink href="/">Go home</ButtonLink>
      </div>
    </main>
  );
}
