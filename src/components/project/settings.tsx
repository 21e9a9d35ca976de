'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { z } from 'zod';
import { day } from '#core/format/when.ts';
import { projectName } from '#core/people/inputs.ts';
import { AskDialog } from '../forms/ask-dialog.tsx';
import { useSubmit, useZodForm } from '../forms/use-zod-form.ts';
import { LOCK_WORDS } from '../frame/lock-mark.tsx';
import { useTRPC, useTRPCClient } from '../trpc/client.tsx';
import { Button, ErrorState, Facts, Field, Input, PageHead, Skeleton } from '../ui/index.ts';

export function ProjectSettings({ projectId }: { projectId: string }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const { data: project, error, refetch } = useQuery(trpc.projects.get.queryOptions({ projectId }));
  const refresh = () => queryClient.invalidateQueries();
  const restore = useMutation(trpc.projects.archive.mutationOptions({ onSuccess: refresh }));
  if (error) return <ErrorState error={error} retry={() => refetch()} />;
  if (!project) return <Skeleton />;
  return (
    <>
      <PageHead title="Settings" />
      <div className="sections mt-6">
        <section className="sec" aria-labelledby="facts">
          <header>
            <h2 id="facts">Project</h2>
          </header>
          <Facts
            items={[
              ['Course', project.course.name],
              ['Team', project.team.name],
              ['Made', day(project.createdAt, new Date())],
              ['Test part', LOCK_WORDS[project.lock]],
              ['Id', <code key="id">{project.id}</code>],
            ]}
          />
          <p className="small three mt-3">
            People and teams are set by the instructors, under{' '}
            <Link href={`/c/${project.course.id}/people`}>People</Link>. Tokens for this project are made under{' '}
            <Link href="/account">Account</Link>.
          </p>
        </section>
        {project.canManage ? (
          <>
            {!project.archivedAt && (
              <Rename
                key={project.name}
                name={project.name}
                save={async (name) => {
                  await client.projects.rename.mutate({ projectId, name });
                  await refresh();
                }}
              />
            )}
            <section className="sec" aria-labelledby="archive">
              <header>
                <h2 id="archive">{project.archivedAt ? 'Archived' : 'Archive'}</h2>
              </header>
              {project.archivedAt ? (
                <div className="stack max-w-[62ch]">
                  <p>
                    Archived on {day(project.archivedAt, new Date())}. It can be read, not changed. Restoring brings it
                    back into the rail and lets it train again.
                  </p>
                  {restore.error && <ErrorState error={restore.error} />}
                  <div>
                    <Button pending={restore.isPending} onClick={() => restore.mutate({ projectId, archived: false })}>
                      Restore the project
                    </Button>
                  </div>
                </div>
              ) : (
                <div className="stack max-w-[62ch]">
                  <p className="two">
                    An archived project leaves the rail and can be read, not changed. Nothing is deleted; you can
                    restore it here.
                  </p>
                  <div>
                    <AskDialog
                      title={`Archive ${project.name}?`}
                      action="Archive the project"
                      trigger={<Button variant="danger">Archive the project</Button>}
                      run={async () => {
                        await client.projects.archive.mutate({ projectId, archived: true });
                        await refresh();
                      }}
                    >
                      It leaves the rail of everyone in the team, and can be read but not changed until somebody
                      restores it.
                    </AskDialog>
                  </div>
                </div>
              )}
            </section>
          </>
        ) : (
          <p className="three">Members of the team and instructors of the course may rename and archive it.</p>
        )}
      </div>
    </>
  );
}

function Rename({ name, save }: { name: string; save: (name: string) => Promise<unknown> }) {
  const [saved, setSaved] = useState(false);
  const form = useZodForm(z.object({ name: projectName }), { name });
  const { onSubmit, busy, failure } = useSubmit(form, async (input) => {
    await save(input.name);
    setSaved(true);
  });
  return (
    <section className="sec" aria-labelledby="rename">
      <header>
        <h2 id="rename">Name</h2>
      </header>
      <form noValidate onSubmit={onSubmit} className="stack max-w-[400px]">
        {failure !== null && <ErrorState error={failure} />}
        <Field label="Name of the project" error={form.formState.errors.name?.message}>
          <Input autoComplete="off" {...form.register('name', { onChange: () => setSaved(false) })} />
        </Field>
        <div className="flex items-center gap-3">
          <Button type="submit" pending={busy}>
            Rename
          </Button>
          <span role="status" className="good small">
            {saved && 'Saved'}
          </span>
        </div>
      </form>
    </section>
  );
}
