import { Field, Select } from '#components/ui/index.ts';
import { dropoutPlaces, dropoutRates, withDropout, withDropoutRates, withoutDropout } from '#core/config/dropout.ts';
import { layerNames } from '#core/model/names.ts';
import type { ModelSpec } from '#core/model/spec.ts';
import { START_DROPOUT } from '#core/remedies/dropout.ts';
import { NumberInput } from '../number-field.tsx';
import { type CardProps, RemedyCard } from './card.tsx';

export function DropoutCard({ remedy, draft }: CardProps) {
  const { config, patch, problemAt } = draft;
  const rates = dropoutRates(config.model);
  const names = namesOf(config.model);
  const places = names ? dropoutPlaces(config.model, names) : [];
  const at = config.model.layers.findIndex((l) => l.type === 'dropout');
  const after = names && at > 0 ? names[at - 1]! : places.at(-1);
  const put = (place: string, rate: number) =>
    names && patch({ model: withDropout(config.model, config.model.layers[names.indexOf(place)]!, rate) });
  const setRate = (rate: number) => patch({ model: withDropoutRates(config.model, () => rate) });
  return (
    <RemedyCard
      remedy={remedy}
      checked={rates.length > 0}
      disabled={rates.length === 0 && places.length === 0}
      onChange={(on) => (on ? put(places.at(-1)!, START_DROPOUT) : patch({ model: withoutDropout(config.model) }))}
      problem={rates.length === 1 ? problemAt(`/model/layers/${at}/rate`) : undefined}
      note={rates.length === 0 && places.length === 0 && 'This model has no hidden layer that it could follow.'}
    >
      {rates.length > 1 ? (
        <span>
          {rates.length} layers, {Math.min(...rates)} to {Math.max(...rates)}. Edit them in the layers.
        </span>
      ) : (
        <>
          <Field label="Rate">
            <NumberInput width={60} value={rates[0] ?? START_DROPOUT} onChange={setRate} />
          </Field>
          {after && places.includes(after) && (
            <Field label="After">
              <Select value={after} onChange={(event) => put(event.target.value, rates[0]!)}>
                {places.map((place) => (
                  <option key={place}>{place}</option>
                ))}
              </Select>
            </Field>
          )}
        </>
      )}
    </RemedyCard>
  );
}

/** null while two layers share a name */
function namesOf(model: ModelSpec): string[] | null {
  try {
    return layerNames(model);
  } catch {
    return null;
  }
}
