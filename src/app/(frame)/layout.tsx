import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { PaletteProvider } from '#components/frame/palette.tsx';
import { Rail } from '#components/frame/rail.tsx';
import { ConnectionLine } from '#components/live/connection-line.tsx';
import { currentActor, Hydrate, prefetch, trpc } from '#components/trpc/server.tsx';

/** Everything that needs a person: the rail at the left, the page beside it. */
export default async function FrameLayout({ children }: { children: ReactNode }) {
  if (!(await currentActor())) {
    const path = (await headers()).get('x-holdout-path') ?? '/';
    redirect(path === '/' ? '/signin' : `/signin?next=${encodeURIComponent(path)}`);
  }
  await prefetch(trpc.people.frame.queryOptions());
  return (
    <Hydrate>
      <PaletteProvider>
        <div className="frame">
          <Rail />
          <div className="min-w-0">{children}</div>
        </div>
        <ConnectionLine />
      </PaletteProvider>
    </Hydrate>
  );
}
