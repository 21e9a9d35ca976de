import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { DatasetSchema } from '#core/data/dataset-schema.ts';
import type { SealedReport } from '#core/data/sealed-report.ts';
import { Button } from '../ui/index.ts';
import { imageUrl } from './item-image.ts';
import { Picture } from './picture.tsx';
import { counted } from './words.ts';

const SHOWN = 5;

/** Equal items in train and validation; those of the test part stay sealed, and so does their number. */
export function Duplicates({
  datasetId,
  schema,
  duplicates,
}: {
  datasetId: string;
  schema: DatasetSchema;
  duplicates: SealedReport['duplicates'];
}) {
  const [all, setAll] = useState(false);
  const { groups, conflicts, first } = duplicates;
  const same = 'image' in schema ? 'Same pixels' : 'Same values';
  return (
    <section className="sec">
      <header>
        <h2>Duplicates</h2>
        <span className="end small two">{groups ? counted(groups, 'group') : 'none'} in train and validation</span>
      </header>
      <p className="small two">
        Equal items always land in the same part, or a test item would be known by heart. Those in the test part stay
        sealed, and so does their number.
      </p>
      <ul className="mt-2">
        {(all ? first : first.slice(0, SHOWN)).map((group) => (
          <li key={`${group.part} ${group.items[0]}`} className="dup">
            {'image' in schema &&
              group.items
                .slice(0, 2)
                .map((item, k) => (
                  <Picture
                    key={item}
                    src={imageUrl(datasetId, group.part, item)}
                    alt={group.names[k] ?? ''}
                    height={schema.image.height}
                    width={schema.image.width}
                  />
                ))}
            <span>
              {group.labels.length > 1 ? `${same} under ${group.labels.length} labels` : same}
              <small className="mono">{group.names.join(' = ')}</small>
            </span>
          </li>
        ))}
      </ul>
      {first.length > SHOWN && !all && (
        <Button size="s" className="mt-3" onClick={() => setAll(true)}>
          Show {first.length - SHOWN} more
        </Button>
      )}
      {conflicts > 0 && (
        <div className="say">
          <TriangleAlert className="i warn" aria-hidden />
          <p>
            <b className="warn">{counted(conflicts, 'group')} with more than one label.</b> One of the labels is wrong.
            It costs little, but no model can get both right.
          </p>
        </div>
      )}
    </section>
  );
}
