import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import type { OpenPart } from '#core/data/sealed-report.ts';
import { useTRPCClient } from '../trpc/client.tsx';
import { Button, ErrorState, Segmented, Select, Skeleton } from '../ui/index.ts';
import { ItemGrid } from './item-grid.tsx';
import { ItemTable } from './item-table.tsx';
import { count } from './words.ts';

const PAGE = { image: 96, 'image-keypoints': 30, table: 25 } as const;

/** Items of train and validation, page by page. The test part has no address here. */
export function ItemBrowser({
  datasetId,
  schema,
  items,
}: {
  datasetId: string;
  schema: DatasetSchema;
  items: { train: number; validation: number };
}) {
  const client = useTRPCClient();
  const [part, setPart] = useState<OpenPart>('train');
  const [label, setLabel] = useState('');
  const limit = PAGE[schema.kind === 'image-keypoints' ? schema.kind : 'image' in schema ? 'image' : 'table'];
  const query = useInfiniteQuery({
    queryKey: ['dataset-items', datasetId, part, label],
    queryFn: ({ pageParam }) =>
      client.datasets.items.query({ datasetId, part, from: pageParam, limit, ...(label && { label }) }),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const seen = pages.reduce((sum, page) => sum + page.items.length, 0);
      return seen < last.total ? seen : undefined;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const shown = query.data?.pages.flatMap((page) => page.items) ?? [];
  const total = query.data?.pages[0]?.total ?? 0;
  return (
    <section className="sec">
      <header>
        <h2>Items</h2>
        <Segmented
          label="Part"
          options={[
            { value: 'train', label: `Train ${count(items.train)}` },
            { value: 'validation', label: `Validation ${count(items.validation)}` },
          ]}
          value={part}
          onChange={setPart}
        />
        {'classes' in schema && (
          <Select
            aria-label="Class"
            className="h-[26px]"
            value={label}
            onChange={(event) => setLabel(event.target.value)}
          >
            <option value="">All classes</option>
            {schema.classes.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        )}
        {total > 0 && (
          <span className="end small three">
            shuffled; 1 to {count(shown.length)} of {count(total)}
          </span>
        )}
      </header>
      {query.isPending ? (
        <Skeleton lines={6} />
      ) : query.error ? (
        <ErrorState title="The items could not be read." error={query.error} retry={() => query.refetch()} />
      ) : 'image' in schema ? (
        <ItemGrid datasetId={datasetId} part={part} schema={schema} items={shown} />
      ) : (
        <ItemTable schema={schema} items={shown} />
      )}
      {query.hasNextPage && (
        <p className="mt-4">
          <Button size="s" pending={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
            Show {count(Math.min(limit, total - shown.length))} more
          </Button>
        </p>
      )}
    </section>
  );
}
