'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { browserName } from '#core/format/browser-name.ts';
import { useTRPC } from '../trpc/client.tsx';
import { Button, ErrorState, Skeleton, TableRegion, When } from '../ui/index.ts';

/** Where the person is signed in. */
export function Sessions() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = trpc.account.sessions.queryOptions();
  const sessions = useQuery(options);
  const refresh = { onSettled: () => queryClient.invalidateQueries(options) };
  const revoke = useMutation(trpc.account.revokeSession.mutationOptions(refresh));
  const revokeOthers = useMutation(trpc.account.revokeOtherSessions.mutationOptions(refresh));
  const failed = sessions.error ?? revoke.error ?? revokeOthers.error;
  return (
    <section className="sec" aria-labelledby="sessions">
      <header>
        <h2 id="sessions">Sessions</h2>
        {sessions.data && sessions.data.length > 1 && (
          <div className="end">
            <Button size="s" pending={revokeOthers.isPending} onClick={() => revokeOthers.mutate()}>
              End all others
            </Button>
          </div>
        )}
      </header>
      {failed && <ErrorState error={failed} retry={() => sessions.refetch()} />}
      {sessions.isPending && <Skeleton lines={2} />}
      {sessions.data && (
        <TableRegion label="Table of sessions">
          <table>
            <thead>
              <tr>
                <th scope="col">Browser</th>
                <th scope="col">Address</th>
                <th scope="col">Last seen</th>
                <th scope="col">Signed in</th>
                <th scope="col">
                  <span className="vh">End</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {sessions.data.map((session) => (
                <tr key={session.id}>
                  <td title={session.userAgent}>
                    {browserName(session.userAgent)}
                    {session.current && <span className="three"> this one</span>}
                  </td>
                  <td className="mono two">{session.ip || 'unknown'}</td>
                  <td>{session.current ? 'now' : <When at={session.lastSeenAt} />}</td>
                  <td className="two">
                    <When at={session.createdAt} />
                  </td>
                  <td className="n">
                    {!session.current && (
                      <Button
                        size="s"
                        variant="quiet"
                        pending={revoke.isPending && revoke.variables.sessionId === session.id}
                        onClick={() => revoke.mutate({ sessionId: session.id })}
                      >
                        End
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableRegion>
      )}
    </section>
  );
}
