import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Door } from '#components/door/door.tsx';
import { SignInForm } from '#components/door/sign-in-form.tsx';
import { currentActor } from '#components/trpc/server.tsx';
import { safePath } from '#core/people/safe-path.ts';
import { env } from '#env';
import { oidcProvider } from '#server/auth/oidc-provider.ts';
import { db } from '#server/db.ts';
import { hasAdministrator } from '#server/setup/ensure-setup-link.ts';

export const metadata: Metadata = { title: 'Sign in' };

/** Codes that next-auth puts into the address; our own words come as `message`. */
const WORDS: Record<string, string> = {
  OAuthCallback: 'The sign-in service refused, or its answer did not arrive whole. Try again.',
  OAuthSignin: 'The sign-in service did not answer. Try again, or ask an administrator.',
  Callback: 'The sign-in did not finish. Try again.',
};

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<{ next?: string; callbackUrl?: string; error?: string; message?: string }>;
}) {
  const query = await searchParams;
  const next = safePath(query.next ?? '/');
  if (await currentActor()) redirect(next);
  if (!(await hasAdministrator(db()))) redirect('/setup');
  const message =
    query.message ?? (query.error ? (WORDS[query.error] ?? 'The sign-in did not finish. Try again.') : undefined);
  return (
    <Door title="Sign in">
      <SignInForm next={next} oidcName={oidcProvider(env())?.name ?? null} message={message} />
    </Door>
  );
}
