import type { Metadata } from 'next';
import { Bar } from '#components/frame/bar.tsx';
import { Trainers } from '#components/trainers/trainers.tsx';
import { Hydrate, prefetch, trpc } from '#components/trpc/server.tsx';

export const metadata: Metadata = { title: 'Trainers' };

export default async function TrainersPage() {
  await prefetch(trpc.trainers.list.queryOptions());
  return (
    <Hydrate>
      <Bar label="the server" where="Trainers" tabs={[]} />
      <main id="main">
        <Trainers />
      </main>
    </Hydrate>
  );
}
