'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { until } from '#core/format/when.ts';
import { AskDialog } from '../forms/ask-dialog.tsx';
import { useTRPC, useTRPCClient } from '../trpc/client.tsx';
import { Button, Dialog, ErrorState, Skeleton, TableRegion, Tag, When } from '../ui/index.ts';
import { NewToken } from './new-token.tsx';

/** API tokens for scripts and the `holdout` command. */
export function Tokens() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const options = trpc.account.tokens.queryOptions();
  const tokens = useQuery(options);
  const refresh = () => queryClient.invalidateQueries(options);
  const [open, setOpen] = useState(false);
  const now = new Date();
  return (
    <section className="sec" aria-labelledby="tokens">
      <header>
        <h2 id="tokens">API tokens</h2>
        <span className="small three">for scripts and the holdout command</span>
        <div className="end">
          <Dialog
            open={open}
            onOpenChange={setOpen}
            title="New API token"
            trigger={
              <Button size="s" variant="go">
                <Plus className="i" aria-hidden />
                New token
              </Button>
            }
          >
            <NewToken onMade={refresh} />
          </Dialog>
        </div>
      </header>
      {tokens.error && <ErrorState error={tokens.error} retry={() => tokens.refetch()} />}
      {tokens.isPending && <Skeleton lines={2} />}
      {tokens.data?.length === 0 && (
        <p className="three">No token yet. One lets a script read, launch runs or open the test part in your name.</p>
      )}
      {tokens.data && tokens.data.length > 0 && (
        <TableRegion label="Table of API tokens">
          <table>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Begins with</th>
                <th scope="col">May</th>
                <th scope="col">In</th>
                <th scope="col">Last used</th>
                <th scope="col">Expires</th>
                <th scope="col">
                  <span className="vh">Revoke</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {tokens.data.map((token) => (
                <tr key={token.id}>
                  <td>
                    <b>{token.name}</b>
                  </td>
                  <td className="mono two">{token.prefix}…</td>
                  <td>
                    <span className="inline-flex gap-1">
                      {token.scopes.map((scope) => (
                        <Tag key={scope}>{scope}</Tag>
                      ))}
                    </span>
                  </td>
                  <td>{token.project?.name ?? 'every project of yours'}</td>
                  <td>{token.lastUsedAt ? <When at={token.lastUsedAt} /> : <span className="three">never</span>}</td>
                  <td suppressHydrationWarning>
                    {token.expiresAt === null ? (
                      <span className="three">never</span>
                    ) : token.expiresAt <= now ? (
                      <span className="warn">expired</span>
                    ) : (
                      until(token.expiresAt, now)
                    )}
                  </td>
                  <td className="n">
                    <AskDialog
                      title={`Revoke ${token.name}?`}
                      action="Revoke the token"
                      trigger={
                        <Button size="s" variant="quiet">
                          Revoke<span className="vh"> {token.name}</span>
                        </Button>
                      }
                      run={async () => {
                        await client.account.revokeToken.mutate({ tokenId: token.id });
                        await refresh();
                      }}
                    >
                      Scripts that use it stop working at once.
                    </AskDialog>
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
