import { Checkbox, Field } from '#components/ui/index.ts';
import { augmentationNotes } from '#core/augmentation/notes.ts';
import { pointNames } from '#core/augmentation/plan.ts';
import type { AugmentationSpec, Transform } from '#core/augmentation/spec.ts';
import { startAugmentation, TRANSFORM_WORDS } from '#core/remedies/augmentation.ts';
import { NumberInput } from '../number-field.tsx';
import { AugmentationPreview } from './augmentation-preview.tsx';
import { type CardProps, RemedyCard } from './card.tsx';
import { KeypointSwaps } from './keypoint-swaps.tsx';

type Amount = { [T in Transform]: AugmentationSpec[T] extends number ? T : never }[Transform];

const UNITS: Partial<Record<Amount, string>> = {
  rotation: '°',
  cropPadding: 'px',
  shear: '°',
  noise: 'std',
  mixup: 'alpha',
};
const WHERE: Amount[] = ['rotation', 'translation', 'zoom', 'shear', 'cropPadding'];
const LOOKS: Amount[] = ['brightness', 'contrast', 'saturation', 'noise'];
const START_ERASING = { probability: 0.5, area: 0.2 };

export function AugmentationCard({ remedy, draft, context, dataset }: CardProps) {
  const { config, patch } = draft;
  const { schema } = dataset;
  const spec = config.augmentation ?? null;
  const set = (change: Partial<AugmentationSpec>) => spec && patch({ augmentation: { ...spec, ...change } });
  const amount = (name: Amount) =>
    spec && (
      <Field key={name} label={`${sentence(TRANSFORM_WORDS[name])}${UNITS[name] ? `, ${UNITS[name]}` : ''}`}>
        <NumberInput width={52} value={spec[name]} onChange={(value) => set({ [name]: value })} />
      </Field>
    );
  const image = 'image' in schema;
  const grey = image && schema.image.channels === 1;
  const points = pointNames(schema);
  return (
    <RemedyCard
      remedy={remedy}
      wide={image && spec !== null}
      checked={spec !== null}
      onChange={(on) => patch({ augmentation: on ? startAugmentation(context.input) : null })}
      problem={draft.problemUnder('/augmentation')}
      note={spec && augmentationNotes(spec, schema).map((note) => <p key={note}>{note}</p>)}
      aside={
        image &&
        spec && (
          <AugmentationPreview
            spec={spec}
            seed={config.seed}
            accumulate={config.accumulate}
            dataset={{ id: dataset.id, schema }}
          />
        )
      }
    >
      {spec &&
        (image ? (
          <div className="amounts">
            <fieldset>
              <legend>Where it lies</legend>
              {WHERE.map(amount)}
              <Checkbox
                label="Horizontal flip"
                checked={spec.horizontalFlip}
                onChange={(event) => set({ horizontalFlip: event.target.checked })}
              />
              <Checkbox
                label="Vertical flip"
                checked={spec.verticalFlip}
                onChange={(event) => set({ verticalFlip: event.target.checked })}
              />
              {points.length > 0 && (spec.horizontalFlip || spec.verticalFlip) && (
                <KeypointSwaps
                  names={points}
                  swaps={spec.keypointSwaps}
                  onChange={(keypointSwaps) => set({ keypointSwaps })}
                />
              )}
            </fieldset>
            <fieldset>
              <legend>How it looks</legend>
              {LOOKS.filter((name) => !(grey && name === 'saturation')).map(amount)}
            </fieldset>
            <fieldset>
              <legend>Erased and blended</legend>
              <Checkbox
                label="Erase a box"
                checked={spec.erasing !== null}
                onChange={(event) => set({ erasing: event.target.checked ? START_ERASING : null })}
              />
              {spec.erasing && (
                <>
                  <Field label="in a share of">
                    <NumberInput
                      width={52}
                      value={spec.erasing.probability}
                      onChange={(probability) => set({ erasing: { ...spec.erasing!, probability } })}
                    />
                  </Field>
                  <Field label="up to an area of">
                    <NumberInput
                      width={52}
                      value={spec.erasing.area}
                      onChange={(area) => set({ erasing: { ...spec.erasing!, area } })}
                    />
                  </Field>
                </>
              )}
              {amount('mixup')}
            </fieldset>
          </div>
        ) : (
          amount('mixup')
        ))}
    </RemedyCard>
  );
}

const sentence = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
