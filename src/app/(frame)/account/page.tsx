import type { Metadata } from 'next';
import { Account } from '#components/account/account.tsx';
import { Bar } from '#components/frame/bar.tsx';
import { Hydrate, prefetch, trpc } from '#components/trpc/server.tsx';

export const metadata: Metadata = { title: 'Account' };

export default async function AccountPage() {
  await prefetch(
    trpc.account.get.queryOptions(),
    trpc.account.sessions.queryOptions(),
    trpc.account.tokens.queryOptions(),
  );
  return (
    <Hydrate>
      <Bar label="your account" where="Account" tabs={[]} />
      <main id="main">
        <Account />
      </main>
    </Hydrate>
  );
}
