import { ButtonLink, EmptyState } from '#components/ui/index.ts';

export default function NotFound() {
  return (
    <main id="main">
      <EmptyState title="Nothing here" action={<ButtonLink href="/">Go home</ButtonLink>}>
        There is no such page, or you can&rsquo;t see it. Links to a team&rsquo;s project work for its members and for
        the course&rsquo;s staff.
      </EmptyState>
    </main>
  );
}
