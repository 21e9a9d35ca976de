'use client';

import { useQuery } from '@tanstack/react-query';
import { usePathname } from 'next/navigation';
import { Bar } from '../frame/bar.tsx';
import { useTRPC } from '../trpc/client.tsx';

export function CourseBar({ courseId }: { courseId: string }) {
  const trpc = useTRPC();
  const path = usePathname();
  const { data: course } = useQuery(trpc.courses.get.queryOptions({ courseId }));
  const base = `/c/${courseId}`;
  return (
    <Bar
      label={course?.name ?? 'the course'}
      where={course?.name}
      tabs={[
        { href: base, label: course?.isStaff ? 'Class' : 'My team', current: path === base },
        { href: `${base}/people`, label: 'People', note: course?.members.length, current: path === `${base}/people` },
      ]}
    />
  );
}
