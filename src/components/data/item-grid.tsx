import { type CSSProperties, useState } from 'react';
import { marksOf } from '#core/augmentation/point-marks.ts';
import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import type { OpenPart } from '#core/data/sealed-report.ts';
import type { Outputs } from '../trpc/client.tsx';
import { Dialog, Facts } from '../ui/index.ts';
import { imageUrl } from './item-image.ts';
import { Picture } from './picture.tsx';
import { SideLegend } from './side-legend.tsx';

type Item = Outputs['datasets']['items']['items'][number];
type ImageSchema = Extract<DatasetSchema, { image: unknown }>;

/** Thumbnails with labels or keypoints; one opens large. */
export function ItemGrid({
  datasetId,
  part,
  schema,
  items,
}: {
  datasetId: string;
  part: OpenPart;
  schema: ImageSchema;
  items: readonly Item[];
}) {
  const [open, setOpen] = useState<Item | null>(null);
  const { height, width } = schema.image;
  const keypoints = schema.kind === 'image-keypoints';
  const marks = marksOf(schema);
  const side = keypoints ? 104 : Math.min(88, Math.max(46, width));
  const picture = (item: Item, src: string) => (
    <Picture
      src={src}
      alt={item.label === undefined ? item.name : `${item.name}, ${item.label}`}
      height={height}
      width={width}
      marks={marks}
      targets={item.targets}
      eager
    />
  );
  return (
    <>
      <SideLegend marks={marks} />
      <ul className="thumbs" style={{ '--thumb': `${side}px` } as CSSProperties}>
        {items.map((item) => (
          <li key={item.index}>
            <button type="button" onClick={() => setOpen(item)}>
              {picture(item, item.image ?? '')}
              <span>{item.label ?? item.name}</span>
            </button>
          </li>
        ))}
      </ul>
      <Dialog open={open !== null} onOpenChange={(next) => !next && setOpen(null)} title={open?.name ?? ''}>
        {open && (
          <div className="grid gap-4">
            <div className="w-full max-w-[420px]">{picture(open, imageUrl(datasetId, part, open.index))}</div>
            <Facts className="of-points" items={factsOf(open, schema)} />
          </div>
        )}
      </Dialog>
    </>
  );
}

function factsOf(item: Item, schema: ImageSchema): [string, string][] {
  if (schema.kind === 'image-classification') return [['Class', item.label ?? '']];
  return marksOf(schema).map(({ name, x, y }) => {
    const at = [item.targets?.[x] ?? null, item.targets?.[y] ?? null];
    return [name, at.includes(null) ? 'missing' : at.join(', ')];
  });
}
