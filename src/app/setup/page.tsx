import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Door } from '#components/door/door.tsx';
import { SetupForm } from '#components/door/setup-form.tsx';
import { ButtonLink } from '#components/ui/index.ts';
import { db } from '#server/db.ts';
import { isSetupTokenValid } from '#server/setup/create-admin.ts';
import { hasAdministrator } from '#server/setup/ensure-setup-link.ts';

export const metadata: Metadata = { title: 'Set up', referrer: 'no-referrer' };

export default async function SetupPage({ searchParams }: { searchParams: Promise<{ token?: string }> }) {
  const { token } = await searchParams;
  if (await hasAdministrator(db())) {
    if (token === undefined) redirect('/signin');
    return (
      <Door title="Set up Holdout">
        <p>This server has its administrator: the set-up link was used already, or is no longer needed.</p>
        <ButtonLink variant="go" href="/signin">
          Sign in
        </ButtonLink>
      </Door>
    );
  }
  if (token === undefined || !(await isSetupTokenValid(db(), token))) {
    return (
      <Door title="Set up Holdout">
        <p>
          This server has no administrator yet. Open the set-up link that <code>npm start</code> has printed in its
          terminal; it works once.
        </p>
        {token !== undefined && (
          <p className="warn">The link in your address bar is not valid: a newer one has been printed since.</p>
        )}
      </Door>
    );
  }
  return (
    <Door
      title="Set up Holdout"
      lead="Create the administrator of this server. The link that brought you here works once."
    >
      <SetupForm token={token} />
    </Door>
  );
}
