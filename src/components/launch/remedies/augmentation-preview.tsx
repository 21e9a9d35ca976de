import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { PointOverlay } from '#components/data/picture.tsx';
import { SideLegend } from '#components/data/side-legend.tsx';
import { useTRPCClient } from '#components/trpc/client.tsx';
import { Button, cx, ErrorState, Skeleton } from '#components/ui/index.ts';
import { planAugmentation } from '#core/augmentation/plan.ts';
import { marksOf, type PointMark } from '#core/augmentation/point-marks.ts';
import { PREVIEW_ITEMS, type PreviewItem, previewItems, scaledPlan } from '#core/augmentation/preview.ts';
import { type AugmentationSpec, augmentationSchema } from '#core/augmentation/spec.ts';
import { shareWords, twoShares } from '#core/augmentation/two-shares.ts';
import { type DatasetSchema, inputOf } from '#core/data/dataset-schema.ts';
import { decodePixels } from './decode-pixels.ts';

type ImageSchema = Extract<DatasetSchema, { image: unknown }>;

/** Sixteen items of the train part as a step of this run would see them, drawn anew as the amounts change. Computed in the browser. */
export function AugmentationPreview({
  spec,
  seed,
  accumulate,
  dataset,
}: {
  spec: AugmentationSpec;
  seed: number;
  /** batches of a step, each with draws of its own; the first is shown */
  accumulate: number;
  dataset: { id: string; schema: ImageSchema };
}) {
  const client = useTRPCClient();
  const { schema } = dataset;
  const [step, setStep] = useState(0);
  const query = useQuery({
    queryKey: ['augmentation-preview', dataset.id],
    queryFn: async () => {
      const { items } = await client.datasets.items.query({
        datasetId: dataset.id,
        part: 'train',
        limit: PREVIEW_ITEMS,
      });
      return Promise.all(
        items.map(async ({ name, label, targets, image }) => ({
          name,
          label,
          targets: Float32Array.from(targets ?? [], (v) => v ?? Number.NaN),
          ...(await decodePixels(image ?? '', schema.image.channels)),
        })),
      );
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const given = augmentationSchema.safeParse(useDeferredValue(spec));
  const parsed = given.success ? given.data : null;
  const key = JSON.stringify(parsed);
  const items = query.data;
  const swaps = spec.keypointSwaps;
  const marks = useMemo(() => marksOf(schema, swaps), [schema, swaps]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` is what `parsed` says
  const shown = useMemo(() => {
    const plan = parsed && planAugmentation(parsed, schema, inputOf(schema));
    if (!items?.[0] || !plan) return null;
    const { height, width } = items[0];
    const scale = width / schema.image.width;
    const scaled = items.map((item) => ({ ...item, targets: item.targets.map((v) => v * scale) }));
    return previewItems(scaledPlan(plan, { height, width }, scale), scaled, seed || 0, step * (accumulate || 1));
  }, [items, key, schema, seed, accumulate, step]);

  if (query.isPending) return <Skeleton lines={6} />;
  if (query.error)
    return <ErrorState title="The preview could not be made." error={query.error} retry={() => query.refetch()} />;
  return (
    <figure className={cx('augmented', parsed !== null && parsed.mixup > 0 && 'blended')}>
      <SideLegend marks={marks} />
      {!shown || !items ? (
        <p className="small two">
          {parsed ? 'Every amount is 0: items stay as they are.' : 'Shown once the amounts are right.'}
        </p>
      ) : (
        <ul>
          {shown.map((item, i) => (
            <li key={items[i]!.name}>
              <AugmentedPicture
                item={item}
                name={items[i]!.name}
                size={items[i]!}
                channels={schema.image.channels}
                marks={marks}
              />
              <Caption item={item} label={items[i]!.label} partner={items[item.partner]!.label} />
            </li>
          ))}
        </ul>
      )}
      <figcaption>
        Train items as step {step + 1} would see them.
        <Button size="s" variant="quiet" onClick={() => setStep(step + 1)}>
          Draw again
        </Button>
      </figcaption>
    </figure>
  );
}

/** Its class, or the shares of two, the larger first. */
function Caption({
  item: { share },
  label,
  partner,
}: {
  item: PreviewItem;
  label?: string | undefined;
  partner?: string | undefined;
}) {
  if (label === undefined || partner === undefined) return null;
  return <span className="of">{shareWords(twoShares(share, label, partner)).join('\n')}</span>;
}

function AugmentedPicture({
  item,
  name,
  size: { height, width },
  channels,
  marks,
}: {
  item: PreviewItem;
  name: string;
  size: { height: number; width: number };
  channels: number;
  marks: readonly PointMark[];
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const data = new ImageData(width, height);
    for (let p = 0; p < height * width; p++)
      for (let k = 0; k < 4; k++)
        data.data[4 * p + k] =
          k === 3 && channels < 4 ? 255 : Math.round(255 * item.x[p * channels + (channels === 1 ? 0 : k)]!);
    canvas.current?.getContext('2d')?.putImageData(data, 0, 0);
  }, [item, height, width, channels]);
  return (
    <span className={cx('pic', width <= 128 && 'hard')} style={{ aspectRatio: `${width} / ${height}` }}>
      <canvas ref={canvas} width={width} height={height} role="img" aria-label={`${name}, augmented`} />
      <PointOverlay height={height} width={width} marks={marks} targets={Array.from(item.targets)} />
    </span>
  );
}
