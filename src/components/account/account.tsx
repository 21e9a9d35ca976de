'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../trpc/client.tsx';
import { ErrorState, PageHead, Skeleton } from '../ui/index.ts';
import { Password } from './password.tsx';
import { Profile } from './profile.tsx';
import { Sessions } from './sessions.tsx';
import { Tokens } from './tokens.tsx';

export function Account() {
  const trpc = useTRPC();
  const { data: account, error, refetch } = useQuery(trpc.account.get.queryOptions());
  if (error) return <ErrorState error={error} retry={() => refetch()} />;
  if (!account) return <Skeleton />;
  return (
    <>
      <PageHead
        title={account.name}
        about={`${account.email}${account.isAdmin ? ', administrator of this server' : ''}`}
      />
      <div className="sections mt-6">
        <Tokens />
        <Sessions />
        <div className="sections two-wide">
          <Profile name={account.name} />
          <Password hasPassword={account.hasPassword} />
        </div>
      </div>
    </>
  );
}
